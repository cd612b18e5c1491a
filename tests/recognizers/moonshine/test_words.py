"""Words spread over the sound they were decoded from."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.recognizers.moonshine.words import place_words, split_words
from pipeline.records import Stretch
from pipeline.speech.energy import Loudness

PIECE = Stretch(1_000, 7_000)
PAUSE = Stretch(3_000, 5_000)


@pytest.fixture(scope="module")
def loudness() -> Loudness:
    return make_loudness()


def make_loudness() -> Loudness:
    """Eight seconds of noise with a pause in it."""
    noise = np.random.default_rng(2).integers(-9_000, 9_000, 8 * SAMPLE_RATE_HZ)
    noise[PAUSE.start_ms * 16 : PAUSE.end_ms * 16] = 0
    return Loudness(noise.astype(np.int16), (PIECE,))


def test_words_lie_where_there_is_sound(loudness: Loudness) -> None:
    first, second, third, fourth = place_words(("some", "more", "long", "word"), PIECE, loudness)
    assert (first.start_ms, first.end_ms, second.end_ms) == (1_000, 2_000, 3_000)
    assert (third.start_ms, fourth.end_ms) == (5_000, 7_000)


def test_long_words_and_numbers_take_longer(loudness: Loudness) -> None:
    # Four seconds sound.
    for short, long in (("ox,", "elephants,"), ("year", "1984")):
        one, other = place_words((short, long), PIECE, loudness)
        assert one.start_ms == PIECE.start_ms
        assert one.end_ms == other.start_ms < 2_000


@given(st.lists(st.text("aé9.", min_size=1, max_size=12), min_size=1, max_size=700))
def test_words_are_in_order_inside_their_piece(words: list[str]) -> None:
    placed = place_words(words, PIECE, make_loudness())
    assert [word.text for word in placed] == words
    assert all(one.start_ms <= other.start_ms for one, other in pairwise(placed))
    assert all(PIECE.start_ms <= word.start_ms < word.end_ms <= PIECE.end_ms for word in placed)


def test_where_nothing_sounds_words_lie_side_by_side() -> None:
    silence = Loudness(np.zeros(2 * SAMPLE_RATE_HZ, np.int16), ())
    one, other = place_words(("one", "two"), Stretch(0, 2_000), silence)
    assert (one.end_ms, other.start_ms, other.end_ms) == (1_000, 1_000, 2_000)


def test_signs_alone_are_no_words() -> None:
    assert split_words(" ♪ Well - it's 5 o'clock... ♪♪") == ("Well", "it's", "5", "o'clock...")
    assert split_words("♪ ♪ ♪") == ()
