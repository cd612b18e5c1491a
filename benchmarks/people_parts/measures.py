"""How far off word starts are, and how sure a figure is. Pure.

Shares have Wilson intervals, all at 95 %; F1 and the mean have bootstrap intervals over stretches
of words, as the errors of neighbours are alike.
"""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from people_parts.runs import Judged

TOLERANCE_MS = 20
NEAR_MS = 100
FAR_MS = 1000
NORMAL_95 = 1.96
STRETCH_WORDS = 10
N_RESAMPLES = 1000

Interval = tuple[float, float]
Row = dict[str, Any]


def measure_words(words: Sequence[Judged]) -> Row:
    """All figures over the words that are spoken; F1 counts a time for an absent one as false.

    `f1_unbiased` is F1 where the median error of each recording is taken from its starts.
    """
    spoken = [word for word in words if word.true.start_ms is not None]
    errors = [abs(word.error_ms) for word in spoken if word.error_ms is not None]
    biases = find_biases(words)
    n = len(spoken)
    return {
        "n_words": n,
        "median_ms": round(statistics.median(errors), 1) if errors else None,
        "mean_ms": round(statistics.fmean(errors), 1) if errors else None,
        "mean_ms_95": resample(words, find_mean),
        "bias_ms": find_bias(words),
        "f1": find_f1(words),
        "f1_95": resample(words, find_f1),
        "f1_unbiased": find_f1(words, biases),
        "within_50ms": share(sum(error <= 50 for error in errors), n),
        "within_100ms": share(sum(error <= NEAR_MS for error in errors), n),
        "within_100ms_95": wilson(sum(error <= NEAR_MS for error in errors), n),
        "n_over_1s": sum(error > FAR_MS for error in errors),
        "n_false_unspoken": sum(word.status == "unspoken" for word in spoken),
        "false_unspoken": share(sum(word.status == "unspoken" for word in spoken), n),
        "n_estimated": sum(word.status == "estimated" for word in spoken),
    }


def find_biases(words: Sequence[Judged]) -> dict[str, float]:
    """The median error of each recording's words, in ms."""
    by_recording: dict[str, list[Judged]] = defaultdict(list)
    for word in words:
        by_recording[word.recording].append(word)
    return {name: find_bias(own) or 0.0 for name, own in by_recording.items()}


def find_bias(words: Iterable[Judged]) -> float | None:
    """The median signed error in ms: below zero is early."""
    errors = [word.error_ms for word in words if word.error_ms is not None]
    return round(statistics.median(errors), 1) if errors else None


def find_f1(words: Sequence[Judged], biases: dict[str, float] | None = None) -> float | None:
    """F1 of starts within 20 ms, less the bias of each recording if given."""
    biases = biases or {}
    n_hits = sum(
        abs(word.error_ms - biases.get(word.recording, 0.0)) <= TOLERANCE_MS
        for word in words
        if word.error_ms is not None
    )
    n_spoken = sum(word.true.start_ms is not None for word in words)
    n_timed = sum(word.start_ms is not None for word in words)
    return share(2 * n_hits, n_timed + n_spoken)


def find_mean(words: Sequence[Judged]) -> float | None:
    """The mean absolute error in ms."""
    errors = [abs(word.error_ms) for word in words if word.error_ms is not None]
    return round(statistics.fmean(errors), 1) if errors else None


def resample(
    words: Sequence[Judged], measure: Callable[[Sequence[Judged]], float | None]
) -> Interval | None:
    """A figure's interval by the bootstrap over stretches of neighbouring words."""
    stretches: dict[tuple[str, int], list[Judged]] = defaultdict(list)
    for word in words:
        stretches[word.recording, word.index // STRETCH_WORDS].append(word)
    blocks = list(stretches.values())
    if len(blocks) < 2:
        return None
    chance = np.random.default_rng(0)
    figures = []
    for _ in range(N_RESAMPLES):
        chosen = chance.integers(len(blocks), size=len(blocks))
        figure = measure([word for number in chosen for word in blocks[number]])
        if figure is not None:
            figures.append(figure)
    low, high = np.quantile(figures, (0.025, 0.975))
    return round(float(low), 3), round(float(high), 3)


def wilson(n_part: int, n_all: int) -> Interval | None:
    """The interval of a share.

    Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
    """
    if not n_all:
        return None
    z2 = NORMAL_95**2
    p = n_part / n_all
    middle = (p + z2 / (2 * n_all)) / (1 + z2 / n_all)
    half = NORMAL_95 / (1 + z2 / n_all) * (p * (1 - p) / n_all + z2 / (4 * n_all * n_all)) ** 0.5
    return max(0.0, round(middle - half, 4)), min(1.0, round(middle + half, 4))


def share(n_part: int, n_all: int) -> float | None:
    """A share with four places; None of nothing."""
    return round(n_part / n_all, 4) if n_all else None
