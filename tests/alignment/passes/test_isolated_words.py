"""Words found by themselves in speech that the text lacks, with a decoder that plays the truth
back."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.passes.isolated_words import (
    APART_MS,
    AWAY_MS,
    MAX_BETWEEN,
    MAX_ISOLATED,
    MAX_LOSS,
    N_ROUNDS,
    reattach_isolated_words,
)
from pipeline.alignment.token_times import TokenTime
from pipeline.verbalization.spoken_text import SpokenText, speak_text
from tests.alignment.playback import SCORE, WORD_MS, SpokenWord, TruthDecoder, apply_pass, find, say

TOKENS = "are we in a simulation now because they do so".split()
LAST_BEFORE = 4
"""The token that speech follows which is not in the text."""
LACKED = "what would you say to a simulation if it were one and who is to know it or to ask".split()
STRAYED = LACKED.index("simulation")


@pytest.fixture
def text() -> SpokenText:
    return speak_text(TOKENS, "en")


@pytest.fixture
def heard() -> tuple[list[SpokenWord], list[SpokenWord]]:
    """The words of the text, and those said between its fifth and its sixth."""
    before = say(TOKENS[: LAST_BEFORE + 1])
    lacked = say(LACKED, before[-1].end_ms + WORD_MS)
    return before + say(TOKENS[LAST_BEFORE + 1 :], lacked[-1].end_ms + WORD_MS), lacked


def stray(
    found: list[TokenTime | None], token: int, to: SpokenWord, score: float = SCORE
) -> TokenTime:
    """Put a token where another voice says it."""
    strayed = TokenTime(token, to.start_ms, to.end_ms, score, 1)
    found[token] = strayed
    return strayed


def stray_behind(
    said: list[SpokenWord], lacked: Sequence[SpokenWord], place: int
) -> tuple[list[TokenTime | None], TruthDecoder]:
    """Let the word behind the passage be one that is said in it too, and found there."""
    said[LAST_BEFORE + 1] = replace(said[LAST_BEFORE + 1], word=lacked[place].word)
    found = find(said)
    stray(found, LAST_BEFORE + 1, lacked[place])
    return found, TruthDecoder(sorted_said(said, lacked))


def insert_unsaid(said: Sequence[SpokenWord]) -> tuple[list[str], list[TokenTime | None]]:
    """The text with a word at the passage that nobody says, and where the others were said."""
    words = [*TOKENS[: LAST_BEFORE + 1], "if", *TOKENS[LAST_BEFORE + 1 :]]
    found = [time and replace(time, token=words.index(TOKENS[time.token])) for time in find(said)]
    found.insert(LAST_BEFORE + 1, None)
    return words, found


def check_return(
    words: Sequence[str], said: list[SpokenWord], lacked: Sequence[SpokenWord], place: int
) -> None:
    """Check that a word strayed so comes back, and that all lie where they were said."""
    found, decoder = stray_behind(said, lacked, place)
    assert apply_pass(reattach_isolated_words, speak_text(words, "en"), found, decoder) == 1
    assert [time.start_ms for time in found if time] == [one.start_ms for one in said]


@pytest.mark.parametrize("score", [SCORE, SCORE + MAX_LOSS])
def test_a_word_comes_back_behind_the_one_before_it(
    text: SpokenText, heard: tuple[list[SpokenWord], list[SpokenWord]], score: float
) -> None:
    said, lacked = heard
    found = find(said)
    stray(found, LAST_BEFORE, lacked[STRAYED], score)
    assert (
        apply_pass(reattach_isolated_words, text, found, TruthDecoder(sorted_said(said, lacked)))
        == 1
    )
    assert [time.start_ms for time in found if time] == [one.start_ms for one in said]


def test_a_word_comes_back_before_the_one_behind_it(
    heard: tuple[list[SpokenWord], list[SpokenWord]],
) -> None:
    said, lacked = heard
    words = [*TOKENS]
    words[LAST_BEFORE + 1] = "simulation"
    check_return(words, said, lacked, STRAYED)


def test_words_come_back_together_and_those_behind_them_follow(
    text: SpokenText, heard: tuple[list[SpokenWord], list[SpokenWord]]
) -> None:
    said, lacked = heard
    found = find(said)
    for token, place in ((2, 4), (3, 5), (LAST_BEFORE, 12)):
        stray(found, token, lacked[place])
    assert apply_pass(reattach_isolated_words, text, found, TruthDecoder(said)) == 3
    assert [time.start_ms for time in found if time] == [one.start_ms for one in said]


def test_a_word_comes_back_without_another_that_nobody_says_there(
    heard: tuple[list[SpokenWord], list[SpokenWord]],
) -> None:
    said, lacked = heard
    words, found = insert_unsaid(said)
    stray(found, LAST_BEFORE, lacked[STRAYED])
    false = stray(found, LAST_BEFORE + 1, lacked[STRAYED + 1])
    decoder = TruthDecoder(sorted_said(said, lacked))
    assert apply_pass(reattach_isolated_words, speak_text(words, "en"), found, decoder) == 1
    assert found[LAST_BEFORE + 1] == false
    assert [time.start_ms for time in found if time and time != false] == [
        one.start_ms for one in said
    ]


def test_a_word_not_far_from_one_neighbour_may_be_the_others(
    heard: tuple[list[SpokenWord], list[SpokenWord]],
) -> None:
    said, lacked = heard
    place = next(
        place
        for place, one in enumerate(lacked)
        if APART_MS < one.start_ms - said[LAST_BEFORE].end_ms < AWAY_MS
    )
    words = [*TOKENS[: LAST_BEFORE + 1], lacked[place].word, *TOKENS[LAST_BEFORE + 2 :]]
    check_return(words, said, lacked, place)


@pytest.mark.parametrize("closed", ["simulation?", 'simulation?"'])
def test_a_word_beside_another_sentence_comes_back_to_its_own(
    heard: tuple[list[SpokenWord], list[SpokenWord]], closed: str
) -> None:
    said, lacked = heard
    words = [*TOKENS[:LAST_BEFORE], closed, lacked[0].word, *TOKENS[LAST_BEFORE + 2 :]]
    check_return(words, said, lacked, 0)


def test_words_beside_the_next_sentence_come_back_to_their_own(
    heard: tuple[list[SpokenWord], list[SpokenWord]],
) -> None:
    said, lacked = heard
    words = [*TOKENS]
    for token, place in ((3, -2), (LAST_BEFORE, -1)):
        words[token] = lacked[place].word
        said[token] = replace(said[token], word=words[token])
    words[LAST_BEFORE] += "."
    found = find(said)
    for token, place in ((3, -2), (LAST_BEFORE, -1)):
        stray(found, token, lacked[place])
    decoder = TruthDecoder(sorted_said(said, lacked))
    assert apply_pass(reattach_isolated_words, speak_text(words, "en"), found, decoder) == 2
    assert [time.start_ms for time in found if time] == [one.start_ms for one in said]


@pytest.mark.parametrize("mark", ["", "."])
def test_a_word_beside_its_own_sentence_stays(
    heard: tuple[list[SpokenWord], list[SpokenWord]], mark: str
) -> None:
    said, lacked = heard
    words = [*TOKENS[: LAST_BEFORE + 1], lacked[0].word + mark, *TOKENS[LAST_BEFORE + 2 :]]
    found, decoder = stray_behind(said, lacked, 0)
    before = [*found]
    assert apply_pass(reattach_isolated_words, speak_text(words, "en"), found, decoder) == 0
    assert found == before


def test_many_words_in_a_row_are_no_strays(
    text: SpokenText, heard: tuple[list[SpokenWord], list[SpokenWord]]
) -> None:
    said, lacked = heard
    found = find(said)
    for token in range(1, MAX_ISOLATED + 2):
        stray(found, token, lacked[5 + token])
    decoder = TruthDecoder(said)
    assert apply_pass(reattach_isolated_words, text, found, decoder) == 0
    assert not decoder.requests


def test_a_word_that_fits_much_worse_beside_its_neighbour_stays(
    text: SpokenText, heard: tuple[list[SpokenWord], list[SpokenWord]]
) -> None:
    said, lacked = heard
    found = find(said)
    strayed = stray(found, LAST_BEFORE, lacked[STRAYED], SCORE + MAX_LOSS + 0.1)
    assert (
        apply_pass(reattach_isolated_words, text, found, TruthDecoder(sorted_said(said, lacked)))
        == 0
    )
    assert found[LAST_BEFORE] == strayed


def test_a_word_said_by_itself_stays(text: SpokenText) -> None:
    before = say(TOKENS[:LAST_BEFORE])
    alone = say(TOKENS[LAST_BEFORE : LAST_BEFORE + 1], before[-1].end_ms + AWAY_MS + 100)
    said = before + alone + say(TOKENS[LAST_BEFORE + 1 :], alone[-1].end_ms + AWAY_MS + 100)
    found = find(said)
    assert apply_pass(reattach_isolated_words, text, found, TruthDecoder(said)) == 0
    assert found == find(said)


def test_words_beside_others_are_not_looked_for_again(
    text: SpokenText, heard: tuple[list[SpokenWord], list[SpokenWord]]
) -> None:
    said, lacked = heard
    decoder = TruthDecoder(sorted_said(said, lacked))
    assert apply_pass(reattach_isolated_words, text, find(said), decoder) == 0
    assert not decoder.requests


def test_far_in_the_text_there_are_no_neighbours(
    heard: tuple[list[SpokenWord], list[SpokenWord]],
) -> None:
    said, lacked = heard
    lost = ["unsaid"] * (MAX_BETWEEN + 1)
    words = [*TOKENS[:LAST_BEFORE], *lost, TOKENS[LAST_BEFORE], *lost, *TOKENS[LAST_BEFORE + 1 :]]
    times = iter(find(said))
    found = [
        None if word == "unsaid" else replace(time, token=token)
        for token, word in enumerate(words)
        if word == "unsaid" or (time := next(times))
    ]
    stray(found, words.index("simulation"), lacked[STRAYED])
    decoder = TruthDecoder(sorted_said(said, lacked))
    assert apply_pass(reattach_isolated_words, speak_text(words, "en"), found, decoder) == 0
    assert not decoder.requests


def test_strays_next_to_each_other_do_not_change_places() -> None:
    words = "yes", "we", "can", "so"
    found = find(
        [SpokenWord(word, 3_000 * at, 3_000 * at + WORD_MS) for at, word in enumerate(words)]
    )
    said = [
        SpokenWord("we", 3_000, 3_250),
        SpokenWord("can", 4_000, 4_250),
        SpokenWord("we", 5_000, 5_250),
    ]
    said += [SpokenWord("can", 6_000, 6_250), SpokenWord("so", 9_000, 9_250)]
    assert (
        apply_pass(reattach_isolated_words, speak_text(words, "en"), found, TruthDecoder(said)) == 1
    )
    assert [time.start_ms for time in found if time] == [0, 3_000, 4_000, 9_000]


def test_words_that_come_back_overtake_another_that_nobody_says_there(
    heard: tuple[list[SpokenWord], list[SpokenWord]],
) -> None:
    said, lacked = heard
    words, found = insert_unsaid(said)
    stray(found, LAST_BEFORE + 1, lacked[STRAYED - 1])
    words[LAST_BEFORE + 2] = lacked[STRAYED].word
    said[LAST_BEFORE + 1] = replace(said[LAST_BEFORE + 1], word=lacked[STRAYED].word)
    stray(found, LAST_BEFORE + 2, lacked[STRAYED])
    words[LAST_BEFORE + 1], words[LAST_BEFORE + 2] = words[LAST_BEFORE + 2], words[LAST_BEFORE + 1]
    decoder = TruthDecoder(sorted_said(said, lacked))
    assert apply_pass(reattach_isolated_words, speak_text(words, "en"), found, decoder) == 1
    assert found[LAST_BEFORE + 2] is None
    assert [time.start_ms for time in found if time] == [one.start_ms for one in said]


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "a.", "b."]), st.integers(10, 2_500)),
        min_size=3,
        max_size=20,
    ),
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(10, 900)), max_size=60),
)
def test_whatever_is_said_starts_increase_and_few_words_lose_their_time(
    placed: list[tuple[str, int]], spoken: list[tuple[str, int]]
) -> None:
    found = find(lay_out(placed))
    decoder = TruthDecoder(lay_out(spoken))
    n_moved = apply_pass(
        reattach_isolated_words, speak_text([word for word, _ in placed], "en"), found, decoder
    )
    starts = [time.start_ms for time in found if time]
    assert len(placed) - len(starts) <= n_moved * N_ROUNDS * (MAX_ISOLATED - 1)
    assert starts == sorted(set(starts))


def lay_out(words: Sequence[tuple[str, int]]) -> list[SpokenWord]:
    """Words, each so long after the one before it."""
    said: list[SpokenWord] = []
    for word, pause_ms in words:
        start_ms = (said[-1].end_ms if said else 0) + pause_ms
        said.append(SpokenWord(word, start_ms, start_ms + WORD_MS))
    return said


def sorted_said(*parts: Sequence[SpokenWord]) -> list[SpokenWord]:
    return sorted((one for part in parts for one in part), key=lambda one: one.start_ms)
