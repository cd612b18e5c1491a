"""Loops told from what people do say more than once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines.whisper.doubts import REPETITIVE, find_loops, measure_repetition


@pytest.mark.parametrize(
    "text",
    [
        "no no no no no no",
        "row row row your boat gently down the stream merrily merrily merrily merrily",
        "I have to say I have to say I have to say it",
        "very very very very good and very very very bad",
        "",
    ],
)
def test_what_people_say_is_no_loop(text: str) -> None:
    assert find_loops(text.split()) == ()


def test_of_a_loop_two_rounds_stay() -> None:
    words = ["so", *["Thank", "you."] * 6, "bye"]
    ((part, n_rounds),) = find_loops(words)
    assert (part, n_rounds) == (slice(5, 13), 6)


def test_case_and_punctuation_hide_no_loop() -> None:
    words = "Thank you. Thank you, thank you! Thank you. thank you".split()
    ((part, n_rounds),) = find_loops(words)
    assert (part, n_rounds) == (slice(4, 10), 5)


@given(
    st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1, max_size=8),
    st.integers(4, 12),
    st.lists(st.sampled_from("qrstuvw"), max_size=9, unique=True),
)
def test_any_phrase_said_over_and_over_is_found_whole(
    phrase: list[str], n_rounds: int, before: list[str]
) -> None:
    words = [*before, *phrase * n_rounds, *reversed(before)]
    if len(phrase) * n_rounds < 10:
        assert find_loops(words) == ()
    else:
        first = len(before) + 2 * len(phrase)
        end = len(before) + n_rounds * len(phrase)
        assert find_loops(words) == ((slice(first, end), n_rounds),)


def test_a_loop_packs_better_than_speech() -> None:
    speech = "The bay holds a hundred billion tonnes of water and twice a day it moves them all"
    assert measure_repetition(speech.split()) < REPETITIVE
    assert measure_repetition(["a long phrase about nothing"] * 12) > REPETITIVE
    assert measure_repetition([]) == 0.0
