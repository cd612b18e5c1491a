"""Hearing pieces of speech: all of them, what looped once more, and what came without punctuation.

What is believed of it is decided in `judgement.py`.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from pipeline.recognizers.moonshine.filtering import is_looped
from pipeline.recognizers.moonshine.marks import has_marks, take_marks
from pipeline.recognizers.moonshine.segments import halve
from pipeline.recognizers.moonshine.transcription import Heard, Hearer
from pipeline.records import Progress, Stretch
from pipeline.speech.energy import Loudness

FIRST_SHARE, LOOPS_SHARE = 0.6, 0.05
"""What the first hearing and that of loops are of the work, as progress has it."""
LEAST_HALF_MS = 1_000
"""What loops is not heard in halves shorter than this."""
LEAST_UNMARKED = 8
"""So many words and more have punctuation somewhere."""
SILENCE_MS = 400
"""Put on both sides of a piece whose text had no punctuation: six of seven then have some."""

logger = logging.getLogger(__name__)


def listen(
    hearer: Hearer, pieces: Sequence[Stretch], loudness: Loudness, progress: Progress
) -> tuple[Heard, ...]:
    """What is heard in each piece, or in its halves, in order of time."""
    heard = hearer.hear(pieces, lambda share: progress(FIRST_SHARE * share))
    heard = _hear_loops_again(hearer, heard, loudness)
    done = FIRST_SHARE + LOOPS_SHARE
    progress(done)
    heard = _find_marks(hearer, heard, lambda share: progress(done + (1 - done) * share))
    progress(1.0)
    return heard


def _hear_loops_again(
    hearer: Hearer, heard: tuple[Heard, ...], loudness: Loudness
) -> tuple[Heard, ...]:
    """What looped, in halves: another beginning leads a network out of most loops."""
    looped = [
        one.piece
        for one in heard
        if is_looped(one) and one.piece.end_ms - one.piece.start_ms >= 2 * LEAST_HALF_MS
    ]
    if not looped:
        return heard
    halves = [half for piece in looped for half in halve(piece, loudness)]
    again = hearer.hear(halves, _ignore)
    logger.info(
        "%d of %d pieces looped and were heard again in halves: %d of %d halves still loop",
        len(looped), len(heard), sum(map(is_looped, again)), len(halves),
    )  # fmt: skip
    kept = [one for one in heard if one.piece not in looped]
    return tuple(sorted([*kept, *again], key=lambda one: one.piece.start_ms))


def _find_marks(hearer: Hearer, heard: tuple[Heard, ...], progress: Progress) -> tuple[Heard, ...]:
    """Texts without any punctuation, with that of a second hearing; the words stay."""
    numbers = [
        number
        for number, one in enumerate(heard)
        if len(one.words) >= LEAST_UNMARKED and not has_marks(one.words)
    ]
    if not numbers:
        return heard
    again = hearer.hear([heard[number].piece for number in numbers], progress, SILENCE_MS)
    marked = list(heard)
    for number, other in zip(numbers, again, strict=True):
        words = take_marks(heard[number].words, other.words)
        marked[number] = replace(heard[number], words=words)
    logger.info(
        "%d of %d pieces had no punctuation and were heard again: %d still have none",
        len(numbers), len(heard), sum(not has_marks(marked[number].words) for number in numbers),
    )  # fmt: skip
    return tuple(marked)


def _ignore(share: float) -> None:
    del share
