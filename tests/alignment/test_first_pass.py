"""Which speech must be heard, where a text says what is said there."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.first_pass import CUT_REACH_MS, PART_MS, cut_parts, find_doubtful, is_clear
from pipeline.levels import Levels
from pipeline.records import RecognizedWord, Stretch
from pipeline.verbalization.spoken_text import speak_text
from tests.alignment.playback import SpokenWord, hear, say
from tests.alignment.test_aligner import make_text

PER_S = 100
QUIET_DB, LOUD_DB = -60.0, -20.0
N_WORDS = 320
N_EACH = 20
"""Words of a part: three every second, as people speak."""
MANY = 100


def make_levels(duration_ms: int, quiet_ms: Sequence[int] = ()) -> Levels:
    """Loud from beginning to end, but for 100 ms around these times."""
    db = np.full(duration_ms * PER_S // 1000, LOUD_DB, np.float32)
    for at_ms in quiet_ms:
        db[(at_ms - 50) * PER_S // 1000 : (at_ms + 50) * PER_S // 1000] = QUIET_DB
    return Levels(db, PER_S)


def part_of(spoken: Sequence[SpokenWord], number: int) -> Stretch:
    words = spoken[number * N_EACH : (number + 1) * N_EACH]
    return Stretch(words[0].start_ms, words[-1].end_ms)


def hear_others(spoken: Sequence[SpokenWord]) -> tuple[list[RecognizedWord], list[Stretch]]:
    """What is heard in every other part, and the parts between."""
    numbers = range(len(spoken) // N_EACH)
    recognized = [
        spoken[i] for number in numbers[::2] for i in range(number * N_EACH, (number + 1) * N_EACH)
    ]
    return hear(recognized), [part_of(spoken, number) for number in numbers[1::2]]


# --- parts -------------------------------------------------------------------------------------


def test_speech_is_cut_where_it_is_quiet() -> None:
    quiet_ms = [6_900, 13_600, 21_000]
    parts = cut_parts([Stretch(0, 4 * PART_MS)], make_levels(4 * PART_MS, quiet_ms))
    assert [part.end_ms for part in parts] == pytest.approx([*quiet_ms, 4 * PART_MS], abs=60)


def test_short_speech_stays_whole() -> None:
    speech = [Stretch(100, 4_000), Stretch(5_000, 5_000 + PART_MS)]
    assert cut_parts(speech, make_levels(20_000)) == tuple(speech)


@given(st.lists(st.integers(20, 40_000), min_size=1, max_size=6), st.integers(0, 2**31))
def test_parts_are_the_speech_again_and_none_is_long(lengths_ms: list[int], seed: int) -> None:
    speech, at_ms = [], 500
    for length_ms in lengths_ms:
        speech.append(Stretch(at_ms, at_ms + length_ms))
        at_ms += length_ms + 700
    chance = np.random.default_rng(seed)
    levels = Levels(chance.normal(-30, 10, at_ms * PER_S // 1000).astype(np.float32), PER_S)
    parts = cut_parts(speech, levels)
    assert all(part.end_ms - part.start_ms <= PART_MS + 2 * CUT_REACH_MS for part in parts)
    seams = [(a.end_ms, b.start_ms) for a, b in pairwise(parts) if a.end_ms != b.start_ms]
    assert seams == [(a.end_ms, b.start_ms) for a, b in pairwise(speech)]
    assert (parts[0].start_ms, parts[-1].end_ms) == (speech[0].start_ms, speech[-1].end_ms)


# --- what has to be heard ----------------------------------------------------------------------


def test_between_parts_that_said_the_text_nothing_needs_to_be_heard() -> None:
    tokens = make_text(N_WORDS)
    spoken = say(tokens)
    recognized, between = hear_others(spoken)
    assert find_doubtful(speak_text(tokens, "en"), recognized, between[:-1]) == ()


def test_the_last_part_is_heard_as_nothing_follows() -> None:
    tokens = make_text(N_WORDS)
    spoken = say(tokens)
    recognized, between = hear_others(spoken)
    assert find_doubtful(speak_text(tokens, "en"), recognized, between) == (between[-1],)


def test_beside_a_part_that_said_something_else_all_is_heard() -> None:
    tokens = make_text(N_WORDS)
    spoken = say(tokens)
    recognized, between = hear_others(spoken)
    other = make_text(N_EACH, seed=2)
    recognized[2 * N_EACH : 3 * N_EACH] = [
        RecognizedWord(word, was.start_ms, was.end_ms)
        for word, was in zip(other, recognized[2 * N_EACH : 3 * N_EACH], strict=True)
    ]
    assert find_doubtful(speak_text(tokens, "en"), recognized, between[:-1]) == tuple(between[1:3])


def test_where_the_text_lacks_speech_it_is_heard() -> None:
    tokens = make_text(N_WORDS)
    spoken = say(tokens)
    recognized, between = hear_others(spoken)
    lacking = tokens[: N_EACH + 2] + tokens[2 * N_EACH - 2 :]
    assert find_doubtful(speak_text(lacking, "en"), recognized, between[:-1]) == (between[0],)


def test_where_the_text_has_more_than_can_be_said_it_is_heard() -> None:
    tokens = make_text(N_WORDS)
    spoken = say(tokens)
    recognized, between = hear_others(spoken)
    more = tokens[: N_EACH + 5] + make_text(MANY, seed=3) + tokens[N_EACH + 5 :]
    assert find_doubtful(speak_text(more, "en"), recognized, between[:-1]) == (between[0],)


@pytest.mark.parametrize(("n_wrong", "clear"), [(0, True), (3, True), (40, False)])
def test_a_text_is_clear_where_nearly_all_that_is_heard_stands_in_it(
    n_wrong: int, clear: bool
) -> None:
    tokens = make_text(N_WORDS)
    recognized, _ = hear_others(say(tokens))
    wrong = ["wrong" if i % 4 == 0 and i < 4 * n_wrong else token for i, token in enumerate(tokens)]
    assert is_clear(speak_text(wrong, "en"), recognized) == clear


def test_where_nothing_was_heard_nothing_is_clear() -> None:
    assert not is_clear(speak_text(make_text(30), "en"), [])


def test_where_nothing_was_heard_all_is() -> None:
    parts = (Stretch(0, 5_000), Stretch(6_000, 9_000))
    assert find_doubtful(speak_text(make_text(30), "en"), [], parts) == parts
