"""Records to JSON and back, strictly: an unknown key or a wrong type is an error.

The records themselves are in `records/` and in each package's `options.py`.
"""

import hashlib
import json
from collections.abc import Hashable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from pipeline.errors import ConfigError, StepError

T = TypeVar("T")


@cache
def _make_adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, kind))


def _adapter(kind: Any) -> TypeAdapter[Any]:
    return _make_adapter(kind)


def format_record(record: object) -> bytes:
    """The record as indented UTF-8 JSON with a final newline; equal records give equal bytes.

    Bytes of a file name that are not UTF-8 are escaped: `caf\\udce9.mp3`.
    """
    adapter = _adapter(type(record))
    try:
        return adapter.dump_json(record, indent=1, by_alias=True) + b"\n"
    except PydanticSerializationError:
        plain = _spell_out(adapter.dump_python(record, by_alias=True))
        return json.dumps(plain, indent=1, ensure_ascii=False).encode() + b"\n"


def write_record(path: Path, record: object) -> None:
    """Write a record as JSON."""
    path.write_bytes(format_record(record))


def read_record(path: Path, kind: type[T]) -> T:
    """Read a record from JSON.

    Raises:
        StepError: the file is missing, not JSON, or not a record of this kind.
    """
    try:
        return cast(T, _adapter(kind).validate_json(path.read_bytes()))
    except OSError as error:
        raise StepError(str(path), error.strerror or "unreadable", "run the stage again") from error
    except ValidationError as error:
        raise StepError(
            str(path), f"not a {kind.__name__}: {first_problem(error)}", "run the stage again"
        ) from error


def to_plain(record: object) -> Any:
    """The record as plain JSON values (dict, list, str, int, float, bool, None)."""
    return _adapter(type(record)).dump_python(record, mode="json", by_alias=True)


def from_plain(plain: Any, kind: type[T], where: str) -> T:
    """Make a record of plain JSON values, and check it.

    Raises:
        ConfigError: unknown key, wrong type or value; `where` begins its message.
    """
    try:
        return cast(T, _adapter(kind).validate_json(json.dumps(plain)))
    except ValidationError as error:
        raise ConfigError(where, *split_remedy(first_problem(error))) from error


def split_remedy(message: str) -> tuple[str, str]:
    """Problem and remedy of a message "problem; remedy"; a default remedy if it has none."""
    problem, _, remedy = message.rpartition("; ")
    return (problem, remedy) if problem else (message, "mend the value")


def first_problem(error: ValidationError) -> str:
    """The first problem of a validation error as one line: the place, then what is wrong."""
    problem = error.errors(include_url=False)[0]
    # For a union, pydantic adds the member, as `literal[...]`, which is no key.
    place = ".".join(str(part) for part in problem["loc"] if "[" not in str(part))
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "literal_error":
        message = f"{problem['input']!r} is not known; use {problem['ctx']['expected']}"
    return f"{place}: {message}" if place else message


def digest(plain: Any) -> str:
    """SHA-256 (hex) of plain JSON values, the same whatever the order of keys."""
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _spell_out(plain: Any) -> Any:
    """Plain values with everything escaped that UTF-8 can't encode."""
    match plain:
        case str():
            return plain.encode("utf-8", "backslashreplace").decode()
        case Mapping():
            return {_spell_out(key): _spell_out(value) for key, value in plain.items()}
        case list() | tuple():
            return [_spell_out(value) for value in plain]
        case _:
            return plain
