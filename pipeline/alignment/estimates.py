"""Times for tokens without acoustic evidence: over the speech between their neighbours.

Which tokens were found is decided in `status.py`.
"""

from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipeline.alignment.token_times import find_runs
from pipeline.records import Span, Stretch
from pipeline.text.bare_words import strip_marks
from pipeline.verbalization.spoken_text import SpokenText

MAX_ESTIMATE_MS = 200
"""Longest estimate of a token where there is no speech for it."""
MIN_WORD_MS = 10
MIN_SPEECH_MS = 150
"""Less unclaimed speech holds no word: neighbours' edges are this coarse."""
MIN_LETTER_MS, MAX_LETTER_MS = 30, 200
"""Least and most speech for a letter: 65 to 80 ms are usual."""


@dataclass(frozen=True, slots=True)
class Between:
    """The speech of a recording, and its length in ms: where estimates may lie."""

    speech: Sequence[Stretch]
    duration_ms: int

    def find(self, start_ms: int, end_ms: int) -> list[Span]:
        """The parts of the speech between two times.  Cost: log n, and the parts."""
        place = bisect_left(self.speech, start_ms, key=lambda stretch: stretch.end_ms)
        parts = []
        while place < len(self.speech) and self.speech[place].start_ms < end_ms:
            stretch = self.speech[place]
            part = (max(start_ms, stretch.start_ms), min(end_ms, stretch.end_ms))
            if part[0] < part[1]:
                parts.append(part)
            place += 1
        return parts


def estimate_spans(
    spans: Sequence[Span | None], text: SpokenText, undecided: Container[int], between: Between
) -> list[Span | None]:
    """Place tokens without a time between their neighbours, by the length of each.

    They are silent and undecided tokens, and notations (`SpokenText.is_notation`) where nothing
    else is missing and there is speech for them that no token claims: they were said in a way that
    is not known.
    """
    placed = list(spans)
    timed = [token for token, span in enumerate(spans) if span]
    may_be = [
        spans[token] is None and (not forms[0] or token in undecided)
        for token, forms in enumerate(text.forms)
    ]
    for first, last in find_runs([span is None for span in spans]):
        if not all(may_be[first:last]) and _has_unknown(spans, text, between, (first, last)):
            may_be[first:last] = [
                is_silent or text.is_notation(token)
                for token, is_silent in enumerate(may_be[first:last], first)
            ]
    before: Span | None = None
    for first, last in find_runs(may_be):
        place = bisect_left(timed, first)
        nearest = spans[timed[place - 1]] if place else None
        before = max((span for span in (before, nearest) if span), default=None)
        after = spans[timed[place]] if place < len(timed) else None
        if before is None and after is None:
            continue
        letters = [_count_letters(text, token) for token in range(first, last)]
        for token, span in zip(
            range(first, last), _spread(before, after, letters, between), strict=True
        ):
            placed[token] = before = span
    return placed


def _has_unknown(
    spans: Sequence[Span | None], text: SpokenText, between: Between, run: tuple[int, int]
) -> bool:
    """Whether a run of tokens without a time holds none but notations and silent ones, and lies in
    unclaimed speech that is long enough for them."""
    first, last = run
    tokens = [token for token in range(first, last) if text.forms[token][0]]
    if not all(map(text.is_notation, tokens)):
        return False
    before = spans[first - 1] if first else None
    after = spans[last] if last < len(spans) else None
    if before is None and after is None:
        return False
    parts = between.find(before[1] if before else 0, after[0] if after else between.duration_ms)
    n_letters = sum(_count_letters(text, token) for token in tokens)
    return _measure(parts) >= max(MIN_SPEECH_MS, MIN_LETTER_MS * n_letters)


def _count_letters(text: SpokenText, token: int) -> int:
    """The letters of a token as it is said, or as written where it has no form; 0 of marks."""
    form = text.forms[token][0]
    return sum(map(len, form)) if form else len(strip_marks(text.written[token]))


def _measure(parts: Sequence[Span]) -> int:
    return sum(end_ms - start_ms for start_ms, end_ms in parts)


def _spread(
    before: Span | None, after: Span | None, letters: Sequence[int], between: Between
) -> Iterator[Span]:
    """Times for tokens between two spans: over the speech there, by their numbers of letters; where
    there is none, evenly and beside the first span, or the one that there is."""
    longest_ms = len(letters) * MAX_ESTIMATE_MS
    end_ms = after[0] if after else max(before[0] if before else 0, between.duration_ms)
    start_ms = min(before[1], end_ms) if before else 0
    parts = between.find(start_ms, end_ms)
    if sum(letters) and _measure(parts) >= MIN_SPEECH_MS:
        room_ms = MAX_LETTER_MS * sum(letters)
        yield from _share(_limit(parts, room_ms, is_last=before is None), letters)
        return
    if before is None:
        start_ms = max(0, end_ms - longest_ms)
    step_ms = min((end_ms - start_ms) // len(letters), MAX_ESTIMATE_MS)
    for number in range(len(letters)):
        at_ms = start_ms + number * step_ms
        yield at_ms, at_ms + max(step_ms, MIN_WORD_MS)


def _limit(parts: list[Span], room_ms: int, is_last: bool) -> list[Span]:
    """The first parts, or the last, that are `room_ms` long together."""
    limited: list[Span] = []
    for start_ms, end_ms in reversed(parts) if is_last else parts:
        length_ms = min(room_ms, end_ms - start_ms)
        room_ms -= length_ms
        if length_ms > 0:
            part = (end_ms - length_ms, end_ms) if is_last else (start_ms, start_ms + length_ms)
            limited.append(part)
    return limited[::-1] if is_last else limited


def _share(parts: Sequence[Span], letters: Sequence[int]) -> Iterator[Span]:
    """Each token's share of the parts by its letters; one without letters lasts MIN_WORD_MS."""
    length_ms, n_letters = _measure(parts), sum(letters)
    ends = [length_ms * n // n_letters for n in accumulate(letters)]
    for begin, end in zip([0, *ends], ends, strict=False):
        start_ms = _find_place(parts, begin, is_end=False)
        yield start_ms, max(_find_place(parts, end, is_end=True), start_ms + MIN_WORD_MS)


def _find_place(parts: Sequence[Span], offset_ms: int, is_end: bool) -> int:
    """The time at an offset into parts laid end to end; between two, the end of the first or the
    start of the second."""
    for start_ms, end_ms in parts:
        length_ms = end_ms - start_ms
        if offset_ms < length_ms or (is_end and offset_ms == length_ms):
            return start_ms + offset_ms
        offset_ms -= length_ms
    return parts[-1][1]
