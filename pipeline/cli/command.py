"""What makes a function a command: groups of options as records, and an end in good order.

Which options there are is `options.py`'s, how a command ends `exits.py`'s.
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
"""What Python makes of bytes that are not UTF-8."""


def command(function: Callable[..., None]) -> Callable[..., None]:
    """A command of a function that takes records: each of their fields is an option of its own.

    So options that several commands have, -q, --json and --debug first of all, are written once.
    One of the records is the `Display`: the command ends as it asks, and help shows it last.
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
    """A path with its `~` spelt out, which a shell leaves alone after `=` and in quotes."""
    return Path(expand_home(str(value))) if isinstance(value, Path) else value


def _check_texts(typed: Mapping[str, Any]) -> None:
    """Refuse a text that is not UTF-8; a file's name may be anything.

    Raises:
        ConfigError: there is one.
    """
    for name, value in typed.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and _SURROGATE.search(text):
                option = f"--{name.replace('_', '-')}"
                raise ConfigError(option, "not UTF-8 text", "type it in UTF-8")


def _flatten(parameter: inspect.Parameter, kind: Any) -> Iterator[inspect.Parameter]:
    """A parameter, or one for each field of the record it takes."""
    by_name = inspect.Parameter.KEYWORD_ONLY
    if not is_dataclass(kind):
        yield parameter.replace(kind=by_name, annotation=kind)
        return
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        default = parameter.empty if field.default is MISSING else field.default
        yield inspect.Parameter(field.name, by_name, default=default, annotation=hints[field.name])
