"""A network whose weights are unpacked once, not at each step.

The file keeps them as bytes, each with a factor and an offset, and says how they become numbers as
a part of the network. In its own format, the library that runs it takes that as it is; a network
in the exchange format it simplifies when it is loaded, and there the weights are numbers for good.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx

MAIN = "main"


def unpack(path: Path) -> bytes:
    """The network in a file of ONNX Runtime's format, in that of ONNX."""
    import onnx
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.add_session_config_entry("session.save_model_format", "ONNX")
    with TemporaryDirectory() as folder:
        options.optimized_model_filepath = str(Path(folder) / "model.onnx")
        onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        model = onnx.load(options.optimized_model_filepath)
    _name_graphs(model.graph, MAIN)
    network: bytes = model.SerializeToString()
    return network


def _name_graphs(graph: "onnx.GraphProto", name: str) -> None:
    """Name a graph and those inside it: one format knows no names, the other wants them."""
    graph.name = graph.name or name
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                _name_graphs(attribute.g, f"{name}.{attribute.name}")
