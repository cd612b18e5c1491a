"""How many topics a text has, where the job doesn't say.

The splits for every number are `segment.py`'s.
"""

import logging
from random import Random

import numpy as np
from numpy.typing import NDArray

from pipeline.topics.segment import Splits, Units, find_splits, measure_segments

log = logging.getLogger(__name__)

MIN_COPIES = 4
MAX_COPIES = 24
COPIED_WORDS = 80_000
"""Copies of a short text differ more, and cost less: so many words are shuffled in all."""

SEED = 20010707
WINDOW_WORDS = 120
MIN_WINDOWS = 15
"""The copies: stretches of so many words, shuffled; shorter ones where there would be too few."""

SURE = 3.0
"""How many standard deviations of the copies a split has to save over them to be one at all."""

USUAL_SHARE = 0.2
"""How much a count is held against that it is e times too many or too few for the length."""


def expect_count(n_words: int) -> float:
    """How many chapters people make of a recording: 3 of 5 minutes, 12 of an hour, 19 of two."""
    return max(1.0, 0.05 * float(n_words**0.6))


def choose_count(units: Units, splits: Splits, min_words: int) -> int:
    """The count that saves most over what it saves on copies of the text with its parts shuffled.

    A copy has the text's words and cues, but its topics are no longer in one piece: what a split
    saves there, it saves by the number of its segments alone.

    Cost: that of the splits, for each copy.
    """
    n_counts = splits.n_possible
    shuffled = [
        _measure_saved(find_splits(copy, measure_segments(copy), n_counts, min_words))
        for copy in _shuffle(units)
    ]
    saved = _measure_saved(splits)[:n_counts]
    possible = np.isfinite(saved) & np.isfinite(shuffled).all(axis=0)
    gap = np.where(possible, saved - np.where(possible, np.mean(shuffled, axis=0), 0), -np.inf)
    if gap.max() <= 0:
        return 1
    counts = np.arange(1, n_counts + 1)
    unusual = np.log(counts / expect_count(sum(units.n_words))) ** 2
    best = int(np.argmax(gap / gap.max() - USUAL_SHARE * unusual))
    chance = float(np.std([saved[best] for saved in shuffled]))
    log.info("%s topics save %.1f nats, ± %.1f, over shuffled text", best + 1, gap[best], chance)
    return best + 1 if gap[best] > SURE * chance else 1


def _measure_saved(splits: Splits) -> NDArray[np.float64]:
    """What each number of segments saves against one; minus infinity where there is no split."""
    return np.where(np.isfinite(splits.totals), splits.totals[0] - splits.totals, -np.inf)


def _shuffle(units: Units) -> list[Units]:
    """Copies of a text with its windows in another order, the same ones every time."""
    n_all = sum(units.n_words)
    size = min(WINDOW_WORDS, n_all // MIN_WINDOWS)
    windows: list[list[int]] = [[]]
    n_words = 0
    for index in range(len(units)):
        if n_words >= size and windows[-1]:
            windows.append([])
            n_words = 0
        windows[-1].append(index)
        n_words += units.n_words[index]
    random = Random(SEED)
    copies = []
    for _ in range(min(MAX_COPIES, max(MIN_COPIES, COPIED_WORDS // n_all))):
        random.shuffle(windows)
        order = [index for window in windows for index in window]
        copies.append(
            Units(
                tuple(units.stems[index] for index in order),
                tuple(units.n_words[index] for index in order),
                tuple(units.bonuses[index] for index in order),
            )
        )
    return copies
