"""The pieces as columns the search reads fast: widths, times, break costs, how far a line reaches.

Facts only; what they cost together is in `split.py` and `lines.py`.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate, pairwise

from pipeline.captions.breaks import (
    CLAUSE,
    Reading,
    find_cue_costs,
    find_line_costs,
    read_pieces,
)
from pipeline.captions.fragments import Piece, is_exchange, is_parted
from pipeline.captions.grammar import Grammar
from pipeline.captions.profile import Profile
from pipeline.captions.text import measure
from pipeline.captions.timing import is_chained, latest_end
from pipeline.captions.unspaced import Joint

_COMFORTABLE_PAUSE_MS = 400
_PAUSE_COST_PER_MS = 0.012
"""Text shown ahead of a pause gives away what is yet to be said: a second costs a bad break."""


@dataclass(frozen=True, slots=True)
class Script:
    """Columns over n pieces, by boundary: b lies before piece b, n after the last.

    Args:
        starts_ms: when the piece after it begins.
        busy_until_ms: when a cue that ends here must still be on screen.
        latest_ms: how long it may stay for reading.
        room_ms: how long it may stay at all: the next cue's in-time less the gap.
        offsets: columns of text before it, with the space before the piece after it.
        ends: the same without that space: where a line that ends here ends.
        line_costs: of a line break at it.
        break_costs: of a break between cues at it.
        sentences: how many sentences and turns end at it or before.
        clauses: how many good breaks there are up to it: clause ends, sentence ends, pauses.
        pauses: what holding the pauses at it and before inside cues would cost.
        is_spaced: whether there is a space at every boundary.
        stops: the boundary that no line from the piece after it can cross.
        line_reach: the furthest boundary a line that begins here can end at.
        cue_reach: the same for a cue; beyond its stop, a cue is an exchange of two speakers.
    """

    starts_ms: list[int]
    busy_until_ms: list[int]
    latest_ms: list[int]
    room_ms: list[int]
    offsets: list[int]
    ends: list[int]
    line_costs: list[float]
    break_costs: list[float]
    sentences: list[int]
    clauses: list[int]
    pauses: list[float]
    is_spaced: bool
    stops: list[int]
    line_reach: list[int]
    cue_reach: list[int]


def make_script(
    pieces: Sequence[Piece], duration_ms: int, profile: Profile, grammar: Grammar
) -> Script:
    """Lay at least one piece out in columns.  Cost: linear."""
    starts_ms = [piece.start_ms for piece in pieces]
    last_ms = max(duration_ms, pieces[-1].end_ms) + profile.open_gap_ms
    spans = list(zip((piece.end_ms for piece in pieces), [*starts_ms[1:], last_ms], strict=True))
    offsets, ends = _find_columns(pieces)
    readings = read_pieces(pieces, grammar)
    line_costs = find_line_costs(pieces, readings, grammar)
    break_costs = find_cue_costs(pieces, line_costs)
    borders = [at for at, pair in enumerate(pairwise(pieces), start=1) if is_parted(*pair)]
    stops = _find_stops(borders, len(pieces))
    columns = offsets, ends
    line_reach = _line_reach(columns, stops, profile.columns_per_line)
    return Script(
        starts_ms=starts_ms,
        busy_until_ms=[0, *(_busy_until(*span, profile) for span in spans)],
        latest_ms=[0, *(latest_end(*span, profile) for span in spans)],
        room_ms=[0, *(next_ms - profile.gap_ms for _, next_ms in spans)],
        offsets=offsets,
        ends=ends,
        line_costs=line_costs,
        break_costs=break_costs,
        clauses=list(accumulate(int(cost <= CLAUSE) for cost in break_costs)),
        sentences=[0, *accumulate(_find_sentence_ends(readings, stops))],
        pauses=[0.0, *accumulate(_pause_cost(*pair) for pair in pairwise(pieces))],
        is_spaced=all(piece.joint is Joint.SPACE for piece in pieces),
        stops=stops,
        line_reach=line_reach,
        cue_reach=_add_exchanges(
            _cue_reach(line_reach, stops, profile.max_lines),
            _line_reach(columns, stops, profile.columns_per_line - len(profile.dash)),
            {at for at in borders if is_exchange(pieces[at - 1], pieces[at])}
            if profile.dash and profile.max_lines > 1
            else set(),
        ),
    )


def _find_sentence_ends(readings: Sequence[Reading], stops: list[int]) -> Iterator[bool]:
    """For each piece whether its sentence ends with it, as it does at a change of speaker."""
    for index, reading in enumerate(readings):
        yield stops[index] == index + 1 or reading.ends_sentence


def _busy_until(speech_end_ms: int, next_start_ms: int, profile: Profile) -> int:
    is_held = is_chained(speech_end_ms, next_start_ms, profile)
    return next_start_ms - profile.gap_ms if is_held else speech_end_ms


def _pause_cost(before: Piece, after: Piece) -> float:
    pause_ms = after.start_ms - before.end_ms
    return max(0, pause_ms - _COMFORTABLE_PAUSE_MS) * _PAUSE_COST_PER_MS


def _find_stops(borders: list[int], n_pieces: int) -> list[int]:
    """For each piece the boundary no line that holds it can cross."""
    stops: list[int] = []
    for border in [*borders, n_pieces]:
        stops += [border] * (border - len(stops))
    return stops


def _find_columns(pieces: Sequence[Piece]) -> tuple[list[int], list[int]]:
    """Where at each boundary the text after it begins, and where that before it ends."""
    offsets: list[int] = []
    ends = [0]
    end = 0
    for piece in pieces:
        start = end + (piece.joint is Joint.SPACE) if offsets else 0
        end = start + measure(piece.text)
        offsets.append(start)
        ends.append(end)
    return [*offsets, end], ends


def _line_reach(
    columns: tuple[list[int], list[int]], stops: list[int], columns_per_line: int
) -> list[int]:
    """At least one piece, however long, fits a line."""
    offsets, ends = columns
    reach = []
    furthest, n_pieces = 0, len(stops)
    for first, stop in enumerate(stops):
        limit = offsets[first] + columns_per_line
        while furthest < n_pieces and ends[furthest + 1] <= limit:
            furthest += 1
        reach.append(min(max(furthest, first + 1), stop))
    return reach


def _cue_reach(line_reach: list[int], stops: list[int], max_lines: int) -> list[int]:
    reach = line_reach
    for _ in range(max_lines - 1):
        reach = [
            line_reach[last] if last < stop else stop
            for last, stop in zip(reach, stops, strict=True)
        ]
    return reach


def _add_exchanges(cue_reach: list[int], dashed_reach: list[int], exchanges: Set[int]) -> list[int]:
    """How far cues reach that may hold one line of each of two speakers.

    Invariants: never decreases, as a line further on reaches at least as far.
    """
    return [
        dashed_reach[dashed] if dashed in exchanges else furthest
        for furthest, dashed in zip(cue_reach, dashed_reach, strict=True)
    ]
