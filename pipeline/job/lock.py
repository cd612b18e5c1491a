"""A lock (flock) so that one run at a time works on an output folder; it ends with the process."""

import contextlib
import errno
import fcntl
import os
from collections.abc import Generator
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.job.ownership import CACHE_NAME, LOCK_NAME
from pipeline.job.report import read_item_reports
from pipeline.job.stage import Job

_READ_ONLY = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextlib.contextmanager
def hold_lock(output: Path) -> Generator[bool]:
    """Hold the lock of an output folder.

    Yields whether the folder can be written: a read-only one that exists is accepted, since a run
    that has nothing to do needs no lock.

    Raises:
        ConfigError: another run holds the lock, or the folder can't be made.
    """
    try:
        handle = _open(output)
    except OSError as error:
        if error.errno in _READ_ONLY and output.is_dir():
            yield False
            return
        problem = f"can't be written ({error.strerror})"
        raise ConfigError(str(output), problem, "choose another output folder") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
            problem = f"another run (process {holder}) is at work here"
            remedy = "wait for it, or choose another output folder"
            raise ConfigError(str(output), problem, remedy) from error
        _write_holder(output, handle)
        yield True
    finally:
        os.close(handle)


def _write_holder(output: Path, handle: int) -> None:
    """Write whose lock it is.

    Raises:
        ConfigError: the disk is full.
    """
    try:
        os.truncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    except OSError as error:
        problem = f"can't be written ({error.strerror})"
        raise ConfigError(str(output), problem, "make room there") from error


def check_others(job: Job) -> None:
    """Refuse a job while another run is at work on one of its items: that has a lock of its own.

    Raises:
        ConfigError: one is, on an item's folder by itself or on the folder that holds it.
    """
    for item in job.chosen:
        is_alone = item.folder == job.output
        other = item.folder.parent if is_alone else item.folder
        if is_locked(other) and (not is_alone or item.folder.name in read_item_reports(other)):
            problem = "another run is at work here"
            raise ConfigError(str(item.folder), problem, "wait for it to end")


def is_locked(output: Path) -> bool:
    """Whether a run holds the lock of an output folder."""
    try:
        handle = os.open(_path(output), os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _path(output: Path) -> Path:
    return output / CACHE_NAME / LOCK_NAME


def _open(output: Path) -> int:
    _path(output).parent.mkdir(parents=True, exist_ok=True)
    return os.open(_path(output), os.O_RDWR | os.O_CREAT, 0o666)
