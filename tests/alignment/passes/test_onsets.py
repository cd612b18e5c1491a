"""Starts after pauses, moved onto the onset of the sound."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.observations import Observations
from pipeline.alignment.passes.onsets import REACH_MS, refine_onsets
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.levels import Levels
from pipeline.verbalization.spoken_text import SpokenText, speak_text

PER_S = 1000
QUIET_DB, LOUD_DB = -60.0, -15.0
ONSET_MS = 1_000
TOLERANCE_MS = 8


def make_levels(*loud_ms: tuple[int, int], loud_db: float = LOUD_DB) -> Levels:
    """Ten quiet seconds with loud stretches."""
    db = np.full(10 * PER_S, QUIET_DB, np.float32)
    for first, last in loud_ms:
        db[first * PER_S // 1000 : last * PER_S // 1000] = loud_db
    return Levels(db, PER_S)


def refine(
    times: Sequence[TokenTime | None], text: SpokenText, levels: Levels
) -> list[TokenTime | None]:
    """The times after the pass."""
    found = TokenTimes(tuple(times))
    return list(refine_onsets(text, found, Observations(levels=levels)).times)


def sharpen(word: str, start_ms: int, levels: Levels) -> int:
    """Where a word found at `start_ms` starts after sharpening."""
    (time,) = refine([TokenTime(0, start_ms, 1_600, -1, 1)], speak_text([word], "en"), levels)
    assert time
    return time.start_ms


@pytest.mark.parametrize("off_ms", [-40, -10, 25, 50])
def test_a_start_after_a_pause_moves_onto_the_onset(off_ms: int) -> None:
    start_ms = sharpen("honey", ONSET_MS + off_ms, make_levels((ONSET_MS, 1_600)))
    assert abs(start_ms - ONSET_MS) <= TOLERANCE_MS


def test_a_start_that_the_recordings_own_models_placed_stays() -> None:
    time = TokenTime(0, ONSET_MS - 40, 1_600, -1, 1, fit=-0.5)
    levels = make_levels((ONSET_MS, 1_600))
    assert refine([time], speak_text(["honey"], "en"), levels) == [time]


def test_an_onset_too_far_away_is_not_the_words() -> None:
    start_ms = ONSET_MS + 2 * REACH_MS
    assert sharpen("honey", start_ms, make_levels((ONSET_MS, 1_600))) == start_ms


def test_a_click_before_the_word_is_no_onset() -> None:
    levels = make_levels((ONSET_MS - 30, ONSET_MS - 25), (ONSET_MS, 1_600))
    assert abs(sharpen("honey", ONSET_MS + 20, levels) - ONSET_MS) <= TOLERANCE_MS


def test_a_word_that_begins_with_a_stop_keeps_its_silent_closure() -> None:
    assert sharpen("postcard", ONSET_MS - 40, make_levels((ONSET_MS, 1_600))) == ONSET_MS - 40


def test_in_noise_the_decoder_knows_better() -> None:
    noisy = make_levels((ONSET_MS, 1_600), loud_db=QUIET_DB + 20)
    assert sharpen("honey", ONSET_MS + 20, noisy) == ONSET_MS + 20


def test_a_word_without_a_pause_before_it_stays() -> None:
    times = [TokenTime(0, 500, 990, -1, 2), TokenTime(1, 1_020, 1_600, -1, 2)]
    levels = make_levels((ONSET_MS, 1_600))
    assert refine(times, speak_text(["we", "are"], "en"), levels)[1] == times[1]


def test_tokens_not_found_stay_so() -> None:
    text = speak_text(["we", "are"], "en")
    assert refine([None, None], text, make_levels()) == [None, None]


def test_a_recording_of_no_length_changes_nothing() -> None:
    time = TokenTime(0, 100, 200, -1, 1)
    levels = Levels(np.zeros(0, np.float32), PER_S)
    assert refine([time], speak_text(["we"], "en"), levels) == [time]


@given(
    st.lists(st.tuples(st.integers(1, 300), st.integers(20, 500)), max_size=20),
    st.lists(st.tuples(st.integers(0, 9_000), st.integers(1, 900)), max_size=12),
)
def test_starts_still_increase(steps: list[tuple[int, int]], loud: list[tuple[int, int]]) -> None:
    times, at_ms = [], 0
    for token, (step_ms, length_ms) in enumerate(steps):
        at_ms += step_ms
        times.append(TokenTime(token, at_ms, at_ms + length_ms, -1, 1))
    levels = make_levels(*((first, first + length) for first, length in loud))
    sharp = refine(times, speak_text(["we"] * len(times), "en"), levels)
    retained = [time for time in sharp if time]
    assert len(retained) == len(times)
    assert all(a.start_ms < b.start_ms for a, b in pairwise(retained))
    assert all(time.start_ms < time.end_ms for time in retained)
