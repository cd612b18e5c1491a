"""Convert a network so that its weights are dequantised once, not at each step.

The file holds int8 weights with scales and offsets, and dequantisation as nodes of the graph. ONNX
Runtime executes its own format as it is; a network in ONNX format it optimises when it is loaded,
which folds these nodes into constants.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx

MAIN = "main"


def unpack(path: Path) -> bytes:
    """The network of a file in ONNX Runtime's format, converted to ONNX."""
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
    """Name a graph and those inside it: ONNX requires names, which the other format lacks."""
    graph.name = graph.name or name
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                _name_graphs(attribute.g, f"{name}.{attribute.name}")
