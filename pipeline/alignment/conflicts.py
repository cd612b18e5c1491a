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
    for claim in candidates:
        rival = best.get(claim.token)
        if rival is None or _rank(claim) > _rank(rival):
            best[claim.token] = claim
    found: list[TokenTime | None] = [None] * n_tokens
    for time in _heaviest_increasing([best[token] for token in sorted(best)]):
        found[time.token] = time
    return found


def _rank(claim: TokenTime) -> tuple[int, float]:
    return claim.run, -math.inf if claim.score is None else claim.score


def _heaviest_increasing(times: Sequence[TokenTime]) -> list[TokenTime]:
    """The increasing sequence of start times with the most weight; a time weighs its `run`.

    Source: Schensted 1961, weighted.  Cost: n log n (a frontier of ends and weights).
    """
    ends: list[int] = []
    weights: list[int] = []
    tails: list[int] = []
    before: list[int | None] = []
    for index, time in enumerate(times):
        place = bisect_left(ends, time.start_ms + 1)
        before.append(tails[place - 1] if place else None)
        weight = (weights[place - 1] if place else 0) + time.run
        cut = place
        while cut < len(ends) and weights[cut] <= weight:
            cut += 1
        key = time.start_ms + 1
        ends[place:cut], weights[place:cut], tails[place:cut] = [key], [weight], [index]
    chosen: list[TokenTime] = []
    cursor = tails[-1] if tails else None
    while cursor is not None:
        chosen.append(times[cursor])
        cursor = before[cursor]
    return chosen[::-1]
