"""Reads and writes caption files, for the commands and the library."""

import os
from pathlib import Path

from pipeline.errors import MediaError


def read_captions(path: Path) -> tuple[str, str]:
    """The text and the format of a caption file.

    Raises:
        MediaError: the file can't be read, or is neither WebVTT nor SubRip.
    """
    from pipeline.captions.formats import find_format
    from pipeline.media.text_file import read_text_file

    text = read_text_file(path)
    if not text.strip():
        raise MediaError(str(path), "the file is empty", "name a caption file")
    form = find_format(text, path.name)
    if form is None:
        raise MediaError(str(path), "neither WebVTT nor SubRip", "name a caption file")
    return text, form


def replace_text(path: Path, text: str) -> None:
    """Write a file atomically.

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
