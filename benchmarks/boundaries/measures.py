"""How far a segmentation lies from the true one, in words; the field's measures.

A segmentation is the first word of each segment, in order, the first being 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Score:
    """One segmentation against the true one.

    Args:
        pk: share of windows that wrongly say "one segment" or "two" of their ends; 0 is perfect.
        window_diff: share of windows with another number of boundaries in them.
        f1: of boundaries, each matched with at most one within the collar.
        count_error: how many segments too many, less than 0 for too few.
    """

    pk: float
    window_diff: float
    f1: float
    count_error: int


def measure(found: Sequence[int], true: Sequence[int], n_words: int, collar: int) -> Score:
    """All measures; the window is half of the mean true segment."""
    window = max(2, round(n_words / len(true) / 2))
    return Score(
        pk=measure_pk(found, true, n_words, window),
        window_diff=measure_window_diff(found, true, n_words, window),
        f1=measure_f1(found, true, collar),
        count_error=len(found) - len(true),
    )


def measure_pk(found: Sequence[int], true: Sequence[int], n_words: int, window: int) -> float:
    """How often words that far apart are wrongly taken to be in one segment, or in two.

    Source: Beeferman, Berger and Lafferty 1999, Statistical models for text segmentation.
    """
    ours, theirs = (_count_inside(begins, n_words, window) for begins in (found, true))
    return float(np.mean((ours > 0) != (theirs > 0)))


def measure_window_diff(
    found: Sequence[int], true: Sequence[int], n_words: int, window: int
) -> float:
    """How often a window holds another number of boundaries.

    Source: Pevzner and Hearst 2002, A critique and improvement of an evaluation metric.
    """
    ours, theirs = (_count_inside(begins, n_words, window) for begins in (found, true))
    return float(np.mean(ours != theirs))


def measure_f1(found: Sequence[int], true: Sequence[int], collar: int) -> float:
    """Of the boundaries inside the text, matched one to one within `collar` words, in order."""
    ours, theirs = list(found[1:]), list(true[1:])
    if not ours and not theirs:
        return 1.0
    n_matched = 0
    for boundary in ours:
        while theirs and theirs[0] < boundary - collar:
            theirs.pop(0)
        if theirs and theirs[0] <= boundary + collar:
            theirs.pop(0)
            n_matched += 1
    return 2 * n_matched / (len(found) + len(true) - 2)


def _count_inside(begins: Sequence[int], n_words: int, window: int) -> NDArray[np.intp]:
    """The boundaries between word i and word i + window, for every i."""
    starts = np.zeros(n_words, np.intp)
    starts[list(begins[1:])] = 1
    segments = np.cumsum(starts)
    return segments[window:] - segments[:-window]
