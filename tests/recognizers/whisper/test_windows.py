"""Stretches of speech made into windows, and times in a window brought back."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.recognizers.whisper.windows import (
    LONGEST_MS,
    MARGIN_MS,
    SHORTEST_MS,
    Window,
    cut_windows,
)
from pipeline.records import Stretch

N_SAMPLES = 600 * SAMPLE_RATE_HZ


@st.composite
def speeches(draw: st.DrawFn) -> tuple[Stretch, ...]:
    """Stretches in order that don't overlap."""
    edges = sorted(draw(st.sets(st.integers(0, 590_000), min_size=2, max_size=40)))
    return tuple(Stretch(a, b) for a, b in list(pairwise(edges))[::2])


@given(speeches(), st.sampled_from([0, MARGIN_MS]))
def test_all_speech_is_in_one_window_in_order_and_none_is_too_long(
    speech: tuple[Stretch, ...], margin_ms: int
) -> None:
    windows = cut_windows(speech, N_SAMPLES, margin_ms)
    assert all(SHORTEST_MS <= window.length_ms <= LONGEST_MS for window in windows)
    parts = [part for window in windows for part in window.stretches]
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(parts))
    recognized = {ms for part in parts for ms in range(part.start_ms, part.end_ms)}
    spoken = {ms for part in speech for ms in range(part.start_ms, part.end_ms)}
    assert len(spoken - recognized) < SHORTEST_MS * max(1, len(speech))
    assert len(recognized - spoken) <= 2 * margin_ms * len(parts)


def test_some_of_the_silence_around_speech_is_decoded_with_it() -> None:
    speech = (Stretch(100, 2_000), Stretch(2_300, 4_000), Stretch(9_000, 9_900))
    (window,) = cut_windows(speech, 10 * SAMPLE_RATE_HZ)
    assert window.stretches == (
        Stretch(0, 2_150),
        Stretch(2_150, 4_000 + MARGIN_MS),
        Stretch(9_000 - MARGIN_MS, 10_000),
    )


@given(speeches(), st.integers(0, 31_000), st.integers(1, 3_000))
def test_a_time_in_a_window_lies_in_one_of_its_stretches(
    speech: tuple[Stretch, ...], start_ms: int, length_ms: int
) -> None:
    window = Window(speech)
    place = window.locate(start_ms, start_ms + length_ms)
    assert any(s.start_ms <= place.start_ms < place.end_ms <= s.end_ms for s in speech)


def test_windows_are_as_full_as_they_can_be() -> None:
    speech = tuple(Stretch(second * 1000, second * 1000 + 900) for second in range(100))
    windows = cut_windows(speech, N_SAMPLES, margin_ms=0)
    assert [len(window.stretches) for window in windows] == [33, 33, 33, 1]


def test_the_sound_of_a_window_is_its_stretches_without_what_lies_between() -> None:
    samples = np.arange(3 * SAMPLE_RATE_HZ).astype(np.int16)
    window = Window((Stretch(100, 200), Stretch(1_000, 1_500)))
    expected = np.concatenate([samples[1_600:3_200], samples[16_000:24_000]])
    assert np.array_equal(window.sound(samples), expected)


def test_a_word_after_the_pause_is_after_the_pause() -> None:
    window = Window((Stretch(100, 200), Stretch(1_000, 1_500)))
    assert window.locate(10, 60) == Stretch(110, 160)
    assert window.locate(90, 150) == Stretch(1_000, 1_050)
    assert window.locate(550, 900) == Stretch(1_450, 1_500)


def test_what_lies_after_the_end_of_the_recording_is_left_out() -> None:
    speech = (Stretch(0, 900), Stretch(2_000, 9_000))
    (window,) = cut_windows(speech, 4 * SAMPLE_RATE_HZ, margin_ms=0)
    assert window.stretches == (Stretch(0, 900), Stretch(2_000, 4_000))


def test_less_than_the_library_stands_is_left_out() -> None:
    speech = (Stretch(5_000, 5_000 + SHORTEST_MS - 1),)
    assert cut_windows(speech, N_SAMPLES, margin_ms=0) == ()
