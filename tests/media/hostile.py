"""Makes recordings that try to have another file of this machine read."""

import struct
from collections.abc import Iterator
from pathlib import Path

_PARENTS = (b"moov", b"trak", b"mdia", b"minf", b"dinf")


def refer_elsewhere(movie: bytes, path: Path) -> bytes:
    """A QuickTime movie whose sound lies in another file, by an alias in its data reference.

    The movie's own boxes come after its samples, so that offsets stay as they are.
    """
    return b"".join(_rewrite(movie, _alias(path)))


def _rewrite(boxes: bytes, entry: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(boxes):
        n_bytes, name = struct.unpack_from(">I4s", boxes, at)
        content = boxes[at + 8 : at + n_bytes]
        if name in _PARENTS:
            content = b"".join(_rewrite(content, entry))
        elif name == b"dref":
            content = struct.pack(">II", 0, 1) + entry
        yield struct.pack(">I4s", 8 + len(content), name) + content
        at += n_bytes


def _alias(path: Path) -> bytes:
    """A Macintosh alias record of version 2 with nothing in it but an absolute path."""
    name = str(path).encode()
    name += b"\0" * (len(name) % 2)
    record = bytes(10) + bytes(28) + bytes(12) + bytes(64) + bytes(16)
    record += struct.pack(">hh", -1, -1) + bytes(16)
    record += struct.pack(">hH", 2, len(name)) + name + struct.pack(">hH", -1, 0)
    content = struct.pack(">I", 0) + record
    return struct.pack(">I4s", 8 + len(content), b"alis") + content
