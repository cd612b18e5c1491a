"""Windows: which stretch of text is searched for in which stretch of sound, given the anchors.

Windows are cut in pauses inside anchors, so that their text is exact; where there are no anchors,
short windows share all the text that may be spoken there (docs/decisions/0026).
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.records import Stretch, record

MIN_WINDOW_MS = 3_000
MAX_WINDOW_MS = 20_000
"""Longer stretches without a cut are divided at pauses into open windows of uncertain text."""
BEST_WINDOW_MS = 7_000
"""Longer windows take longer to decode, as more states are active; shorter ones need more cuts."""
CUT_COST, PAUSE_COST, CLEAR_PAUSE_MS = 1.0, 6.0, 60
"""Cost of a cut in a pause of p ms: CUT_COST + PAUSE_COST · exp(−p / CLEAR_PAUSE_MS). A window of
BEST_WINDOW_MS costs 1."""
OPEN_WINDOW_MS, OPEN_PAD_MS = 6_000, 400
MIN_PAUSE_MS = 40
EDGE_PAD_MS = 300
"""Sound kept before and after the speech of a window."""
LATE_SHARE, LATE_MS = 0.1, 2_000
"""Speech may begin earlier than detected by this share of the time without speech before it, up to
LATE_MS: after a minute of music, detection is up to 1.3 s late."""
MAX_TOKENS = 300
"""The most text that is searched for in one window."""


@record
class FixedToken:
    """A token with its time in the first pass; `run` is the number of its anchor."""

    token: int
    start_ms: int
    end_ms: int
    run: int


@record
class Window:
    """Sound from `start_ms` to `end_ms`, and the tokens that may be spoken in it.

    `is_open`: the sound may begin and end anywhere in the text.
    """

    start_ms: int
    end_ms: int
    first_token: int
    n_tokens: int
    is_open: bool

    @property
    def length_ms(self) -> int:
        """Its duration."""
        return self.end_ms - self.start_ms

    @property
    def tokens(self) -> range:
        """The indices of its tokens."""
        return range(self.first_token, self.first_token + self.n_tokens)


@record
class _Cut:
    """A time, in a pause of `pause_ms`, and the token before which the text is cut there."""

    time_ms: int
    token: int
    pause_ms: int = 0


def make_windows(
    fixed: Sequence[FixedToken], speech: Sequence[Stretch], n_tokens: int
) -> tuple[Window, ...]:
    """Windows in order of time that cover all speech and all text."""
    if not speech or not n_tokens:
        return ()
    speech = list(_begin_early(speech))
    first_ms = max(0, speech[0].start_ms - EDGE_PAD_MS)
    last_ms = speech[-1].end_ms + EDGE_PAD_MS
    inside = [cut for cut in _possible_cuts(fixed) if first_ms < cut.time_ms < last_ms]
    cuts = [_Cut(first_ms, 0), *inside, _Cut(last_ms, n_tokens)]
    windows: list[Window] = []
    for before, after in pairwise(_choose_cuts(cuts)):
        spoken = _clip_speech(speech, before.time_ms, after.time_ms)
        if not spoken or before.token == after.token:
            continue
        start_ms = max(before.time_ms, spoken[0].start_ms - EDGE_PAD_MS)
        end_ms = min(after.time_ms, spoken[-1].end_ms + EDGE_PAD_MS)
        n_inside = after.token - before.token
        if end_ms - start_ms <= MAX_WINDOW_MS and n_inside <= MAX_TOKENS:
            windows.append(Window(start_ms, end_ms, before.token, n_inside, is_open=False))
        else:
            windows += _open_windows(spoken, before, after, fixed)
    # An open window's pad may reach back over a short one before it.
    return tuple(sorted(windows, key=lambda window: window.start_ms))


def _possible_cuts(fixed: Sequence[FixedToken]) -> list[_Cut]:
    """Cuts with two words of one anchor on each side: in pauses, and where there is no pause for
    MAX_WINDOW_MS / 2 also elsewhere."""
    cuts: list[_Cut] = []
    for index in range(1, len(fixed) - 2):
        around = fixed[index - 1 : index + 3]
        before, after = around[1], around[2]
        is_whole = around[3].token - around[0].token == 3 and len({t.run for t in around}) == 1
        if is_whole and after.start_ms >= before.end_ms:
            pause_ms = after.start_ms - before.end_ms
            cuts.append(_Cut((before.end_ms + after.start_ms) // 2, after.token, pause_ms))
    pauses_ms = [cut.time_ms for cut in cuts if cut.pause_ms >= MIN_PAUSE_MS]

    def is_needed(cut: _Cut) -> bool:
        place = bisect_left(pauses_ms, cut.time_ms)
        around_ms = [0, *pauses_ms[max(0, place - 1) : place + 1]][-2:]
        return place == len(pauses_ms) or around_ms[1] - around_ms[0] > MAX_WINDOW_MS // 2

    return [cut for cut in cuts if cut.pause_ms >= MIN_PAUSE_MS or is_needed(cut)]


def _choose_cuts(cuts: Sequence[_Cut]) -> Iterator[_Cut]:
    """The cuts of least cost: windows neither long nor short, cut in clear pauses.

    Args:
        cuts: in order of time; the first and the last are always chosen.
    Source: dynamic programming over the cuts, as in Knuth & Plass 1981, "Breaking paragraphs into
        lines".  Cost: n × the cuts within MAX_WINDOW_MS.
    """
    costs, came_from = [0.0], [0]
    for index in range(1, len(cuts)):
        here = cuts[index]
        ways: list[tuple[float, int]] = []
        for before in range(index - 1, -1, -1):
            length_ms = here.time_ms - cuts[before].time_ms
            if length_ms > MAX_WINDOW_MS and ways:
                break
            ways.append((costs[before] + _rate_window(length_ms), before))
        cost, origin = min(ways)
        costs.append(cost + CUT_COST + PAUSE_COST * math.exp(-here.pause_ms / CLEAR_PAUSE_MS))
        came_from.append(origin)
    chosen = [len(cuts) - 1]
    while chosen[-1]:
        chosen.append(came_from[chosen[-1]])
    return (cuts[index] for index in reversed(chosen))


def _rate_window(length_ms: int) -> float:
    """Cost of a window: (length / BEST_WINDOW_MS)², more if it is too short or too long."""
    cost = (length_ms / BEST_WINDOW_MS) ** 2
    if length_ms < MIN_WINDOW_MS:
        cost += MIN_WINDOW_MS / 1000
    if length_ms > MAX_WINDOW_MS:
        cost += MAX_WINDOW_MS / 1000
    return cost


def _open_windows(
    speech: Sequence[Stretch], before: _Cut, after: _Cut, fixed: Sequence[FixedToken]
) -> Iterator[Window]:
    """Short windows over speech; the text of each lies between the anchors outside it."""
    for chunk in _merge_stretches(speech):
        start_ms = max(0, chunk.start_ms - OPEN_PAD_MS)
        end_ms = chunk.end_ms + OPEN_PAD_MS
        left = bisect_right(fixed, start_ms, key=lambda token: token.end_ms) - 1
        right = bisect_left(fixed, end_ms, key=lambda token: token.start_ms)
        first = max(before.token, fixed[left].token + 1 if left >= 0 else 0)
        last = min(after.token, fixed[right].token if right < len(fixed) else after.token)
        for token in _choose_starts(first, last, fixed[left + 1 : right]):
            yield Window(start_ms, end_ms, token, min(last - token, MAX_TOKENS), is_open=True)


def _choose_starts(first: int, last: int, recognized: Sequence[FixedToken]) -> list[int]:
    """First tokens of the windows that search a stretch of text, MAX_TOKENS in each.

    Of a longer text only the part around the window's anchored tokens is searched; without any,
    both of its ends.
    """
    if last <= first:
        return []
    latest = max(first, last - MAX_TOKENS)
    if not recognized:
        return sorted({first, latest})
    around = (recognized[0].token - MAX_TOKENS // 2, recognized[-1].token - MAX_TOKENS // 2)
    return sorted({min(max(first, token), latest) for token in around})


def _merge_stretches(speech: Sequence[Stretch]) -> Iterator[Stretch]:
    """Neighbouring stretches joined up to OPEN_WINDOW_MS."""
    start_ms, end_ms = speech[0].start_ms, speech[0].end_ms
    for stretch in speech[1:]:
        if stretch.end_ms - start_ms > OPEN_WINDOW_MS:
            yield Stretch(start_ms, end_ms)
            start_ms = stretch.start_ms
        end_ms = stretch.end_ms
    yield Stretch(start_ms, end_ms)


def _begin_early(speech: Sequence[Stretch]) -> Iterator[Stretch]:
    """Stretches that begin earlier than detected, by LATE_SHARE of the time without speech."""
    before_ms = 0
    for stretch in speech:
        late_ms = min(LATE_MS, LATE_SHARE * (stretch.start_ms - before_ms))
        yield Stretch(stretch.start_ms - round(late_ms), stretch.end_ms)
        before_ms = stretch.end_ms


def _clip_speech(speech: Sequence[Stretch], start_ms: int, end_ms: int) -> list[Stretch]:
    """The speech between two times."""
    first = bisect_right(speech, start_ms, key=lambda stretch: stretch.end_ms)
    end_index = bisect_left(speech, end_ms, key=lambda stretch: stretch.start_ms)
    return [
        Stretch(max(stretch.start_ms, start_ms), min(stretch.end_ms, end_ms))
        for stretch in speech[first:end_index]
    ]
