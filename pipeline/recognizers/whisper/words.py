"""Words out of what faster-whisper calls words: whole ones, and where the model wrote no space.

When they were said is the library's finding; which are believed is decided in `judgement.py`.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.records import RecognizedWord
from pipeline.text.graphemes import is_attached

FRAMES_PER_S = 100

_SIGN_BY_SIGN = frozenset({"zh", "yue", "ja", "th", "lo", "my"})
"""Languages in which the library cuts at every character, Latin words in them at every token."""


def read_words(chunk: Any, language: str) -> Iterator[RecognizedWord]:
    """The words of a segment of the library, in the time of the window it says it is from.

    The library cuts wherever a token ends that is whole characters, or a mark stands: what it wrote
    without a space before is a part of the word before, but where a script writes none.
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
    """Whether two parts that no space is between are one word: letters, digits, and their signs."""
    if language not in _SIGN_BY_SIGN:
        return True
    pair = (before[-1], after[0])
    return is_attached(*pair) or all(
        char.isascii() or unicodedata.category(char) in ("Lu", "Ll", "Nd") for char in pair
    )


def _join(before: RecognizedWord, after: RecognizedWord) -> RecognizedWord:
    """Both as one word, as sure as the less sure of them."""
    return replace(
        before,
        text=before.text + after.text,
        end_ms=max(before.end_ms, after.end_ms),
        probability=min(before.probability or 0.0, after.probability or 0.0),
    )
