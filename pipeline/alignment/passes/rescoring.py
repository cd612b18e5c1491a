"""Rescoring: which passages go to a second recogniser, and what its likelihoods change.

The least sure tokens are rescored first, until MOST_RESCORED_MS of sound have been heard again
(docs/decisions/0067-evidence-is-weighed-by-data.md). What its answers weigh is told in
`calibration.py`; recognisers are in `pipeline/recognizers/`.
"""

import logging
import math
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from pipeline.alignment.confidence import rate_tokens
from pipeline.alignment.observations import Observations
from pipeline.alignment.token_times import TokenTime, TokenTimes, find_runs
from pipeline.records import RescoringRequest
from pipeline.text.bare_words import PUNCTUATION
from pipeline.verbalization.spoken_text import SpokenText

CONTEXT_MS = 1_500
"""Context on each side of a doubtful token, extended to the next pause of PAUSE_MS."""
MORE_CONTEXT_MS = 1_000
"""The longest such extension."""
PAUSE_MS = 80
BREAK_MS = 2_000
"""A passage ends at a longer pause."""
LONGEST_MS, PAD_MS = 10_000, 100
DOUBTFUL_BELOW = 0.85
"""Tokens of less confidence are rescored in any case."""
MOST_RESCORED_MS = 300_000
"""Others are rescored until this much sound has been heard again, which costs some 35 s of CPU
time: all tokens of a shorter recording, the least sure ones of a longer one."""
MAX_ROOM_MS = 1_000
"""With more time between its neighbours, a deleted token may have been spoken in another place."""
MAX_DELETED = 3
"""Longer runs of deleted tokens count as passages that were not spoken."""
RECOGNIZED_AS_LIKELY = -1.5
"""A deleted token counts as spoken at this log-likelihood ratio to the recognised words."""


logger = logging.getLogger(__name__)


_Span = tuple[int, int]
"""The first and last of the tokens that have times, as indices into these."""


def rescore_doubtful_words(
    text: SpokenText, found: TokenTimes, observed: Observations
) -> TokenTimes:
    """Rescore doubtful tokens with a second recogniser, if the language has one."""
    if found.calibration.rescoring is None:
        return found
    requests = find_requests(text, found)
    ratios = observed.rescore(requests) if requests else None
    if ratios is None:
        return found
    logger.info("%d passages with doubtful words are rescored", len(requests))
    return add_ratios(found, requests, ratios)


def find_requests(
    text: SpokenText, found: TokenTimes, most_ms: int = MOST_RESCORED_MS
) -> tuple[RescoringRequest, ...]:
    """Passages around the doubtful tokens, and others up to `most_ms`, in order of time."""
    timed = [time for time in found.times if time]
    tokens = [time.token for time in timed]
    passages: list[tuple[_Span, list[int]]] = []
    for token in _find_doubtful(text, found, most_ms):
        place = bisect_right(tokens, token) - 1
        if not _is_plain(text.written[token]) or (
            found.times[token] is None and _measure_room(timed, place) > MAX_ROOM_MS
        ):
            continue
        first, last = _widen(timed, place)
        if passages and first <= passages[-1][0][1]:
            (start, _), doubtful = passages[-1]
            if timed[last].end_ms - timed[start].start_ms <= LONGEST_MS:
                passages[-1] = (start, last), [*doubtful, token]
                continue
        passages.append(((first, last), [token]))
    return tuple(
        _make_request(text, timed[first], timed[last], doubtful)
        for (first, last), doubtful in passages
    )


def add_ratios(
    found: TokenTimes,
    requests: Sequence[RescoringRequest],
    ratios: Sequence[Sequence[float]],
) -> TokenTimes:
    """The token times with the second recogniser's likelihood ratios (`rescored`, `undecided`).

    Args:
        ratios: for each request, those of its doubtful tokens.
    """
    ratio_of = {
        token: ratio
        for request, own in zip(requests, ratios, strict=True)
        for token, ratio in zip((request.tokens[at] for at in request.doubtful), own, strict=True)
    }
    times = tuple(
        replace(time, rescored=ratio_of[time.token]) if time and time.token in ratio_of else time
        for time in found.times
    )
    likely = {
        token
        for token, ratio in ratio_of.items()
        if found.times[token] is None and ratio >= RECOGNIZED_AS_LIKELY
    }
    return replace(found, times=times, undecided=found.undecided | likely)


