"""Line breaks within a cue: the cheapest by the words at the break and the balance of the lines.

Which words the cue holds is chosen in `split.py`, which asks here what its lines would cost.
"""

from math import inf

from pipeline.captions.profile import Profile
from pipeline.captions.script import Script

# What changes without each cost: docs/experiments/captions.md, "ablation of the costs".
_BREAK_SHARE = 0.6
"""Weight of a break's cost within a cue; between cues it is 1, as it disturbs more there."""

_UNEVEN_COST = 0.08
_TOP_HEAVY_COST = 0.06
"""Cost per column of difference between two lines; the second is added if the upper one is longer
(Netflix and BBC prefer the shorter line on top: less of the picture is covered)."""

_WINDOW = 16
"""Boundaries tried for a line's end, from the furthest back: more than any usual line has; bounds
the time on text of single letters."""

_STUB_COLUMNS = 8
_STUB_COST = 2.5
"""Cost of a line narrower than _STUB_COLUMNS: one short word looks like a mistake."""


def choose_lines(script: Script, span: tuple[int, int], profile: Profile) -> list[int]:
    """Choose the boundaries where the pieces first..last-1 break into lines; none if they fit one.

    Two speakers have a line each.
    """
    return _search(script, span, profile.max_lines, inf)[1]


def lines_cost(script: Script, span: tuple[int, int], profile: Profile, limit: float) -> float:
    """Least cost of the lines of the pieces first..last-1; infinite where it exceeds `limit`.

    Source: Netflix, "Line Treatment": one line unless it is too long.
    """
    return _search(script, span, profile.max_lines, limit)[0]


def _search(
    script: Script, span: tuple[int, int], n_lines: int, limit: float
) -> tuple[float, list[int]]:
    first, last = span
    reach = script.line_reach
    if script.stops[first] < last:
        return 0.0, [script.stops[first]]
    if n_lines <= 1 or reach[first] >= last:
        return 0.0, []
    if n_lines == 2:
        return _break_once(script, span, limit)
    best_cost, best_breaks = inf, [reach[first]]
    for boundary in range(reach[first], max(first, reach[first] - _WINDOW), -1):
        rest_cost, rest = _search(script, (boundary, last), n_lines - 1, inf)
        top = script.ends[boundary] - script.offsets[first]
        bottom = script.ends[rest[0] if rest else last] - script.offsets[boundary]
        cost = rest_cost + script.line_costs[boundary] * _BREAK_SHARE
        cost += abs(top - bottom) * _UNEVEN_COST + max(0, top - bottom) * _TOP_HEAVY_COST
        cost += _STUB_COST * (min(top, bottom) < _STUB_COLUMNS)
        if cost < best_cost:
            best_cost, best_breaks = cost, [boundary, *rest]
    return best_cost, best_breaks


def _break_once(script: Script, span: tuple[int, int], limit: float) -> tuple[float, list[int]]:
    """`_search` for two lines, by far the most frequent case, so written for speed."""
    first, last = span
    reach, offsets, ends, costs = script.line_reach, script.offsets, script.ends, script.line_costs
    left, right = offsets[first], ends[last]
    best_cost, best = inf, reach[first]
    for boundary in range(reach[first], max(first, reach[first] - _WINDOW), -1):
        top, bottom = ends[boundary] - left, right - offsets[boundary]
        uneven = top - bottom
        if uneven > 0:
            cost = uneven * _UNEVEN_COST + uneven * _TOP_HEAVY_COST
        else:
            cost = -uneven * _UNEVEN_COST
            if cost >= limit:  # further back, the lines differ even more
                break
        if reach[boundary] < last:
            break
        cost += costs[boundary] * _BREAK_SHARE
        if top < _STUB_COLUMNS or bottom < _STUB_COLUMNS:
            cost += _STUB_COST
        if cost < limit:
            best_cost, best, limit = cost, boundary, cost
    return best_cost, [best]
