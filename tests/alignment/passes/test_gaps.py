"""Tokens that the decoder skipped and a second recogniser recognised."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.aligner import run_pass
from pipeline.alignment.observations import Observations
from pipeline.alignment.passes.gaps import decode_recognized
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.verbalization.spoken_text import speak_text
from tests.alignment.playback import TruthDecoder, find, say

WORDS = "amongst her friends she was considered beautiful by all".split()


def bring_back(lost: set[int], recognized: set[int]) -> list[TokenTime | None]:
    """The times after the pass, of a text whose words are all spoken."""
    spoken = say(WORDS)
    text = speak_text(WORDS, "en")
    times = tuple(
        None if token in lost else time and replace(time, rescored=-2.0)
        for token, time in enumerate(find(spoken))
    )
    found = TokenTimes(times, undecided=frozenset(recognized))
    observed = Observations(decoder=TruthDecoder(spoken))
    return list(run_pass(decode_recognized, text, found, observed).times)


@given(st.sets(st.integers(1, len(WORDS) - 2), min_size=1, max_size=3))
def test_recognised_tokens_get_the_times_where_they_are_spoken(lost: set[int]) -> None:
    true = find(say(WORDS))
    times = bring_back(lost, lost)
    assert [time and time.start_ms for time in times] == [time and time.start_ms for time in true]
    assert all(time and time.rescored == (0.0 if time.token in lost else -2.0) for time in times)


@pytest.mark.parametrize("lost", [{1}, {1, 2}, {4, 5}])
def test_tokens_that_nobody_recognised_stay_without_a_time(lost: set[int]) -> None:
    times = bring_back(lost, set())
    assert {token for token, time in enumerate(times) if time is None} == lost
