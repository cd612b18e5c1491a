"""Conflict resolution: one time for each token where windows give several, so that times increase.

The candidates are made in `decoding.py`.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence

from pipeline.alignment.token_times import TokenTime


def resolve_conflicts(candidates: Sequence[TokenTime], n_tokens: int) -> list[TokenTime | None]:
    """At most one time for each token, all increasing: of several candidates the one in the longer
    run, then the better score; of these the increasing sequence with the most weight."""
    best: dict[int, TokenTime] = {}
    for candidate in candidates:
        rival = best.get(candidate.token)
        if rival is None or _rank(candidate) > _rank(rival):
            best[candidate.token] = candidate
    found: list[TokenTime | None] = [None] * n_tokens
    times = [best[token] for token in sorted(best)]
    starts_ms, weights = [time.start_ms for time in times], [time.run for time in times]
    for index in find_heaviest_increasing(starts_ms, weights):
        found[times[index].token] = times[index]
    return found


def _rank(candidate: TokenTime) -> tuple[int, float]:
    return candidate.run, -math.inf if candidate.score is None else candidate.score


def find_heaviest_increasing(values: Sequence[int], weights: Sequence[int]) -> list[int]:
    """The indices of the strictly increasing subsequence with the most weight.

    Source: Schensted 1961 (patience sorting), weighted.  Cost: n log n (a frontier of values and
        the weights up to them).
    """
    ends: list[int] = []
    totals: list[int] = []
    tails: list[int] = []
    before: list[int | None] = []
    for index, (value, weight) in enumerate(zip(values, weights, strict=True)):
        place = bisect_left(ends, value)
        before.append(tails[place - 1] if place else None)
        total = (totals[place - 1] if place else 0) + weight
        cut = place
        while cut < len(ends) and totals[cut] <= total:
            cut += 1
        ends[place:cut], totals[place:cut], tails[place:cut] = [value], [total], [index]
    chosen: list[int] = []
    cursor = tails[-1] if tails else None
    while cursor is not None:
        chosen.append(cursor)
        cursor = before[cursor]
    return chosen[::-1]
