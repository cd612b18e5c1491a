"""The decorator `command`: options grouped in records, errors turned into exit codes.

The shared options are in `options.py`, the exit codes in `exits.py`.
"""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Any, get_type_hints

from pipeline.cli.exits import ending_well
from pipeline.cli.options import Display
from pipeline.errors import ConfigError
from pipeline.paths import expand_home

_SURROGATE = re.compile("[\ud800-\udfff]")
"""Surrogates: what Python decodes bytes of an argument to that are not UTF-8."""


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Make a command of a function whose parameters are records: each field becomes an option.

    So options that several commands share, such as -q, --json and --debug, are defined once.
    One of the records is the `Display`, which says how errors are shown; help lists it last.
    """
    kinds = get_type_hints(function, include_extras=True)
    groups: dict[str, Any] = {name: kind for name, kind in kinds.items() if is_dataclass(kind)}
    parameters = list(inspect.signature(function).parameters.values())
    parameters.sort(key=lambda parameter: kinds[parameter.name] is Display)
    flat = [one for parameter in parameters for one in _flatten(parameter, kinds[parameter.name])]

    @wraps(function)
    def run(**typed: Any) -> None:
        given = {name: _expand(value) for name, value in typed.items()}
        records = {
            name: kind(**{field.name: given.pop(field.name) for field in fields(kind)})
            for name, kind in groups.items()
        }
        (display,) = (record for record in records.values() if isinstance(record, Display))
        with ending_well(display):
            _check_texts(typed)
            function(**records, **given)

    run.__signature__ = inspect.Signature(flat)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in flat}
    return run


def _expand(value: Any) -> Any:
    """A path with its `~` expanded, which a shell doesn't do after `=` and in quotes."""
    return Path(expand_home(str(value))) if isinstance(value, Path) else value


def _check_texts(typed: Mapping[str, Any]) -> None:
    """Refuse option values that are not UTF-8; only paths may hold any bytes.

    Raises:
        ConfigError: a value is not UTF-8.
    """
    for name, value in typed.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and _SURROGATE.search(text):
                option = f"--{name.replace('_', '-')}"
                raise ConfigError(option, "not UTF-8 text", "type it in UTF-8")


def _flatten(parameter: inspect.Parameter, kind: Any) -> Iterator[inspect.Parameter]:
    """The parameter itself, or one for each field of its record."""
    by_name = inspect.Parameter.KEYWORD_ONLY
    if not is_dataclass(kind):
        yield parameter.replace(kind=by_name, annotation=kind)
        return
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        default = parameter.empty if field.default is MISSING else field.default
        yield inspect.Parameter(field.name, by_name, default=default, annotation=hints[field.name])
