"""What recognisers share that know English alone."""

from pipeline.contracts import Hints
from pipeline.errors import EngineError


def check_language(engine: str, hints: Hints) -> None:
    """Refuse another language; what nobody has told is taken for English.

    Raises:
        EngineError: it is told, and is another.
    """
    if hints.language not in (None, "en"):
        problem = f"knows English only, not {hints.language!r}"
        raise EngineError(engine, problem, "use `transcribe: {engine: faster_whisper}`")
