"""Reads and writes text files of the user: UTF-8, or an error that says what it is instead."""

import os
from pathlib import Path

from pipeline.errors import MediaError

MAX_BYTES = 20_000_000
"""The largest text file, about a hundred hours of speech."""

_BYTE_ORDER_MARKS = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def read_text_file(path: Path) -> str:
    r"""The text, its lines ended by `\n`, without a byte order mark.

    Raises:
        MediaError: as `read_exact_text`.
    """
    text = read_exact_text(path).removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_exact_text(path: Path) -> str:
    """The text with its byte order mark and line ends, so that it can be written back as it was.

    Raises:
        MediaError: missing, too large, binary, or in another encoding.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        problem = "no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise MediaError(str(path), problem or "unreadable", "check the path") from error
    if len(content) > MAX_BYTES:
        raise MediaError(str(path), "too large to be a text", "check which file it is")
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            raise MediaError(str(path), f"{encoding} text", "save it as UTF-8")
    if b"\0" in content:
        problem = f"not text (a zero at byte {content.index(0)})"
        raise MediaError(str(path), problem, "save it as UTF-8 text")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 text (byte {error.start})"
        raise MediaError(str(path), problem, "save it as UTF-8 text") from error


def write_text_file(path: Path, text: str) -> None:
    """Write a file atomically, its line ends as they are in the text.

    Raises:
        MediaError: it can't be written.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        os.replace(beside, path)  # noqa: PTH105
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise MediaError(str(path), error.strerror or "unwritable", "check the path") from error
