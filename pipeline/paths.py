"""Paths as people write them: `~`, addresses of the network, names that no disk can hold.

Reads no file.
"""

import os
import re
import stat
from pathlib import Path

from pipeline.errors import ConfigError

MAX_NAME_BYTES = 255
"""Of a file's or a folder's name: NAME_MAX of every usual file system."""
MAX_PATH_BYTES = 3_500
"""Of an output folder's path: Linux takes 4,096 (PATH_MAX), and files lie below it."""

NOT_FETCHED = ("an address is not fetched", "download it first, and name the file")
"""What is wrong with an address in a file's place, and what to do."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
"""`https://…`, `s3://…`; a `Path` of it has one slash left. One letter alone is a drive."""


def expand_home(name: str) -> str:
    """The path with `~` or `~user` at its beginning spelt out; of a user nobody knows it stays."""
    return os.path.expanduser(name)  # noqa: PTH111


def is_address(name: str) -> bool:
    """Whether a name is an address of the network, and no file here is called so."""
    return _ADDRESS.match(name) is not None and not exists(Path(name))


def exists(path: Path) -> bool:
    """Whether there is such a file or folder; a name that no disk can hold is not there."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def find_length_problem(path: Path) -> str:
    """What of a path is too long to be made; empty where nothing is."""
    if any(len(os.fsencode(part)) > MAX_NAME_BYTES for part in path.parts):
        return f"a name in it is longer than {MAX_NAME_BYTES} bytes"
    if len(os.fsencode(path)) > MAX_PATH_BYTES:
        return f"longer than {MAX_PATH_BYTES} bytes"
    return ""


def tidy(path: Path) -> Path:
    """The absolute path without `..`; a link keeps its own name, by which a person knows it."""
    return path.parent.resolve() / path.name


def check_source(path: Path) -> None:
    """Open a file that a command is about, so that nothing is begun that is bound to fail.

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
