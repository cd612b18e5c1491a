"""Words found by themselves in speech that the text lacks, looked for once more beside their
neighbours.

Where a passage is not in the text, the word before it or behind it may be said in it, too, and its
sound does not tell which of them it is. Words that lie next to others stay there, but for the end
or the beginning of a sentence that lies next to another one.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.alignment.searching import Decoder, decode_windows
from pipeline.alignment.spoken_text import SpokenText
from pipeline.alignment.token_times import TokenTime
from pipeline.alignment.windows import Window
from pipeline.punctuation import closes_sentence
from pipeline.records import record

AWAY_MS, APART_MS = 1_500, 500
"""So far from the words found on one side, and on the other, words are strays."""
MOST_STRAYS = 3
"""More words in a row are not found by chance."""
REACH_MS = 2_000
"""So near to their neighbours they are looked for."""
CONTEXT = 3
"""Words that are looked for with them."""
MOST_BETWEEN = 3
"""Words without a time between the two; what is further away in the text is no neighbour."""
MOST_WORSE = 1.0
"""So much worse they may fit there, in nats a frame: of two places where words may be said, that
beside their neighbours is much the likelier."""
N_ROUNDS = 3
"""Words that come back have neighbours that may follow them."""


@record
class _Strays:
    """Words that lie next to each other, and those found before and behind them."""

    before: TokenTime
    times: tuple[TokenTime, ...]
    behind: TokenTime

    @property
    def tokens(self) -> set[int]:
        """Their numbers."""
        return {time.token for time in self.times}


def bring_back_strays(text: SpokenText, found: list[TokenTime | None], decoder: Decoder) -> int:
    """Move strays beside a neighbour, if they are there too.

    Invariants: starts still increase; no token loses its time.
    Returns:
        How many were moved.
    """
    n_moved = 0
    for _ in range(N_ROUNDS):
        moved = _look_beside(text, found, decoder)
        if not moved:
            break
        n_moved += len(moved)
        for time in moved:
            found[time.token] = time
    return n_moved


def _look_beside(
    text: SpokenText, found: Sequence[TokenTime | None], decoder: Decoder
) -> list[TokenTime]:
    """The times of strays that may lie beside a neighbour that stays."""
    asked = sorted(
        (
            (strays, window)
            for strays in dict.fromkeys((*_find_strays(found), *_find_torn_off(text, found)))
            for window in _list_windows(found, strays)
        ),
        key=lambda one: one[1].start_ms,
    )
    paths = decode_windows(text, [window for _, window in asked], decoder)
    better: dict[_Strays, list[TokenTime]] = {}
    for (strays, _), times in zip(asked, paths, strict=True):
        again = [time for time in times if time.token in strays.tokens]
        if _may_be(again, strays):
            better[strays] = max(again, better.get(strays, again), key=_rate_all)
    moved: dict[int, TokenTime] = {}
    for strays in sorted(better, key=lambda one: one.before.token):
        if strays.before.token not in moved:
            moved |= {time.token: time for time in better[strays]}
    return list(moved.values())


def _find_strays(found: Sequence[TokenTime | None]) -> Iterator[_Strays]:
    timed = [time for time in found if time]
    gaps_ms = [right.start_ms - left.end_ms for left, right in pairwise(timed)]
    breaks = [place for place, gap_ms in enumerate(gaps_ms, start=1) if gap_ms > APART_MS]
    for first, behind in pairwise(breaks):
        is_away = max(gaps_ms[first - 1], gaps_ms[behind - 1]) > AWAY_MS
        if is_away and behind - first <= MOST_STRAYS:
            yield _Strays(timed[first - 1], tuple(timed[first:behind]), timed[behind])


def _find_torn_off(text: SpokenText, found: Sequence[TokenTime | None]) -> Iterator[_Strays]:
    """A few words that lie beside another sentence, far from the rest of their own."""
    timed = [time for time in found if time]
    ends = [
        any(closes_sentence(text.written[token]) for token in range(left.token, right.token))
        for left, right in pairwise(timed)
    ]
    for place, (left, right) in enumerate(pairwise(timed)):
        if right.start_ms - left.end_ms <= AWAY_MS or ends[place]:
            continue
        reach = range(1, MOST_STRAYS + 1)
        n_before = next((n for n in reach if n <= place and ends[place - n]), None)
        n_behind = next((n for n in reach if place + n < len(ends) and ends[place + n]), None)
        if n_before:
            first = place + 1 - n_before
            yield _Strays(timed[first - 1], tuple(timed[first : place + 1]), right)
        if n_behind:
            behind = place + 1 + n_behind
            yield _Strays(left, tuple(timed[place + 1 : behind]), timed[behind])


def _list_windows(found: Sequence[TokenTime | None], strays: _Strays) -> Iterator[Window]:
    """Sound and text behind the word before them, and before the one behind, but for one that they
    lie next to."""
    before, behind = strays.before, strays.behind
    first, last = strays.times[0].token, strays.times[-1].token
    is_apart = strays.times[0].start_ms - before.end_ms > APART_MS
    if is_apart and first - before.token <= MOST_BETWEEN + 1:
        start = _reach(found, range(before.token, max(-1, before.token - CONTEXT), -1)) or before
        end_ms = min(before.end_ms + REACH_MS, behind.start_ms)
        yield Window(start.start_ms, end_ms, start.token, last + 1 - start.token, is_open=False)
    is_apart = behind.start_ms - strays.times[-1].end_ms > APART_MS
    if is_apart and behind.token - last <= MOST_BETWEEN + 1:
        end = _reach(found, range(behind.token, min(len(found), behind.token + CONTEXT))) or behind
        start_ms = max(behind.start_ms - REACH_MS, before.end_ms)
        yield Window(start_ms, end.end_ms, first, end.token + 1 - first, is_open=False)


def _reach(found: Sequence[TokenTime | None], tokens: Sequence[int]) -> TokenTime | None:
    """The last of a row of tokens before one that has no time."""
    reached = None
    for token in tokens:
        if found[token] is None:
            break
        reached = found[token]
    return reached


def _may_be(again: Sequence[TokenTime], strays: _Strays) -> bool:
    """Whether some of the words, next to each other, may be said elsewhere as well as where they
    strayed to; the others of them may be said nowhere."""
    if not again:
        return False
    first, last = again[0], again[-1]
    row = (strays.before, *strays.times, strays.behind)
    place = next(place for place, time in enumerate(row) if time.token == first.token)
    own = row[place : place + len(again)]
    if [time.token for time in own] != [time.token for time in again]:
        return False
    is_elsewhere = last.end_ms <= own[0].start_ms or own[-1].end_ms <= first.start_ms
    left, right = row[place - 1], row[place + len(again)]
    is_between = left.start_ms < first.start_ms and last.start_ms < right.start_ms
    return is_elsewhere and is_between and _rate(again) >= _rate(own) - MOST_WORSE


def _rate_all(times: Sequence[TokenTime]) -> tuple[int, float]:
    """The more words the better, then the better they fit."""
    return len(times), _rate(times)


def _rate(times: Sequence[TokenTime]) -> float:
    """How well words fit, by the recording's own models if there are any."""
    rates = [time.score or 0.0 if time.fit is None else time.fit for time in times]
    return sum(rates) / len(rates)
