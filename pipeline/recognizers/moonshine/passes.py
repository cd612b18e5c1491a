"""Decode all pieces of speech, then again those that looped, then those without punctuation.

Hallucinations are rejected in `filtering.py`.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from pipeline.recognizers.moonshine.filtering import is_looped
from pipeline.recognizers.moonshine.marks import has_marks, take_marks
from pipeline.recognizers.moonshine.segments import halve
from pipeline.recognizers.moonshine.transcription import Decoded, Transcriber
from pipeline.records import Progress, Stretch
from pipeline.speech.energy import Loudness

FIRST_SHARE, LOOPS_SHARE = 0.6, 0.05
"""Shares of the first and of the fallback decoding in the progress that is reported."""
LEAST_HALF_MS = 1_000
"""Shortest half in which a piece that loops is decoded again."""
LEAST_UNMARKED = 8
"""A text of this many words without punctuation is decoded again."""
SILENCE_MS = 400
"""Silence added on both sides in that second decoding: six of seven then have punctuation."""

logger = logging.getLogger(__name__)


def listen(
    transcriber: Transcriber, pieces: Sequence[Stretch], loudness: Loudness, progress: Progress
) -> tuple[Decoded, ...]:
    """The text of each piece, or of its halves, in order of time."""
    recognized = transcriber.decode_windows(pieces, lambda share: progress(FIRST_SHARE * share))
    recognized = _decode_loops_again(transcriber, recognized, loudness)
    done = FIRST_SHARE + LOOPS_SHARE
    progress(done)
    recognized = _find_marks(
        transcriber, recognized, lambda share: progress(done + (1 - done) * share)
    )
    progress(1.0)
    return recognized


def _decode_loops_again(
    transcriber: Transcriber, recognized: tuple[Decoded, ...], loudness: Loudness
) -> tuple[Decoded, ...]:
    """Fallback decoding of pieces that loop, in halves: a new start ends most loops."""
    looped = [
        one.piece
        for one in recognized
        if is_looped(one) and one.piece.end_ms - one.piece.start_ms >= 2 * LEAST_HALF_MS
    ]
    if not looped:
        return recognized
    halves = [half for piece in looped for half in halve(piece, loudness)]
    again = transcriber.decode_windows(halves, _ignore)
    logger.info(
        "%d of %d pieces looped and were decoded again in halves: %d of %d halves still loop",
        len(looped), len(recognized), sum(map(is_looped, again)), len(halves),
    )  # fmt: skip
    retained = [one for one in recognized if one.piece not in looped]
    return tuple(sorted([*retained, *again], key=lambda one: one.piece.start_ms))


def _find_marks(
    transcriber: Transcriber, recognized: tuple[Decoded, ...], progress: Progress
) -> tuple[Decoded, ...]:
    """Add punctuation to texts without any, from a second decoding; the words stay."""
    numbers = [
        number
        for number, one in enumerate(recognized)
        if len(one.words) >= LEAST_UNMARKED and not has_marks(one.words)
    ]
    if not numbers:
        return recognized
    again = transcriber.decode_windows(
        [recognized[number].piece for number in numbers], progress, SILENCE_MS
    )
    marked = list(recognized)
    for number, other in zip(numbers, again, strict=True):
        words = take_marks(recognized[number].words, other.words)
        marked[number] = replace(recognized[number], words=words)
    logger.info(
        "%d of %d pieces had no punctuation and were decoded again: %d still have none",
        len(numbers),
        len(recognized),
        sum(not has_marks(marked[number].words) for number in numbers),
    )
    return tuple(marked)


def _ignore(share: float) -> None:
    del share
