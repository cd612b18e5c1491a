"""Decode all pieces of speech, then again those that looped, then those without punctuation.

Hallucinations are rejected in `filtering.py`.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from pipeline.recognizers.hallucinations import decode_loops_again
from pipeline.recognizers.moonshine.marks import has_marks, take_marks
from pipeline.recognizers.moonshine.transcription import Decode, DecodedPiece
from pipeline.records import Progress, Stretch
from pipeline.speech.energy import Loudness

FIRST_SHARE, LOOPS_SHARE = 0.6, 0.05
"""Shares of the first and of the fallback decoding in the progress that is reported."""
LEAST_UNMARKED = 8
"""A text of this many words without punctuation is decoded again."""
SILENCE_MS = 400
"""Silence added on both sides in that second decoding: six of seven then have punctuation."""

logger = logging.getLogger(__name__)


def decode_all(
    decode: Decode, pieces: Sequence[Stretch], loudness: Loudness, progress: Progress
) -> list[DecodedPiece]:
    """The text of each piece, or of its halves, in order of time."""
    first = decode(pieces, lambda share: progress(FIRST_SHARE * share), 0)
    decoded = decode_loops_again(
        first,
        lambda one: loudness.halve(one.piece),
        lambda halves: decode(halves, lambda _: None, 0),
    )
    done = FIRST_SHARE + LOOPS_SHARE
    progress(done)
    decoded = _find_marks(decode, decoded, lambda share: progress(done + (1 - done) * share))
    progress(1.0)
    return decoded


def _find_marks(
    decode: Decode, decoded: list[DecodedPiece], progress: Progress
) -> list[DecodedPiece]:
    """Add punctuation to texts without any, from a second decoding; the words stay."""
    numbers = [
        number
        for number, one in enumerate(decoded)
        if len(one.words) >= LEAST_UNMARKED and not has_marks(one.words)
    ]
    if not numbers:
        return decoded
    again = decode([decoded[number].piece for number in numbers], progress, SILENCE_MS)
    marked = list(decoded)
    for number, other in zip(numbers, again, strict=True):
        words = take_marks(decoded[number].words, other.words)
        marked[number] = replace(decoded[number], words=words)
    logger.info(
        "%d of %d pieces had no punctuation and were decoded again: %d still have none",
        len(numbers), len(decoded), sum(not has_marks(marked[number].words) for number in numbers),
    )  # fmt: skip
    return marked