def _find_doubtful(text: SpokenText, found: TokenTimes, most_ms: int) -> list[int]:
    """Short runs of deleted tokens, and the least sure of those with a time; in order.

    They are chosen by confidence, until they and their context fill `most_ms`.
    """
    confidences = rate_tokens(text, found)
    tokens = [time.token for time in found.times if time and time.score is not None]
    tokens.sort(key=confidences.__getitem__)
    chosen = [*_find_deleted(text, found)]
    covered: set[int] = set()
    for token in tokens:
        is_full = len(covered) * CONTEXT_MS >= most_ms
        if is_full and confidences[token] >= DOUBTFUL_BELOW:
            break
        time = found.times[token]
        if time and _is_plain(text.written[token]):
            chosen.append(token)
            first, last = time.start_ms // CONTEXT_MS, time.end_ms // CONTEXT_MS
            covered.update(range(first - 1, last + 2))
    return sorted(chosen)


def _find_deleted(text: SpokenText, found: TokenTimes) -> Iterator[int]:
    """The deleted tokens of runs of MAX_DELETED at most."""
    for first, last in find_runs([time is None for time in found.times]):
        if last - first <= MAX_DELETED and first > 0 and last < text.n_tokens:
            yield from range(first, last)


def _is_plain(token: str) -> bool:
    """Whether a token is an ordinary word, with one spoken form: letters only, no number."""
    letters = token.strip(PUNCTUATION).replace("'", "").replace("’", "")
    return letters.isalpha() and letters.isascii()


def _measure_room(timed: Sequence[TokenTime], place: int) -> float:
    """Time between the token at `place` and the next one found."""
    if place + 1 == len(timed):
        return math.inf
    return timed[place + 1].start_ms - timed[place].end_ms


def _widen(timed: Sequence[TokenTime], place: int) -> _Span:
    """The passage around the token at a place, or the doubtful one that follows it."""
    first = last = place
    while first > 0 and _goes_on(timed, first - 1):
        before_ms = timed[place].start_ms - timed[first].start_ms
        if _is_enough(before_ms, timed[first].start_ms - timed[first - 1].end_ms):
            break
        first -= 1
    while last < len(timed) - 1 and _goes_on(timed, last):
        after_ms = timed[last].end_ms - timed[place].end_ms
        if _is_enough(after_ms, timed[last + 1].start_ms - timed[last].end_ms):
            break
        last += 1
    return first, last


def _is_enough(context_ms: int, pause_ms: int) -> bool:
    """Whether the context ends well in a pause, or is long enough to end anywhere."""
    least_ms = CONTEXT_MS if pause_ms >= PAUSE_MS else CONTEXT_MS + MORE_CONTEXT_MS
    return context_ms >= least_ms


def _goes_on(timed: Sequence[TokenTime], place: int) -> bool:
    """Whether the next token found is near enough to belong to the same passage."""
    here, there = timed[place], timed[place + 1]
    is_near = there.token - here.token <= MAX_DELETED + 1
    return is_near and there.start_ms - here.end_ms <= BREAK_MS


def _make_request(
    text: SpokenText, first: TokenTime, last: TokenTime, doubtful: Container[int]
) -> RescoringRequest:
    tokens = tuple(token for token in range(first.token, last.token + 1) if text.forms[token][0])
    return RescoringRequest(
        first.start_ms - PAD_MS,
        last.end_ms + PAD_MS,
        tuple(text.written[token] for token in tokens),
        tuple(index for index, token in enumerate(tokens) if token in doubtful),
        tokens,
    )
