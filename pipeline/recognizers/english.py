"""Shared by recognisers that know English only."""

from pipeline.contracts import Hints
from pipeline.errors import EngineError


def check_language(engine: str, hints: Hints) -> None:
    """Refuse any other language; if none is given, English is assumed.

    Raises:
        EngineError: a language other than English is given.
    """
    if hints.language not in (None, "en"):
        problem = f"knows English only, not {hints.language!r}"
        raise EngineError(engine, problem, "use `transcribe: {engine: faster_whisper}`")
