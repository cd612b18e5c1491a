"""Paths as users write them: `~`, URLs, names too long for a file system."""

import os
import re
import stat
from pathlib import Path

from pipeline.errors import ConfigError

MAX_NAME_BYTES = 255
"""Longest name of a file or folder: NAME_MAX of the usual file systems."""
MAX_PATH_BYTES = 3_500
"""Longest path of an output folder: PATH_MAX of Linux is 4,096, and files lie below it."""

NOT_FETCHED = ("an address is not fetched", "download it first, and name the file")
"""Problem and remedy for a URL where a file is expected."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
"""`https://…`, `s3://…`; `Path` leaves one slash of two. A single letter is a drive."""


def expand_home(name: str) -> str:
    """The path with a leading `~` or `~user` expanded; an unknown user's stays as it is."""
    return os.path.expanduser(name)  # noqa: PTH111


def is_address(name: str) -> bool:
    """Whether a name is a URL and not that of an existing file."""
    return _ADDRESS.match(name) is not None and not exists(Path(name))


def exists(path: Path) -> bool:
    """Whether a file or folder exists; False also for a name that the system refuses."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def find_length_problem(path: Path) -> str:
    """Which part of a path is too long to be made; empty if none is."""
    if any(len(os.fsencode(part)) > MAX_NAME_BYTES for part in path.parts):
        return f"a name in it is longer than {MAX_NAME_BYTES} bytes"
    if len(os.fsencode(path)) > MAX_PATH_BYTES:
        return f"longer than {MAX_PATH_BYTES} bytes"
    return ""


def tidy(path: Path) -> Path:
    """The absolute path without `..`; a symlink keeps its own name, which the user knows."""
    return path.parent.resolve() / path.name


def check_source(path: Path) -> None:
    """Check that a file can be opened, before a command starts on it.

    Raises:
        ConfigError: it can't be opened.
    """
    if is_address(str(path)):
        raise ConfigError(str(path), *NOT_FETCHED)
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            problem = "is a folder" if stat.S_ISDIR(kind) else "a pipe or a device"
            raise ConfigError(str(path), problem, "name a file")
        path.open("rb").close()
    except FileNotFoundError as error:
        raise ConfigError(str(path), "no such file", "check the path") from error
    except OSError as error:
        problem = f"can't be read ({error.strerror})"
        raise ConfigError(str(path), problem, "check the file and who may read it") from error
