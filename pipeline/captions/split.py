"""Which words make a cue: the cheapest cut of the whole text, by dynamic programming.

All costs are here, in `breaks.py` (a break by its words) and in `lines.py` (line breaks).
"""

from math import inf

from pipeline.captions.breaks import CLAUSE
from pipeline.captions.lines import lines_cost
from pipeline.captions.profile import Profile
from pipeline.captions.script import Script

# Costs have no unit; they share the scale of `breaks.py` (PLAIN is 7, AFTER_LEADER 13). What
# changes without each of them: docs/experiments/captions.md, "ablation of the costs".
_CUE = 4.0
"""Cost of each cue: fewer are better where nothing else decides."""

_EXCHANGE = 12.0
"""Cost of two speakers in one cue; pays only where one is too short to be shown alone."""

_BORROWED = 4.0
"""Cost of needing up to the profile's `lean_ms` of a neighbour's time."""

_TOO_FAST = 60.0
_TOO_FAST_PER_SHARE = 40.0
"""Cost of breaking the reading speed: a fixed part, and one per share of the time that lacks."""

_TOO_SHORT = 40.0
"""Cost of a cue shorter than the profile's least."""

_SENTENCE_GOES_ON = 4.0
_SENTENCE_INSIDE = 0.7
"""Cost of each sentence end inside a cue: high where the cue ends within a sentence (BBC: one
sentence a caption), low where it holds whole sentences."""

_CLAUSE_GOES_ON = 2.0
"""Cost of a cue that passes a break of at most CLAUSE and ends at a costlier one."""

_CRUMB_COLUMNS = 14
_CRUMB_COST = 4.0
"""Cost of a cue narrower than _CRUMB_COLUMNS that is not a whole sentence."""

_ROUNDING = 1e-6
"""Above any rounding error of a sum of costs, so that equal costs are not cut off."""


def choose_spans(script: Script, profile: Profile) -> list[tuple[int, int]]:
    """Cut the text into cues: (first, last) boundaries, in order, that cover all pieces.

    Cost: n_pieces × the most pieces that fit a cue.
    """
    reach = script.cue_reach
    best, came_from = [0.0], [0]
    furthest = 0
    for last in range(1, len(reach) + 1):
        while reach[furthest] < last:
            furthest += 1
        cost, first = _find_first(script, (furthest, last), profile, best)
        best.append(cost)
        came_from.append(first)
    return _trace_back(came_from)


def _find_first(
    script: Script, span: tuple[int, int], profile: Profile, best: list[float]
) -> tuple[float, int]:
    """Find the least cost of the text up to `last`, and the boundary where its last cue begins.

    What depends on the cue's end alone is computed once, before the loop over its beginnings.

    Args:
        span: the boundaries of the longest cue that ends there.
        best: the least cost of the text up to each earlier boundary.
    """
    furthest, last = span
    starts_ms, offsets, stops = script.starts_ms, script.offsets, script.stops
    pauses, sentences, clauses = script.pauses, script.sentences, script.clauses
    line_reach, columns_per_second = script.line_reach, profile.columns_per_second
    max_ms, min_ms, end = profile.max_ms, profile.min_ms, script.ends[last]
    latest_ms, room_ms = script.latest_ms[last], script.room_ms[last] - min_ms
    earliest_ms = script.busy_until_ms[last] - max_ms
    n_before = sentences[last - 1]
    is_whole = sentences[last] > n_before
    sentence_cost = _SENTENCE_INSIDE if is_whole else _SENTENCE_GOES_ON
    n_clauses = clauses[last - 1] if script.break_costs[last] > CLAUSE else 0
    break_cost = _CUE + script.break_costs[last] + pauses[last - 1]
    best_cost, best_first = inf, 0
    # Longest cue first: it is usually the cheapest, and then skips line costs of the others.
    for first in range(furthest, last):
        start_ms = starts_ms[first]
        if start_ms < earliest_ms and first < last - 1:
            continue
        cost = best[first] + break_cost - pauses[first]
        if cost >= best_cost:
            continue
        n_columns = end - offsets[first]
        is_broken = line_reach[first] < last
        if stops[first] < last:
            n_columns += 2 * len(profile.dash)
            cost += _EXCHANGE
        n_shown = n_columns - 1 if is_broken and script.is_spaced else n_columns
        needed_ms = max(1, n_shown) * 1000 / columns_per_second
        given_ms = min(latest_ms - start_ms, max_ms)
        if needed_ms > given_ms or start_ms > room_ms:
            cost = _add_haste(cost, needed_ms, needed_ms - given_ms, start_ms - room_ms, profile)
        inside_cost = (n_before - sentences[first]) * sentence_cost
        if n_clauses > clauses[first]:
            inside_cost += _CLAUSE_GOES_ON
        if n_columns < _CRUMB_COLUMNS and not (is_whole and _begins_whole(sentences, first)):
            inside_cost += _CRUMB_COST
        cost += inside_cost
        if is_broken and cost < best_cost:
            cost += lines_cost(script, (first, last), profile, best_cost - cost + _ROUNDING)
        if cost < best_cost:
            best_cost, best_first = cost, first
    return best_cost, best_first


def _add_haste(
    cost: float, needed_ms: float, lacking_ms: float, short_ms: int, profile: Profile
) -> float:
    """Add the costs of breaking the reading speed and of a cue shorter than the profile's least."""
    if lacking_ms > profile.lean_ms:
        cost += _TOO_FAST + _TOO_FAST_PER_SHARE * min(1.0, lacking_ms / needed_ms)
    elif lacking_ms > 0:
        cost += _BORROWED
    if short_ms > profile.lean_ms:
        cost += _TOO_SHORT
    elif short_ms > 0:
        cost += _BORROWED
    return cost


def _begins_whole(sentences: list[int], first: int) -> bool:
    """Whether a sentence begins at the boundary `first`."""
    return first == 0 or sentences[first] > sentences[first - 1]


def _trace_back(came_from: list[int]) -> list[tuple[int, int]]:
    spans = []
    last = len(came_from) - 1
    while last > 0:
        spans.append((came_from[last], last))
        last = came_from[last]
    return spans[::-1]
