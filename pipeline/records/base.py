"""The `record` decorator, checks of invariants, and types that several records use."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import not_
from typing import Annotated, Any, TypeVar, dataclass_transform

from pydantic import Field

T = TypeVar("T")

Progress = Callable[[float], None]
"""Called from time to time with the share of the work that is done, 0..1."""

Flag = Annotated[bool, Field(exclude_if=not_)]
"""A rarely set flag: JSON files contain it only where it is true."""

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
    """Raise a ValueError if an invariant does not hold."""
    if not is_true:
        raise ValueError(problem)


def check_span(start_ms: int, end_ms: int, what: str) -> None:
    """Raise a ValueError if a span starts before 0 or does not end after it starts."""
    check(0 <= start_ms < end_ms, f"{what} must end after it starts: {start_ms} to {end_ms} ms")
