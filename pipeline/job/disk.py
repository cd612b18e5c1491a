"""File operations: check, hash, write atomically, flush. Knows no seal and no step."""

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import MediaError, StepError

CHUNK_BYTES = 1 << 20
"""Bytes read at a time: so many that the time goes into SHA-256, not into the calls."""


def check_file(path: Path) -> os.stat_result:
    """Check that a file can be opened, without reading it.

    Raises:
        MediaError: it is not there, is no file, or can't be opened.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise MediaError(str(path), "is a folder", "name a file in it, or use a glob")
        if not stat.S_ISREG(found.st_mode):
            # Opening a pipe waits for its other end, and a device may have no end.
            raise MediaError(str(path), "a pipe or a device", "save it as a file first")
        path.open("rb").close()
    except (OSError, ValueError) as error:
        raise _explain(path, error) from error
    return found


def hash_file(path: Path, tell: Callable[[int], None] = lambda n_bytes: None) -> str:
    """The SHA-256 (hex) of a file's bytes; `tell` is called with the number of each part read.

    Raises:
        MediaError: there is no such file, or it can't be read.
    """
    check_file(path)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                tell(len(chunk))
    except OSError as error:
        raise _explain(path, error) from error
    return digest.hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old or the new one, never half of it.

    Raises:
        StepError: it can't be written.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        problem = f"can't be written ({error.strerror})"
        raise StepError(str(path), problem, "check the disk and who may write there") from error


def flush(path: Path) -> None:
    """Flush a file or a folder to the disk (fsync), so that later writes come after it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _explain(path: Path, error: OSError | ValueError) -> MediaError:
    """The one-line error for a file that can't be read."""
    if isinstance(error, FileNotFoundError):
        remedy = "check the path (relative to the job file)"
        return MediaError(str(path), "no such file", remedy)
    reason = error.strerror if isinstance(error, OSError) else error
    problem = f"can't be read ({reason})"
    return MediaError(str(path), problem, "check the file and who may read it")
