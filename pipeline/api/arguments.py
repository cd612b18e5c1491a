"""Checks of arguments that are no options of a job file: paths, words, names, callbacks.

Options are checked in `pipeline/single_item.py`.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.records import TimedText


def take_path(name: str, value: object) -> Path:
    """The path that an argument names.

    Raises:
        ConfigError: it is neither text nor a path of text.
    """
    if isinstance(value, str | os.PathLike) and isinstance(path := os.fspath(value), str):
        return Path(path)
    raise _refuse(name, value, "path", "give a str or a pathlib.Path")


def check_words(value: object) -> None:
    """Refuse an argument `words` that is no TimedText.

    Raises:
        ConfigError: it is something else.
    """
    if not isinstance(value, TimedText):
        remedy = "give what align, transcribe or read_words returns"
        raise _refuse("words", value, "TimedText", remedy)


def check_callback(name: str, value: object) -> None:
    """Refuse an argument that can't be called, and is not None.

    Raises:
        ConfigError: it is something else.
    """
    if value is not None and not callable(value):
        raise _refuse(name, value, "function", "give one, or None")


def take_names(name: str, value: object) -> tuple[str, ...]:
    """The names in an argument.

    Raises:
        ConfigError: it is no sequence of texts; a single text is none.
    """
    names = value if isinstance(value, Sequence) and not isinstance(value, str | bytes) else (None,)
    if all(isinstance(one, str) for one in names):
        return tuple(names)
    raise _refuse(name, value, "list of names", 'give one: ["a", "b"]')


def _refuse(name: str, value: object, wanted: str, remedy: str) -> ConfigError:
    return ConfigError(name, f"a {type(value).__name__} is no {wanted}", remedy)
