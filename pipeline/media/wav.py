"""Memory-mapped reading of 16-bit mono WAV files.

Not here: any other audio file (see `decode.py`).
"""

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.errors import MediaError

Samples = npt.NDArray[np.int16]


def read_samples(path: Path) -> Samples:
    """The samples, memory-mapped read-only: (n_samples,) int16.

    Raises:
        MediaError: not a 16-bit mono WAV file, or truncated.
    """
    try:
        first_byte, n_bytes = _find_samples(path)
        n_there = path.stat().st_size - first_byte
    except (OSError, EOFError, struct.error) as error:
        raise MediaError(str(path), f"not 16-bit mono WAV ({error})", "run ingest again") from error
    if n_there < n_bytes:
        raise MediaError(str(path), f"cut off, {n_bytes - n_there} bytes short", "run ingest again")
    if n_bytes < 2:
        return np.zeros(0, np.int16)
    return np.memmap(path, dtype="<i2", mode="r", offset=first_byte, shape=(n_bytes // 2,))


def _find_samples(path: Path) -> tuple[int, int]:
    """Offset and size of the samples in bytes; the `wave` module doesn't give the offset."""
    with path.open("rb") as file:
        riff, _, form = struct.unpack("<4sI4s", file.read(12))
        if (riff, form) != (b"RIFF", b"WAVE"):
            raise EOFError("no RIFF header")
        while True:
            name, n_bytes = struct.unpack("<4sI", file.read(8))
            if name == b"data":
                return file.tell(), n_bytes
            if name == b"fmt ":
                coding, n_channels, _, _, _, n_bits = struct.unpack("<HHIIHH", file.read(16))
                if (coding, n_channels, n_bits) != (1, 1, 16):
                    raise EOFError(f"{n_channels} channels of {n_bits} bits")
                n_bytes -= 16
            file.seek(n_bytes + n_bytes % 2, 1)
