"""How many topics a text has, if the job doesn't say: by the gap statistic.

The splits for every count come from `segment.py`.
"""

import logging
from collections.abc import Iterator, Sequence
from math import sqrt
from random import Random

import numpy as np
from numpy.typing import NDArray

from pipeline.topics.segment import Splits, Unit, find_splits, measure_segments

log = logging.getLogger(__name__)

MIN_COPIES = 4
COPIED_WORDS = 80_000
"""Words of all shuffled copies together: short texts, whose copies vary more, get more. Two hours
of talk get the fewest, four, and half a second."""

SEED = 20010707
"""Any number: it makes the shuffles, and so the count, the same in every run."""

SURE = 5.0
"""A gap of this many standard deviations or less is chance: the text is one topic."""


def expect_count(n_words: int) -> float:
    """How many chapters people make: 3 in 5 minutes of speech, 12 in an hour, 19 in two."""
    return max(1.0, 0.05 * float(n_words**0.6))


def choose_count(units: Sequence[Unit], splits: Splits, min_words: int, max_copies: int) -> int:
    """The count with the largest gap: what its split saves beyond that of shuffled copies.

    A copy has the same words and bonuses but no topics: what a split saves there is due to the
    number of segments alone.

    Source: after Tibshirani, Walther and Hastie 2001, Estimating the number of clusters in a data
        set via the gap statistic.
    Cost: that of the splits, for each copy.
    """
    n_counts = splits.n_possible
    shuffled = [
        _measure_saved(find_splits(copy, measure_segments(copy), n_counts, min_words))
        for copy in _shuffle(units, max_copies)
    ]
    saved = _measure_saved(splits)[:n_counts]
    possible = np.isfinite(saved) & np.isfinite(shuffled).all(axis=0)
    gap = np.where(possible, saved - np.where(possible, np.mean(shuffled, axis=0), 0), -np.inf)
    if gap.max() <= 0:
        return 1
    best = int(np.argmax(gap))
    chance = _measure_chance(np.asarray(shuffled)[:, possible])
    log.info("%s topics save %.1f nats, ± %.1f, over shuffled text", best + 1, gap[best], chance)
    return best + 1 if gap[best] > SURE * chance else 1


def _measure_saved(splits: Splits) -> NDArray[np.float64]:
    """What each count saves against one segment; minus infinity where no split exists."""
    return np.where(np.isfinite(splits.totals), splits.totals[0] - splits.totals, -np.inf)


def _measure_chance(saved: NDArray[np.float64]) -> float:
    """Standard deviation of one more copy from the mean of these.

    With few copies it may be small by chance for one count, so the median over counts is taken.
    """
    spreads = saved.std(axis=0, ddof=1)
    return float(np.median(spreads)) * sqrt(1 + 1 / len(saved))


def _shuffle(units: Sequence[Unit], max_copies: int) -> Iterator[list[Unit]]:
    """Copies of a text with its sentences shuffled; deterministic."""
    random = Random(SEED)
    pieces = _glue(units)
    for _ in range(
        min(max_copies, max(MIN_COPIES, COPIED_WORDS // sum(unit.n_words for unit in units)))
    ):
        random.shuffle(pieces)
        yield [unit for piece in pieces for unit in piece]


def _glue(units: Sequence[Unit]) -> list[list[Unit]]:
    """Units in runs that begin with a sentence; each alone if most don't (no punctuation)."""
    is_alone = 2 * sum(unit.goes_on for unit in units) > len(units)
    pieces: list[list[Unit]] = []
    for unit in units:
        if is_alone or not unit.goes_on or not pieces:
            pieces.append([])
        pieces[-1].append(unit)
    return pieces
