"""Where the lines of a cue break: at the best word boundary that leaves balanced lines.

Which words the cue holds is `split.py`'s choice, which asks here what its lines would cost.
"""

from math import inf

from pipeline.captions.profile import Profile
from pipeline.captions.script import Script

_BREAK_SHARE = 0.6
"""A bad break within a cue disturbs less than one between cues."""

_UNEVEN_COST = 0.08
_TOP_HEAVY_COST = 0.06
"""Per column one line is longer than the other; the shorter one is better on top (Netflix and
BBC: bottom-heavy, so that the eye travels less and less of the picture is covered)."""

_WINDOW = 16
"""How many boundaries are tried for a line's end, from the furthest back: more than any sensible
line has; it bounds the cost of text made of single letters."""

_STUB_COLUMNS = 8
_STUB_COST = 2.5
"""A line of one short word looks like a mistake."""


def choose_lines(script: Script, span: tuple[int, int], profile: Profile) -> list[int]:
    """The boundaries where the pieces first..last-1 break into lines; none where one line does.

    Two speakers have a line each.
    """
    return _search(script, span, profile.max_lines, inf)[1]


def lines_cost(script: Script, span: tuple[int, int], profile: Profile, limit: float) -> float:
    """What the best lines of the pieces first..last-1 cost; infinite where that is over a limit.

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
    """The same for two lines, which nearly all cues that break have: this is asked most often."""
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
            if cost >= limit:  # and further back, lines are less even still
                break
        if reach[boundary] < last:
            break
        cost += costs[boundary] * _BREAK_SHARE
        if top < _STUB_COLUMNS or bottom < _STUB_COLUMNS:
            cost += _STUB_COST
        if cost < limit:
            best_cost, best, limit = cost, boundary, cost
    return best_cost, [best]
