"""Gaps: tokens without a time, decoded again between those that have one.

Conflicts between their windows are resolved in `aligner.py`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.alignment.decoding import Decoder, decode_windows
from pipeline.alignment.observations import Observations
from pipeline.alignment.token_times import (
    RIGHT_SHARE,
    TokenTime,
    TokenTimes,
    find_runs,
    share_found,
)
from pipeline.alignment.windows import Window
from pipeline.verbalization.spoken_text import SpokenText

GAP_CONTEXT = 4
"""Words on each side of a gap that are decoded again with it."""
MAX_GAP_MS = 16_000
MAX_GAP_TOKENS = 300
"""More text can't be spoken in MAX_GAP_MS, and is the most expensive to decode."""
MIN_RUN = 4
"""Gaps with fewer tokens between them may be joined: those may have been found by chance."""
MIN_SPARSE, SPARSE_SHARE = 20, 0.75
"""Least number and share of tokens without a time in gaps that are joined."""

_Gap = tuple[int, int]
"""The first token of a gap, and the one after its last."""


def decode_gaps(text: SpokenText, found: TokenTimes, observed: Observations) -> TokenTimes:
    """Decode gaps again with a few words of context.

    A gap that lay in one of the windows decoded before is not decoded again, unless the text has
    proved right.
    """
    around = _list_gap_windows(found.times, _list_gaps(text, found.times))
    if share_found(text, found.times) < RIGHT_SHARE:
        around = list(_leave_out_decoded(around, found.windows))
    return _decode(text, found, around, observed.decoder)


def decode_joined_gaps(text: SpokenText, found: TokenTimes, observed: Observations) -> TokenTimes:
    """Decode gaps again that chance finds have divided."""
    cut_up = list(_join_sparse(_list_gaps(text, found.times)))
    return _decode(text, found, _list_gap_windows(found.times, cut_up), observed.decoder)


def fill_gaps(text: SpokenText, found: TokenTimes, observed: Observations) -> TokenTimes:
    """Decode tokens without a time between their neighbours, whose times are kept."""
    windows = _list_gap_windows(found.times, _list_gaps(text, found.times))
    candidates = [
        replace(time, run=1)
        for times in decode_windows(text, windows, observed.decoder)
        for time in times
        if found.times[time.token] is None
    ]
    return replace(found, candidates=tuple(candidates))


def decode_recognized(text: SpokenText, found: TokenTimes, observed: Observations) -> TokenTimes:
    """Decode tokens that the second recogniser recognised between their neighbours, but the decoder
    skipped: reduced, or swallowed by a word beside them.

    Invariants: no token loses its time.
    """
    again = [
        (first, last)
        for first, last in _list_gaps(text, found.times)
        if not found.undecided.isdisjoint(range(first, last))
    ]
    windows = _list_gap_windows(found.times, again, n_context=1)
    paths = decode_windows(text, windows, observed.decoder, required=found.undecided)
    times = list(found.times)
    for window, path in zip(windows, paths, strict=True):
        if len(path) > sum(times[token] is not None for token in window.tokens):
            for time in path:
                before = times[time.token]
                times[time.token] = replace(time, rescored=before.rescored if before else 0.0)
    return replace(found, times=tuple(times))


def _decode(
    text: SpokenText, found: TokenTimes, windows: Sequence[Window], decoder: Decoder
) -> TokenTimes:
    """Decode windows around tokens without a time.

    A window's new times replace the old ones if they are more. Windows around neighbouring gaps
    overlap, so that the times may conflict.
    """
    is_right = share_found(text, found.times) >= RIGHT_SHARE
    replaced = list(found.times)
    paths = decode_windows(text, windows, decoder, is_right)
    for window, times in zip(windows, paths, strict=True):
        if len(times) > sum(replaced[token] is not None for token in window.tokens):
            again = {time.token: time for time in times}
            for token in window.tokens:
                replaced[token] = again.get(token)
    return replace(found, times=tuple(replaced))


def _leave_out_decoded(windows: Sequence[Window], before: Sequence[Window]) -> Iterator[Window]:
    """The windows whose text and sound lay in no window decoded before: its best path was the best
    for each of its parts too."""
    closed = [window for window in before if not window.is_open]
    for window in windows:
        place = bisect_right(closed, window.first_token, key=lambda one: one.first_token) - 1
        if place < 0 or not _holds(closed[place], window):
            yield window


def _holds(outer: Window, inner: Window) -> bool:
    has_sound = outer.start_ms <= inner.start_ms and inner.end_ms <= outer.end_ms
    return has_sound and inner.tokens.stop <= outer.tokens.stop


def _list_gap_windows(
    found: Sequence[TokenTime | None], gaps: Sequence[_Gap], n_context: int = GAP_CONTEXT
) -> list[Window]:
    return [window for gap in gaps if (window := _window_around(found, *gap, n_context))]


def _window_around(
    found: Sequence[TokenTime | None], first: int, last: int, n_context: int
) -> Window | None:
    """A window from a token found before a gap to one found after it, unless it is too long."""
    start, end = max(0, first - n_context), min(len(found), last + n_context)
    left = next((time for time in found[start:first] if time), None)
    right = next((time for time in reversed(found[last:end]) if time), None)
    if not left or not right or not 0 < right.end_ms - left.start_ms <= MAX_GAP_MS:
        return None
    n_tokens = right.token + 1 - left.token
    if n_tokens > MAX_GAP_TOKENS:
        return None
    return Window(left.start_ms, right.end_ms, left.token, n_tokens, is_open=False)


def _list_gaps(text: SpokenText, found: Sequence[TokenTime | None]) -> list[_Gap]:
    """Stretches of speakable tokens without a time."""
    return list(
        find_runs([time is None and bool(text.forms[token][0]) for token, time in enumerate(found)])
    )


def _join_sparse(gaps: Sequence[_Gap]) -> Iterator[_Gap]:
    """Neighbouring gaps with few tokens between them, joined: where a passage was not spoken, some
    of its words match other speech by chance, and divide the gap."""
    breaks = [
        number
        for number, (left, right) in enumerate(pairwise(gaps), start=1)
        if right[0] - left[1] >= MIN_RUN
    ]
    for start, after in pairwise([0, *breaks, len(gaps)]):
        own = gaps[start:after]
        n_missing = sum(last - first for first, last in own)
        if len(own) > 1 and n_missing >= max(MIN_SPARSE, SPARSE_SHARE * (own[-1][1] - own[0][0])):
            yield own[0][0], own[-1][1]
