"""What makes a class a record, and the plain values beside them."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import not_
from typing import Annotated, Any, TypeVar, dataclass_transform

from pydantic import Field

T = TypeVar("T")

Progress = Callable[[float], None]
"""Called now and then with the share done, 0..1."""

Flag = Annotated[bool, Field(exclude_if=not_)]
"""A mark that few carry: files have it only where it is true."""

Plain = Any
"""Plain JSON values: dict, list, str, int, float, bool, None."""


_STRICT = {"extra": "forbid", "strict": True, "allow_inf_nan": False}


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """A frozen, slotted dataclass that the codec reads strictly, refusing unknown keys."""
    made = dataclass(frozen=True, slots=True)(cls)
    made.__pydantic_config__ = _STRICT  # type: ignore[attr-defined]
    return made


def check(is_true: bool, problem: str) -> None:
    """Refuse a record that breaks an invariant."""
    if not is_true:
        raise ValueError(problem)


def check_span(start_ms: int, end_ms: int, what: str) -> None:
    """Refuse times that are before 0, empty or backwards."""
    check(0 <= start_ms < end_ms, f"{what} must end after it starts: {start_ms} to {end_ms} ms")
