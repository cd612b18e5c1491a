"""Words drawn out over a laugh before them, with a decoder that plays the truth back."""

from dataclasses import replace

import pytest

from pipeline.alignment.passes.long_words import shorten_long_words
from pipeline.alignment.token_times import TokenTime
from pipeline.verbalization.spoken_text import SpokenText, speak_text
from tests.alignment.playback import SCORE, SpokenWord, TruthDecoder, apply_pass, find, say

TOKENS = "it was so funny i think we should go".split()
LAUGHING = 4
"""The token that a laugh comes before."""
LAUGH_MS = 1_000
WORSE = SCORE - 1


@pytest.fixture
def text() -> SpokenText:
    return speak_text(TOKENS, "en")


@pytest.fixture
def spoken() -> list[SpokenWord]:
    """All tokens, a second of laughter between the fourth and the fifth."""
    before = say(TOKENS[:LAUGHING])
    return before + say(TOKENS[LAUGHING:], before[-1].end_ms + LAUGH_MS)


def draw_out(found: list[TokenTime | None], score: float | None = WORSE) -> TokenTime:
    """Put the fifth token over the laugh before it, as a decoder does."""
    before, time = found[LAUGHING - 1], found[LAUGHING]
    assert before and time
    outliers = replace(time, start_ms=before.end_ms + 50, end_ms=time.start_ms - 50, score=score)
    found[LAUGHING] = outliers
    return outliers


def test_a_word_drawn_out_over_a_laugh_is_found_behind_it(
    text: SpokenText, spoken: list[SpokenWord]
) -> None:
    found = find(spoken)
    draw_out(found)
    assert apply_pass(shorten_long_words, text, found, TruthDecoder(spoken)) == 1
    assert [(time.start_ms, time.end_ms) for time in found if time] == [
        (one.start_ms, one.end_ms) for one in spoken
    ]


def test_the_words_behind_it_move_with_it_and_may_be_found_anew(
    text: SpokenText, spoken: list[SpokenWord]
) -> None:
    found = find(spoken)
    draw_out(found)
    next_one = found[LAUGHING + 1]
    assert next_one
    found[LAUGHING + 1] = replace(next_one, start_ms=next_one.start_ms - 200)
    found[LAUGHING + 2] = None
    apply_pass(shorten_long_words, text, found, TruthDecoder(spoken))
    assert [time.start_ms if time else None for time in found] == [one.start_ms for one in spoken]


def test_a_word_that_is_not_behind_stays(text: SpokenText, spoken: list[SpokenWord]) -> None:
    found = find(spoken)
    outliers = draw_out(found)
    others = [one for number, one in enumerate(spoken) if number != LAUGHING]
    assert apply_pass(shorten_long_words, text, found, TruthDecoder(others)) == 0
    assert found[LAUGHING] == outliers


@pytest.mark.parametrize("score", [SCORE, SCORE + 1, None])
def test_a_word_that_fits_no_better_behind_stays(
    text: SpokenText, spoken: list[SpokenWord], score: float | None
) -> None:
    found = find(spoken)
    outliers = draw_out(found, score)
    assert apply_pass(shorten_long_words, text, found, TruthDecoder(spoken)) == 0
    assert found[LAUGHING] == outliers


def test_no_word_behind_loses_its_time(text: SpokenText, spoken: list[SpokenWord]) -> None:
    found = find(spoken)
    outliers = draw_out(found)
    unheard = [one for number, one in enumerate(spoken) if number != LAUGHING + 2]
    assert apply_pass(shorten_long_words, text, found, TruthDecoder(unheard)) == 0
    assert found[LAUGHING] == outliers and None not in found


def test_words_of_usual_length_are_not_looked_for_again(
    text: SpokenText, spoken: list[SpokenWord]
) -> None:
    found = find(spoken)
    decoder = TruthDecoder(spoken)
    assert apply_pass(shorten_long_words, text, found, decoder) == 0
    assert not decoder.requests
