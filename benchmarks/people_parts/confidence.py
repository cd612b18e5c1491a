"""What a confidence is worth: the share of words near their true start, beside what was promised.

Pure. A word that is timed but not in the sound is wrong.
"""

import statistics
from collections.abc import Sequence

from people_parts.measures import NEAR_MS, Row, share, wilson
from people_parts.runs import Judged

BOUNDS = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)
LEAST_WORDS = 300
"""Of a bin; smaller ones are joined to the next above."""
SURE = 0.99


def measure_bins(words: Sequence[Judged]) -> dict[str, Row]:
    """A row a bin of confidence."""
    timed = sorted(_list_timed(words))
    bins: list[list[tuple[float, bool]]] = [[]]
    for confidence, is_near in timed:
        top = bins[-1][-1][0] if bins[-1] else confidence
        crosses = any(top < bound <= confidence for bound in BOUNDS)
        if crosses and len(bins[-1]) >= LEAST_WORDS:
            bins.append([])
        bins[-1].append((confidence, is_near))
    if len(bins) > 1 and len(bins[-1]) < LEAST_WORDS:
        last = bins.pop()
        bins[-1] += last
    return {f"{own[0][0]:.3f}-{own[-1][0]:.3f}": _describe(own) for own in bins if own}


def measure_trust(words: Sequence[Judged]) -> Row:
    """The error of calibration over the words, and how many are sure and how many of those near.

    `calibration_error`: how far each bin's mean confidence lies from its share, weighted by words.
    """
    timed = _list_timed(words)
    if not timed:
        return {"n": 0}
    apart = sum(
        row["n"] * abs(row["promised"] - row["within_100ms"])
        for row in measure_bins(words).values()
    )
    sure = [is_near for confidence, is_near in timed if confidence >= SURE]
    return {
        "n": len(timed),
        "calibration_error": round(apart / len(timed), 4),
        "n_sure": len(sure),
        "sure": share(len(sure), len(timed)),
        "sure_within_100ms": share(sum(sure), len(sure)),
        "sure_within_100ms_95": wilson(sum(sure), len(sure)),
    }


def _list_timed(words: Sequence[Judged]) -> list[tuple[float, bool]]:
    return [
        (word.confidence, word.error_ms is not None and abs(word.error_ms) <= NEAR_MS)
        for word in words
        if word.start_ms is not None
    ]


def _describe(timed: Sequence[tuple[float, bool]]) -> Row:
    promised = round(statistics.fmean(confidence for confidence, _ in timed), 4)
    n_near = sum(is_near for _, is_near in timed)
    low, high = wilson(n_near, len(timed)) or (0.0, 1.0)
    return {
        "n": len(timed),
        "promised": promised,
        "within_100ms": share(n_near, len(timed)),
        "within_100ms_95": (low, high),
        "holds": "yes" if low <= promised <= high else "no",
    }
