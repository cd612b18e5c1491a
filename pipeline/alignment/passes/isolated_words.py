"""Isolated words: found far from their neighbours in the text, searched for again beside them.

Where the text lacks a passage, the word before or after it may also occur in that passage, and be
found there. Words found next to others are not searched for again, unless they are the beginning
or end of a sentence next to another sentence (docs/decisions/0049).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.alignment.decoding import Decoder, decode_windows
from pipeline.alignment.observations import Observations
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.alignment.windows import Window
from pipeline.records import record
from pipeline.text.sentence_ends import ends_sentence
from pipeline.verbalization.spoken_text import SpokenText

AWAY_MS, APART_MS = 1_500, 500
"""Words are isolated with more than these gaps, the one on one side and the other on the other."""
MAX_ISOLATED = 3
"""Longer runs of words are not found by chance."""
REACH_MS = 2_000
"""The words are searched for within this time of a neighbour."""
CONTEXT = 3
"""Words on the neighbour's side that are searched for with them."""
MAX_BETWEEN = 3
"""The most words without a time between isolated words and a neighbour."""
MAX_LOSS = 1.0
"""Move the words if they score at most this much worse, in nats per frame: a place beside their
neighbours is much likelier a priori."""
N_ROUNDS = 3
"""The neighbours of words that were reattached may be reattached after them."""


@record
class _IsolatedWords:
    """Isolated words, and the tokens found before and after them."""

    before: TokenTime
    times: tuple[TokenTime, ...]
    after: TokenTime

    @property
    def tokens(self) -> set[int]:
        """Their indices."""
        return {time.token for time in self.times}


@record
class _Reattachment:
    """New times of isolated words, and the tokens of those not found again that they pass."""

    isolated: _IsolatedWords
    times: tuple[TokenTime, ...]
    overtaken: tuple[int, ...]
    gain: float

    @property
    def rank(self) -> tuple[int, float]:
        """More words come first, then the larger gain in score."""
        return len(self.times), self.gain


def reattach_isolated_words(
    text: SpokenText, found: TokenTimes, observed: Observations
) -> TokenTimes:
    """Move isolated words beside a neighbour, if they are found there too.

    Invariants: starts still increase; no token loses its time but an isolated one that others pass.
    """
    times = list(found.times)
    for _ in range(N_ROUNDS):
        moved = _choose(_look_beside(text, times, observed.decoder))
        if not moved:
            break
        for one in moved:
            for token in one.overtaken:
                times[token] = None
            for time in one.times:
                times[time.token] = time
    return replace(found, times=tuple(times))


def _choose(moves: Iterable[_Reattachment]) -> list[_Reattachment]:
    """The best moves of which no two concern the same words."""
    chosen: list[_Reattachment] = []
    concerned: set[int] = set()
    for one in sorted(moves, key=lambda one: one.rank, reverse=True):
        isolated = one.isolated
        tokens = isolated.tokens | {isolated.before.token, isolated.after.token}
        if not tokens & concerned:
            chosen.append(one)
            concerned |= tokens
    return chosen


def _look_beside(
    text: SpokenText, found: Sequence[TokenTime | None], decoder: Decoder
) -> Iterator[_Reattachment]:
    """Isolated words that are found again beside a neighbour."""
    asked = sorted(
        (
            (isolated, window)
            for isolated in _find_isolated(text, found)
            for window in _list_windows(found, isolated)
        ),
        key=lambda one: one[1].start_ms,
    )
    paths = decode_windows(text, [window for _, window in asked], decoder)
    for (isolated, _), times in zip(asked, paths, strict=True):
        again = tuple(time for time in times if time.token in isolated.tokens)
        if again and (one := _compare(isolated, again)):
            yield one


def _find_isolated(text: SpokenText, found: Sequence[TokenTime | None]) -> Iterator[_IsolatedWords]:
    """Up to MAX_ISOLATED words more than AWAY_MS from the words on one side, and from those on the
    other more than APART_MS or a sentence end."""
    timed = [time for time in found if time]
    gaps_ms = [right.start_ms - left.end_ms for left, right in pairwise(timed)]
    ends = [
        any(ends_sentence(text.written[token]) for token in range(left.token, right.token))
        for left, right in pairwise(timed)
    ]
    for first in range(1, len(timed)):
        for after in range(first + 1, min(len(timed), first + MAX_ISOLATED + 1)):
            near, away = sorted((first - 1, after - 1), key=gaps_ms.__getitem__)
            is_apart = gaps_ms[near] > APART_MS or (ends[near] and not ends[away])
            if is_apart and gaps_ms[away] > AWAY_MS:
                yield _IsolatedWords(timed[first - 1], tuple(timed[first:after]), timed[after])


def _list_windows(found: Sequence[TokenTime | None], isolated: _IsolatedWords) -> Iterator[Window]:
    """Windows after the word before them, and before the word after them, leaving out a side where
    they are adjacent already."""
    before, after = isolated.before, isolated.after
    first, last = isolated.times[0], isolated.times[-1]
    is_apart = first.start_ms - before.end_ms > APART_MS
    if is_apart and first.token - before.token <= MAX_BETWEEN + 1:
        start = _reach(found, range(before.token, max(-1, before.token - CONTEXT), -1)) or before
        end_ms = min(before.end_ms + REACH_MS, after.start_ms)
        n_tokens = last.token + 1 - start.token
        yield Window(start.start_ms, end_ms, start.token, n_tokens, is_open=False)
    is_apart = after.start_ms - last.end_ms > APART_MS
    if is_apart and after.token - last.token <= MAX_BETWEEN + 1:
        end = _reach(found, range(after.token, min(len(found), after.token + CONTEXT))) or after
        start_ms = max(after.start_ms - REACH_MS, before.end_ms)
        n_tokens = end.token + 1 - first.token
        yield Window(start_ms, end.end_ms, first.token, n_tokens, is_open=False)


def _reach(found: Sequence[TokenTime | None], tokens: Sequence[int]) -> TokenTime | None:
    """The last of the tokens before the first one that has no time."""
    reached = None
    for token in tokens:
        if found[token] is None:
            break
        reached = found[token]
    return reached


def _compare(isolated: _IsolatedWords, again: tuple[TokenTime, ...]) -> _Reattachment | None:
    """The move of those words that were found again, if they are consecutive and score well enough;
    None otherwise."""
    first, last = again[0], again[-1]
    place = next(at for at, time in enumerate(isolated.times) if time.token == first.token)
    own = isolated.times[place : place + len(again)]
    gain = _rate(again) - _rate(own)
    is_same = [time.token for time in own] == [time.token for time in again]
    is_elsewhere = last.end_ms <= own[0].start_ms or own[-1].end_ms <= first.start_ms
    is_inside = (
        isolated.before.start_ms < first.start_ms and last.start_ms < isolated.after.start_ms
    )
    if not (is_same and is_elsewhere and is_inside and gain >= -MAX_LOSS):
        return None
    lefts, rights = isolated.times[:place], isolated.times[place + len(again) :]
    overtaken = (
        *(time.token for time in lefts if time.start_ms >= first.start_ms),
        *(time.token for time in rights if time.start_ms <= last.start_ms),
    )
    return _Reattachment(isolated, again, overtaken, gain)


def _rate(times: Sequence[TokenTime]) -> float:
    """Mean score of words: goodness of pronunciation where there are models of the recording."""
    rates = [time.score or 0.0 if time.fit is None else time.fit for time in times]
    return sum(rates) / len(rates)
