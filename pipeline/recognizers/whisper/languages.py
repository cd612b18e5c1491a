"""Which languages Whisper and each of its models know, found without loading a model."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path

from pipeline.errors import EngineError, did_you_mean
from pipeline.models.installed import find_model

ENGLISH_MODEL = ".en"
"""Suffix of the names of English-only Whisper models. Source: openai/whisper, README."""


def check_language(model: str, language: str | None) -> Iterator[EngineError]:
    """The error if Whisper, or this model of it, does not know a language."""
    if language is None:
        return
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    if language not in _LANGUAGE_CODES:
        remedy = did_you_mean(language, sorted(_LANGUAGE_CODES), "languages")
        yield EngineError("language", f"Whisper does not know {language!r}", remedy)
        return
    folder = find_model(model)
    known = _list_languages(folder) if folder else None
    if model.endswith(ENGLISH_MODEL) and language != "en":
        yield _unknown_to(model, "English only", language)
    elif known and language not in known:
        yield _unknown_to(model, ", ".join(sorted(known)), language)


def _unknown_to(model: str, known: str, language: str) -> EngineError:
    problem = f"model {model} knows {known}, not {language!r}"
    return EngineError("language", problem, "name another transcribe.model")


def check_translates(model: str) -> Iterator[EngineError]:
    """The error if a model can't translate to English, as far as its name tells."""
    if model.endswith(ENGLISH_MODEL):
        problem = "knows English only, and can't translate into it"
        yield EngineError(f"model {model}", problem, "name a model that knows others")


def _list_languages(folder: Path) -> Collection[str]:
    """The languages that a model's vocabulary has a token for; none if it can't be read."""
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    try:
        if (folder / "vocabulary.json").is_file():
            tokens = set(json.loads((folder / "vocabulary.json").read_text("utf-8")))
        else:
            tokens = set((folder / "vocabulary.txt").read_text("utf-8").splitlines())
    except (OSError, ValueError, TypeError):
        return ()
    return {code for code in _LANGUAGE_CODES if f"<|{code}|>" in tokens}
