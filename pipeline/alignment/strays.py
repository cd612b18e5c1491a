"""Words found by themselves in speech that the text lacks, looked for once more beside their
neighbours.

Where a passage is not in the text, the word before it or behind it may be said in it, too, and its
sound does not tell which of them it is. Words that lie next to others are never moved.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.alignment.searching import Decoder, decode_windows
from pipeline.alignment.spoken_text import SpokenText
from pipeline.alignment.token_times import TokenTime
from pipeline.alignment.windows import Window
from pipeline.records import record

AWAY_MS = 1_500
"""So far from the words found before and behind it, a word is a stray."""
REACH_MS = 2_000
"""So near to one of these it is looked for."""
CONTEXT = 3
"""Words that are looked for with it."""
MOST_BETWEEN = 3
"""Words without a time between the two; what is further away in the text is no neighbour."""
MOST_WORSE = 1.0
"""So much worse it may fit there, in nats a frame: of two places where a word may be said, that
beside its neighbours is much the likelier."""


@record
class _Stray:
    """A word, and those found before and behind it."""

    before: TokenTime
    time: TokenTime
    behind: TokenTime


def bring_back_strays(text: SpokenText, found: list[TokenTime | None], decoder: Decoder) -> int:
    """Move strays beside a neighbour, if they are there too.

    Invariants: starts still increase; no token loses its time.
    Returns:
        How many were moved.
    """
    asked = sorted(
        (
            (stray, window)
            for stray in _find_strays(found)
            for window in _list_windows(found, stray)
        ),
        key=lambda one: one[1].start_ms,
    )
    paths = decode_windows(text, [window for _, window in asked], decoder)
    better: dict[int, TokenTime] = {}
    for (stray, _), times in zip(asked, paths, strict=True):
        token = stray.time.token
        again = next((time for time in times if time.token == token), None)
        if again and _may_be(again, stray):
            best = better.get(token)
            better[token] = again if best is None or _rate(again) > _rate(best) else best
    for token, time in better.items():
        found[token] = time
    return len(better)


def _find_strays(found: Sequence[TokenTime | None]) -> Iterator[_Stray]:
    timed = [time for time in found if time]
    gaps_ms = [right.start_ms - left.end_ms for left, right in pairwise(timed)]
    for place, (before_ms, behind_ms) in enumerate(pairwise(gaps_ms), start=1):
        if min(before_ms, behind_ms) > AWAY_MS:
            yield _Stray(*timed[place - 1 : place + 2])


def _list_windows(found: Sequence[TokenTime | None], stray: _Stray) -> Iterator[Window]:
    """Sound and text behind the word before it, and before the one behind."""
    token, before, behind = stray.time.token, stray.before, stray.behind
    if token - before.token <= MOST_BETWEEN + 1:
        first = _reach(found, range(before.token, max(-1, before.token - CONTEXT), -1)) or before
        end_ms = min(before.end_ms + REACH_MS, behind.start_ms)
        yield Window(first.start_ms, end_ms, first.token, token + 1 - first.token, is_open=False)
    if behind.token - token <= MOST_BETWEEN + 1:
        last = _reach(found, range(behind.token, min(len(found), behind.token + CONTEXT))) or behind
        start_ms = max(behind.start_ms - REACH_MS, before.end_ms)
        yield Window(start_ms, last.end_ms, token, last.token + 1 - token, is_open=False)


def _reach(found: Sequence[TokenTime | None], tokens: Sequence[int]) -> TokenTime | None:
    """The last of a row of tokens before one that has no time."""
    reached = None
    for token in tokens:
        if found[token] is None:
            break
        reached = found[token]
    return reached


def _may_be(again: TokenTime, stray: _Stray) -> bool:
    """Whether the word may be said elsewhere as well as where it strayed to."""
    is_elsewhere = again.end_ms <= stray.time.start_ms or stray.time.end_ms <= again.start_ms
    is_between = stray.before.start_ms < again.start_ms < stray.behind.start_ms
    return is_elsewhere and is_between and _rate(again) >= _rate(stray.time) - MOST_WORSE


def _rate(time: TokenTime) -> float:
    """How well it fits, by the recording's own models if there are any."""
    return time.fit if time.fit is not None else time.score or 0.0
