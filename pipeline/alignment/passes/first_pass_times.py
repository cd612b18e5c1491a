"""The times of the first pass: taken for the tokens, or compared with the times found."""

from bisect import bisect_right
from dataclasses import replace

from pipeline.alignment.observations import Observations
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.verbalization.spoken_text import SpokenText

AGREE_MS = 100
"""The first pass agrees with a time if it has the token within this time of it."""


def take_first_pass(text: SpokenText, found: TokenTimes, observed: Observations) -> TokenTimes:
    """The first pass's own times, for languages without a graph decoder."""
    candidates = (
        TokenTime(token.token, token.start_ms, token.end_ms, None, 1)
        for token in observed.match.recognized
    )
    return replace(found, candidates=tuple(candidates))


def leave_undecided(text: SpokenText, found: TokenTimes, observed: Observations) -> TokenTimes:
    """Count all tokens without a time as undecided: the first pass may just have missed them."""
    undecided = frozenset(token for token, time in enumerate(found.times) if time is None)
    return replace(found, undecided=undecided)


def compare_first_pass(text: SpokenText, found: TokenTimes, observed: Observations) -> TokenTimes:
    """Note which tokens the first pass recognised too, and which lie in speech that it skipped."""
    anchored = {
        token.token
        for token in observed.match.recognized
        if (time := found.times[token.token]) and abs(time.start_ms - token.start_ms) <= AGREE_MS
    }
    starts = [stretch.start_ms for stretch in observed.skipped]
    skipped = {
        time.token
        for time in found.times
        if time
        and (place := bisect_right(starts, time.start_ms))
        and time.start_ms < observed.skipped[place - 1].end_ms
    }
    return replace(found, anchored=frozenset(anchored), skipped=frozenset(skipped))
