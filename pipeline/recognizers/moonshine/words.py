"""Words of a decoded text with rough times, as the network gives none.

Hallucinations are rejected in `filtering.py`; exact times are found by alignment.
"""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from pipeline.records import RecognizedWord, Stretch
from pipeline.speech.energy import FRAME_MS, Loudness

DIGIT_LETTERS = 4
"""A digit takes as long to say as a word of this many letters."""


def split_words(text: str) -> tuple[str, ...]:
    """The text's words; tokens without a letter or digit, as notes for music, are dropped."""
    return tuple(word for word in text.split() if any(map(str.isalnum, word)))


def place_words(
    words: Sequence[str], piece: Stretch, loudness: Loudness
) -> tuple[RecognizedWord, ...]:
    """Spread the words over the piece's frames of speech, in proportion to their letters."""
    is_sounding = loudness.find_sounding(piece)
    frames = np.flatnonzero(is_sounding) if is_sounding.any() else np.arange(len(is_sounding))
    edges = [0, *accumulate(map(_count_letters, words))]
    from_ms = piece.start_ms // FRAME_MS * FRAME_MS
    placed: list[RecognizedWord] = []
    for word, first, last in zip(words, edges, edges[1:], strict=False):
        start, end = (edge * len(frames) // edges[-1] for edge in (first, last))
        start_ms, end_ms = (
            from_ms + int(frames[at]) * FRAME_MS for at in (start, max(start, end - 1))
        )
        start_ms, end_ms = max(start_ms, piece.start_ms), min(end_ms + FRAME_MS, piece.end_ms)
        placed.append(RecognizedWord(word, start_ms, max(start_ms + 1, end_ms)))
    return tuple(placed)


def _count_letters(word: str) -> int:
    """How long a word is to say, in letters, plus one for each word."""
    return 1 + sum(DIGIT_LETTERS if char.isdigit() else 1 for char in word if char.isalnum())
