"""Loops told apart from what people do say more than once."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognizers.hallucinations import (
    LEAST_HALF_MS,
    REPETITIVE,
    decode_loops_again,
    find_echoes,
    find_loops,
    find_repeats,
    log_rejected,
    measure_repetition,
)
from pipeline.records import RecognizedWord, Refused


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
def test_any_phrase_repeated_over_and_over_is_found_whole(
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


def lay(*timed: tuple[str, int]) -> list[RecognizedWord]:
    """Words one behind the other, each with how long it lasts."""
    words: list[RecognizedWord] = []
    for text, length_ms in timed:
        start_ms = words[-1].end_ms if words else 0
        words.append(RecognizedWord(text, start_ms, start_ms + length_ms))
    return words


SPOKEN = [("When", 200), ("is", 120), ("my", 150), ("garden?", 420)]
ECHOED = [(text, 1) for text, _ in SPOKEN]


@pytest.mark.parametrize(
    ("rounds", "spare"),
    [
        (SPOKEN + ECHOED, range(4, 8)),
        (ECHOED + SPOKEN, range(4)),
        (SPOKEN[:2] + ECHOED[2:] + ECHOED[:2] + SPOKEN[2:], range(2, 6)),
        (SPOKEN + SPOKEN + ECHOED, range(8, 12)),
        (ECHOED + SPOKEN + ECHOED, [*range(4), *range(8, 12)]),
    ],
    ids=["behind", "before", "inside", "of three", "two of three"],
)
def test_a_round_that_takes_no_time_is_an_echo(
    rounds: list[tuple[str, int]], spare: list[int]
) -> None:
    around = ("so", 300)
    found = find_echoes(lay(around, *rounds, around))
    assert found == {number + 1: len(rounds) // len(SPOKEN) for number in spare}


def test_the_sentence_is_left_whole_by_its_echo() -> None:
    words = lay(*SPOKEN[:3], *ECHOED[3:], *ECHOED[:3], *SPOKEN[3:])
    echoes = find_echoes(words)
    left = [word for number, word in enumerate(words) if number not in echoes]
    assert [(word.text, word.end_ms - word.start_ms) for word in left] == SPOKEN


@given(st.integers(2, 3), st.lists(st.integers(80, 800), min_size=3, max_size=9), st.data())
def test_what_was_spoken_again_at_another_pace_is_no_echo(
    n_rounds: int, lasts_ms: list[int], data: st.DataObject
) -> None:
    phrase = [f"word{number}" for number in range(len(lasts_ms))]
    paces = data.draw(st.lists(st.integers(85, 115), min_size=n_rounds, max_size=n_rounds))
    timed = [
        (text, length_ms * pace // 100)
        for pace in paces
        for text, length_ms in zip(phrase, lasts_ms, strict=True)
    ]
    assert find_echoes(lay(*timed)) == {}


def test_two_words_in_no_time_may_have_been_spoken() -> None:
    assert find_echoes(lay(("I", 200), ("know", 300), ("I", 1), ("know", 1))) == {}


def test_repeats_are_the_words_too_many_of_loops_and_echoes() -> None:
    loop = [("thank", 200), ("you", 200)] * 6
    repeats = find_repeats(lay(*loop, ("so", 300), *SPOKEN, *ECHOED))
    assert repeats.rounds_by_word == dict.fromkeys(range(4, 12), 6) | dict.fromkeys(
        range(17, 21), 2
    )
    assert repeats.is_looped


def test_a_text_that_packs_too_well_is_looped_though_no_word_is_too_many() -> None:
    rounds = [f"and so we came to the {place} of it" for place in ("end", "top", "rim", "sea") * 4]
    packed = find_repeats(lay(*((word, 200) for line in rounds for word in line.split())))
    assert (packed.rounds_by_word, packed.is_looped) == ({}, True)


def test_speech_repeats_nothing() -> None:
    repeats = find_repeats(lay(*SPOKEN, ("so", 300), *SPOKEN))
    assert (repeats.rounds_by_word, repeats.is_looped) == ({}, False)


def test_rejected_words_are_logged_with_their_number_by_the_reason(
    caplog: pytest.LogCaptureFixture,
) -> None:
    word = RecognizedWord("so", 0, 100)
    refused = [Refused((word,) * 3, "loop", 3.0), Refused((word,), "unsure", -1.2)]
    with caplog.at_level("INFO"):
        log_rejected([*refused, refused[0]])
    assert caplog.messages == ["6 words are rejected: loop", "1 words are rejected: unsure"]


@dataclass(frozen=True)
class Window:
    """A decoded window, whose text loops or doesn't."""

    start_ms: int
    length_ms: int
    is_looped: bool = False


def halve(window: Window) -> Sequence[Window]:
    half_ms = window.length_ms // 2
    starts = (window.start_ms, window.start_ms + half_ms)
    return [Window(start_ms, half_ms) for start_ms in starts]


def test_a_window_that_loops_is_replaced_by_its_halves_in_order_of_time() -> None:
    loop, others = Window(8_000, 8_000, True), [Window(0, 8_000), Window(16_000, 8_000)]
    decoded = decode_loops_again([others[0], loop, others[1]], halve, list)
    assert decoded == [others[0], *halve(loop), others[1]]


def test_halves_that_loop_are_not_halved_again() -> None:
    def loop_again(halves: list[Window]) -> list[Window]:
        return [Window(half.start_ms, half.length_ms, True) for half in halves]

    decoded = decode_loops_again([Window(0, 8_000, True)], halve, loop_again)
    assert [(one.start_ms, one.is_looped) for one in decoded] == [(0, True), (4_000, True)]


def test_nothing_is_decoded_again_where_nothing_loops_or_the_halves_would_be_too_short() -> None:
    windows = [Window(0, 8_000), Window(8_000, 2 * LEAST_HALF_MS - 1, True)]

    def decode(halves: list[Window]) -> list[Window]:
        raise AssertionError(halves)

    assert decode_loops_again(windows, halve, decode) == windows
