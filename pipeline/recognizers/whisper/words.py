"""Join faster-whisper's word parts to whole words, and mark those without a space before.

Times are the library's; hallucinations are rejected in `filtering.py`.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.records import RecognizedWord
from pipeline.text.graphemes import is_attached

FRAMES_PER_S = 100

_SIGN_BY_SIGN = frozenset({"zh", "yue", "ja", "th", "lo", "my"})
"""Languages in which the library splits at every character, and Latin words at every token."""


def read_words(chunk: Any, language: str) -> Iterator[RecognizedWord]:
    """The words of one of the library's segments, with times since the window's start.

    The library splits at tokens that are whole characters, and at punctuation: a part without a
    space before it belongs to the word before, except in scripts without spaces.
    """
    from_ms = chunk.seek * 1000 // FRAMES_PER_S
    latest: RecognizedWord | None = None
    is_spaced = True
    for part in chunk.words or ():
        is_glued = not (is_spaced or part.word[:1].isspace())
        is_spaced = part.word[-1:].isspace()
        text = part.word.strip()
        if not text:
            continue
        start_ms = max(0, round(part.start * 1000) - from_ms)
        end_ms = max(start_ms + 1, round(part.end * 1000) - from_ms)
        word = RecognizedWord(text, start_ms, end_ms, round(float(part.probability), 4), is_glued)
        if latest and is_glued and _is_one(latest.text, text, language):
            latest = _join(latest, word)
            continue
        if latest:
            yield latest
        latest = word
    if latest:
        yield latest


def _is_one(before: str, after: str, language: str) -> bool:
    """Whether two parts without a space between them are one word: letters, digits, their signs."""
    if language not in _SIGN_BY_SIGN:
        return True
    pair = (before[-1], after[0])
    return is_attached(*pair) or all(
        char.isascii() or unicodedata.category(char) in ("Lu", "Ll", "Nd") for char in pair
    )


def _join(before: RecognizedWord, after: RecognizedWord) -> RecognizedWord:
    """Both as one word, with the lower confidence of the two."""
    return replace(
        before,
        text=before.text + after.text,
        end_ms=max(before.end_ms, after.end_ms),
        probability=min(before.probability or 0.0, after.probability or 0.0),
    )
