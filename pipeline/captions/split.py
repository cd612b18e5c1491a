"""Which words make a cue: the cheapest way to cut the whole text, by dynamic programming.

Every figure of cost is here or in `breaks.py` (a break by its words) and `lines.py` (line breaks).
"""

from pipeline.captions.breaks import CLAUSE
from pipeline.captions.lines import lines_cost
from pipeline.captions.profile import Profile
from pipeline.captions.script import Script

# Costs share one scale with `breaks.py`: a break within a phrase is 7, after an article 13.
_CUE = 4.0
"""Every cue costs the viewer a glance: fewer are better where nothing else decides."""

_EXCHANGE = 12.0
"""Two speakers in one cue, which is read more slowly: for what is too short to be shown alone."""

_BORROWED = 4.0
"""Time that a neighbour must spare."""

_TOO_FAST = 60.0
_TOO_FAST_PER_SHARE = 40.0
"""Faster than the profile reads: a rule broken, and worse the more time is missing."""

_TOO_SHORT = 40.0
_TOO_SHORT_PER_SHARE = 8.0

_SENTENCE_GOES_ON = 4.0
_SENTENCE_INSIDE = 0.7
"""A sentence that ends inside a cue: bad where the cue runs on into a part of the next (BBC: one
sentence a caption), nearly nothing where the cue holds whole sentences."""

_CLAUSE_GOES_ON = 2.0
"""A cue that runs past a good break to end at a worse one."""

_CRUMB_COLUMNS = 14
_CRUMB_COST = 4.0
"""A cue of a word or two that is not a sentence by itself."""


def choose_spans(script: Script, profile: Profile) -> list[tuple[int, int]]:
    """Cut the text into cues: (first, last) boundaries, in order, nothing left out.

    Cost: pieces times the pieces that fit a cue.
    """
    n_pieces = len(script.starts_ms)
    best = [0.0] * (n_pieces + 1)
    came_from = [0] * (n_pieces + 1)
    reach, starts_ms, pauses = script.cue_reach, script.starts_ms, script.pauses
    furthest = 0
    for last in range(1, n_pieces + 1):
        best_cost = float("inf")
        break_cost = _CUE + script.break_costs[last] + pauses[last - 1]
        earliest_ms = script.busy_until_ms[last] - profile.max_ms
        while reach[furthest] < last:
            furthest += 1
        # The longest cue first: it is the likeliest, and its cost spares the search of the rest.
        for first in range(furthest, last):
            if starts_ms[first] < earliest_ms and first < last - 1:
                continue
            cost = best[first] + break_cost - pauses[first]
            if cost >= best_cost:
                continue
            cost = _add_costs(script, (first, last), profile, (cost, best_cost))
            if cost < best_cost:
                best_cost, came_from[last] = cost, first
        best[last] = best_cost
    return _trace_back(came_from)


def _add_costs(
    script: Script, span: tuple[int, int], profile: Profile, costs: tuple[float, float]
) -> float:
    """A cost with that of this cue's contents added; not summed to its end once above the limit."""
    first, last = span
    cost, limit = costs
    start_ms = script.starts_ms[first]
    n_columns = script.ends[last] - script.offsets[first]
    if script.stops[first] < last:
        n_columns += 2 * len(profile.dash)
        cost += _EXCHANGE
    is_broken = script.line_reach[first] < last
    n_shown = n_columns - (is_broken and script.is_spaced)
    needed_ms = max(1, n_shown) * 1000 / profile.columns_per_second
    missing_ms = needed_ms - min(script.latest_ms[last] - start_ms, profile.max_ms)
    if missing_ms > profile.lean_ms:
        cost += _TOO_FAST + _TOO_FAST_PER_SHARE * min(1.0, missing_ms / needed_ms)
    elif missing_ms > 0:
        cost += _BORROWED
    missing_ms = profile.min_ms - (script.room_ms[last] - start_ms)
    if missing_ms > profile.lean_ms:
        cost += _TOO_SHORT + _TOO_SHORT_PER_SHARE * min(1.0, missing_ms / profile.min_ms)
    elif missing_ms > 0:
        cost += _BORROWED
    cost += _sentence_cost(script, first, last, n_columns)
    if cost < limit and is_broken:
        cost += lines_cost(script, span, profile)
    return cost


def _sentence_cost(script: Script, first: int, last: int, n_columns: int) -> float:
    sentences = script.sentences
    n_inside = sentences[last - 1] - sentences[first]
    ends_whole = sentences[last] > sentences[last - 1]
    cost = n_inside * (_SENTENCE_INSIDE if ends_whole else _SENTENCE_GOES_ON)
    if script.break_costs[last] > CLAUSE and script.clauses[last - 1] > script.clauses[first]:
        cost += _CLAUSE_GOES_ON
    if n_columns < _CRUMB_COLUMNS:
        is_begun_here = first == 0 or sentences[first] > sentences[first - 1]
        cost += 0.0 if ends_whole and is_begun_here else _CRUMB_COST
    return cost


def _trace_back(came_from: list[int]) -> list[tuple[int, int]]:
    spans = []
    last = len(came_from) - 1
    while last > 0:
        spans.append((came_from[last], last))
        last = came_from[last]
    return spans[::-1]
