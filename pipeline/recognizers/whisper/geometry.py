"""The size of a Whisper model, read from the header of each array in its `model.bin`.

No weights are loaded. The format is CTranslate2's, `binary_version` 6.
"""

import json
import math
import struct
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import EngineError
from pipeline.records import record

_BINARY_VERSION = 6
_WEIGHT = "decoder/layer_{}/attention/linear_0/weight"
_N_HEADS = "decoder/num_heads"


@record
class Geometry:
    """The decoder's number of layers and heads, its width, and the model's number of weights."""

    n_layers: int
    n_heads: int
    width: int
    n_weights: int


def read_geometry(folder: Path) -> Geometry | None:
    """The geometry of a model; None if the file has another format."""
    try:
        with (folder / "model.bin").open("rb") as file:
            return _read(file)
    except (OSError, struct.error, UnicodeDecodeError):
        return None


def check_alignment_heads(folder: Path, geometry: Geometry) -> None:
    """Reject alignment heads that the model lacks: CTranslate2 does not check them, and crashes.

    Raises:
        EngineError: config.json names a layer or head that does not exist.
    """
    try:
        heads = json.loads((folder / "config.json").read_text()).get("alignment_heads") or ()
        lacking = [
            [layer, head]
            for layer, head in heads
            if not (0 <= layer < geometry.n_layers and 0 <= head < geometry.n_heads)
        ]
    except (OSError, AttributeError, TypeError, ValueError):
        return
    if lacking:
        size = f"{geometry.n_layers} layers of {geometry.n_heads} heads"
        problem = f"alignment_heads names {lacking[0]}, and the model has {size}"
        remedy = "mend config.json, or convert the model again"
        raise EngineError(str(folder), problem, remedy)


def _read(file: BinaryIO) -> Geometry | None:
    (version,) = _unpack(file, "<I")
    if version != _BINARY_VERSION or _name(file) != "WhisperSpec":
        return None
    _, n_arrays = _unpack(file, "<II")
    shape_by_name: dict[str, tuple[int, ...]] = {}
    n_weights = n_heads = 0
    for _ in range(n_arrays):
        name = _name(file)
        (rank,) = _unpack(file, "<B")
        shape = _unpack(file, f"<{rank}I")
        _, n_bytes = _unpack(file, "<BI")
        shape_by_name[name] = shape
        if name == _N_HEADS:
            n_heads = int.from_bytes(file.read(n_bytes), "little")
        else:
            file.seek(n_bytes, 1)
        if name.endswith("/weight"):
            n_weights += math.prod(shape)
    n_layers = 0
    while _WEIGHT.format(n_layers) in shape_by_name:
        n_layers += 1
    if not n_layers or not n_heads:
        return None
    return Geometry(n_layers, n_heads, shape_by_name[_WEIGHT.format(0)][-1], n_weights)


def _name(file: BinaryIO) -> str:
    (n_bytes,) = _unpack(file, "<H")
    return file.read(n_bytes).rstrip(b"\0").decode()


def _unpack(file: BinaryIO, layout: str) -> tuple[int, ...]:
    return struct.unpack(layout, file.read(struct.calcsize(layout)))
