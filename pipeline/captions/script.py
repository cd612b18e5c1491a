"""The pieces as arrays for the search: widths, times, break costs, how far a line or cue reaches.

The search itself is in `split.py` and `lines.py`.
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
"""Cost of a pause inside a cue, per ms beyond _COMFORTABLE_PAUSE_MS: its text shows too early."""


@dataclass(frozen=True, slots=True)
class Script:
    """Arrays over the boundaries of n pieces: boundary b lies before piece b, n after the last.

    Args:
        starts_ms: start of the piece after the boundary.
        busy_until_ms: earliest out-time of a cue that ends here.
        latest_ms: latest out-time of such a cue by the profile (see `timing.latest_end`).
        room_ms: latest out-time in any case: the next piece's start less the gap.
        offsets: columns of text before the next piece begins, its leading space included.
        ends: the same without that space: where a line that ends here ends.
        line_costs: cost of a line break here.
        break_costs: cost of a break between cues here.
        sentences: number of sentences and turns that end here or before.
        clauses: number of break_costs of at most CLAUSE, here or before.
        pauses: summed cost of the pauses up to here, if they lie inside cues.
        is_spaced: whether there is a space at every boundary.
        stops: the next boundary that no line may cross (a change of turn).
        line_reach: the furthest boundary at which a line that begins here can end.
        cue_reach: the same for a cue; beyond its stop, a cue holds two speakers.
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
    """Make the arrays of at least one piece.  Cost: linear."""
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
    """For each piece whether it ends a sentence or a turn."""
    for index, reading in enumerate(readings):
        yield stops[index] == index + 1 or reading.ends_sentence


def _busy_until(speech_end_ms: int, next_start_ms: int, profile: Profile) -> int:
    is_held = is_chained(speech_end_ms, next_start_ms, profile)
    return next_start_ms - profile.gap_ms if is_held else speech_end_ms


def _pause_cost(before: Piece, after: Piece) -> float:
    pause_ms = after.start_ms - before.end_ms
    return max(0, pause_ms - _COMFORTABLE_PAUSE_MS) * _PAUSE_COST_PER_MS


def _find_stops(borders: list[int], n_pieces: int) -> list[int]:
    """For each piece the next boundary that no line may cross."""
    stops: list[int] = []
    for border in [*borders, n_pieces]:
        stops += [border] * (border - len(stops))
    return stops


def _find_columns(pieces: Sequence[Piece]) -> tuple[list[int], list[int]]:
    """`Script.offsets` and `Script.ends`."""
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
    """The furthest boundary for a line from each piece: at least one piece, however wide."""
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
    """How far cues reach if they may hold two speakers, a dashed line each.

    Invariants: never decreases, as a line that begins later reaches at least as far.
    """
    return [
        dashed_reach[dashed] if dashed in exchanges else furthest
        for furthest, dashed in zip(cue_reach, dashed_reach, strict=True)
    ]
