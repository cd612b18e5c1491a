"""Speech in pieces that the network decodes at once, and pieces in batches."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.recognizers.moonshine.segments import (
    BATCH_MS,
    LONGEST_MS,
    LONGEST_PAUSE_MS,
    SHORTEST_MS,
    cut_pieces,
    find_batches,
)
from pipeline.records import Stretch
from pipeline.speech.energy import Loudness

END_MS = 90_000
FRAME_MS = 10

SPEECH = st.lists(st.tuples(st.integers(150, 30_000), st.integers(50, 3_000)), max_size=12)


@pytest.fixture(scope="module")
def loudness() -> Loudness:
    return Loudness(make_noise(END_MS), (Stretch(0, END_MS),))


def make_noise(length_ms: int, *quiet: Stretch) -> Samples:
    noise = np.random.default_rng(1).integers(-9_000, 9_000, length_ms * SAMPLE_RATE_HZ // 1000)
    for part in quiet:
        noise[part.start_ms * 16 : part.end_ms * 16] //= 1_000
    return noise.astype(np.int16)


def make_speech(*lengths_and_pauses: tuple[int, int]) -> tuple[Stretch, ...]:
    """Stretches of so many ms, with pauses of so many ms behind them."""
    speech, start_ms = [], 0
    for length_ms, pause_ms in lengths_and_pauses:
        speech.append(Stretch(start_ms, start_ms + length_ms))
        start_ms += length_ms + pause_ms
    return tuple(speech)


@given(SPEECH)
def test_all_speech_is_in_pieces_short_enough_in_order_of_time(
    lengths_and_pauses: list[tuple[int, int]],
) -> None:
    speech = make_speech(*lengths_and_pauses)
    pieces = cut_pieces(speech, Loudness(np.zeros(16, np.int16), ()), 1_000_000)
    assert all(one.end_ms - one.start_ms <= LONGEST_MS for one in pieces)
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(pieces))
    for edge in {edge for one in speech for edge in (one.start_ms, one.end_ms - 1)}:
        assert any(one.start_ms <= edge < one.end_ms for one in pieces)
    for before, after in pairwise(speech):
        if after.start_ms - before.end_ms > LONGEST_PAUSE_MS:
            assert not any(
                one.start_ms < before.end_ms and one.end_ms > after.start_ms for one in pieces
            )


def test_what_fits_is_one_piece(loudness: Loudness) -> None:
    speech = make_speech((6_000, 400), (6_000, 900), (6_000, 0))
    assert cut_pieces(speech, loudness, END_MS) == (Stretch(0, 19_300),)


def test_the_longest_pause_that_is_not_near_an_end_is_cut_in(loudness: Loudness) -> None:
    speech = make_speech((1_500, 900), (7_000, 300), (3_000, 800), (9_000, 400), (4_000, 0))
    pieces = cut_pieces(speech, loudness, END_MS)
    assert pieces == (Stretch(0, 12_700), Stretch(13_500, 26_900))


def test_speech_without_a_pause_is_cut_in_a_quiet_moment() -> None:
    quiet = Stretch(14_000, 14_100)
    loudness = Loudness(make_noise(30_000, quiet), (Stretch(0, 30_000),))
    one, other = cut_pieces((Stretch(0, 30_000),), loudness, 30_000)
    assert one.end_ms == other.start_ms
    assert quiet.start_ms <= one.end_ms <= quiet.end_ms
    assert loudness.halve(Stretch(0, 30_000)) == (one, other)


def test_nothing_is_decoded_after_the_end_of_the_recording(loudness: Loudness) -> None:
    speech = (Stretch(0, 5_000), Stretch(88_000, 95_000), Stretch(96_000, 97_000))
    assert cut_pieces(speech, loudness, END_MS)[-1] == Stretch(88_000, END_MS)


def test_what_is_too_short_to_be_a_word_is_left_out(loudness: Loudness) -> None:
    assert cut_pieces((Stretch(0, SHORTEST_MS - 1),), loudness, END_MS) == ()


@given(st.lists(st.integers(SHORTEST_MS, LONGEST_MS), max_size=60))
def test_batches_hold_every_piece_once_and_no_more_than_fits(lengths_ms: list[int]) -> None:
    pieces = make_speech(*((length_ms, 1_000) for length_ms in lengths_ms))
    batches = list(find_batches(pieces))
    assert sorted(number for batch in batches for number in batch) == list(range(len(pieces)))
    for batch in batches:
        assert len(batch) * max(lengths_ms[number] for number in batch) <= BATCH_MS
    for before, after in pairwise(batches):
        longest_ms = max(lengths_ms[number] for number in before)
        assert longest_ms <= min(lengths_ms[number] for number in after)
