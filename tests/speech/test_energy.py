"""Where a real recording sounds like speech, and what only sounds."""

import numpy as np
import pytest

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.records import Stretch
from pipeline.speech.energy import Loudness
from pipeline.speech.voice_activity import find_speech

EDGE_TOLERANCE_MS = 500


@pytest.fixture(scope="module")
def sound(talk: Samples) -> Samples:
    """Twenty seconds of the talk, and five of silence behind it."""
    return np.concatenate([talk[: 20 * SAMPLE_RATE_HZ], np.zeros(5 * SAMPLE_RATE_HZ, np.int16)])


@pytest.fixture(scope="module")
def loudness(sound: Samples) -> Loudness:
    return Loudness(sound, find_speech(sound))


def seconds(samples: Samples) -> int:
    return len(samples) // SAMPLE_RATE_HZ


def test_speech_without_words_is_found(loudness: Loudness) -> None:
    words = [Stretch(start_ms, start_ms + 300) for start_ms in range(0, 20_000, 350)]
    assert loudness.find_unheard(words) == ()
    missing = [word for word in words if not 6_000 <= word.start_ms < 11_000]
    (found,) = loudness.find_unheard(missing)
    assert abs(found.start_ms - 6_000) <= EDGE_TOLERANCE_MS
    assert abs(found.end_ms - 11_000) <= EDGE_TOLERANCE_MS


def test_where_there_are_no_words_at_all_all_speech_is_found(loudness: Loudness) -> None:
    found = loudness.find_unheard([])
    assert sum(one.end_ms - one.start_ms for one in found) > 15_000
    assert found[-1].end_ms <= 20_500


def hum(n_samples: int) -> Samples:
    return (3_000 * np.sin(np.arange(n_samples) * 2 * np.pi * 100 / SAMPLE_RATE_HZ)).astype(
        np.int16
    )


def noise(n_samples: int) -> Samples:
    return np.random.default_rng(1).normal(0, 2_000, n_samples).astype(np.int16)


@pytest.mark.parametrize("make", [hum, noise])
def test_hum_and_noise_are_no_speech(sound: Samples, make: object) -> None:
    assert callable(make)
    longer = np.concatenate([sound, make(8 * SAMPLE_RATE_HZ)])
    loudness = Loudness(longer, find_speech(sound))
    words = [Stretch(start_ms, start_ms + 300) for start_ms in range(0, 20_000, 350)]
    assert loudness.find_unheard(words) == ()


def test_silence_is_silent_and_speech_is_not(loudness: Loudness, sound: Samples) -> None:
    assert loudness.is_silent(Stretch(21_000, 24_000))
    assert loudness.is_silent(Stretch(40_000, 41_000))
    assert not any(map(loudness.is_silent, find_speech(sound)))


def test_a_long_stretch_is_cut_in_a_quiet_moment(sound: Samples) -> None:
    quiet = sound.copy()
    quiet[10 * SAMPLE_RATE_HZ : 10 * SAMPLE_RATE_HZ + 1_600] = 0
    cut_ms = Loudness(quiet, [Stretch(0, 20_000)]).find_quietest(Stretch(1_000, 19_000))
    assert 10_000 <= cut_ms <= 10_100


@pytest.mark.parametrize("n_samples", [0, 1, 159, 1_700])
def test_hardly_any_sound_is_no_error(n_samples: int) -> None:
    loudness = Loudness(np.zeros(n_samples, np.int16), ())
    assert loudness.find_unheard([]) == ()
    assert loudness.is_silent(Stretch(0, 5))
    assert loudness.find_quietest(Stretch(0, 8)) <= 8


LOUD, PAUSE, HISS = 0.0, -96.0, -26.0


def sound_out(*parts: tuple[int, float]) -> Samples:
    """Noise, part after part: how long in ms, and its level in dB of the loudest."""
    chance = np.random.default_rng(2)
    pieces = [
        chance.standard_normal(length_ms * SAMPLE_RATE_HZ // 1000) * 3_000 * 10 ** (level_db / 20)
        for length_ms, level_db in parts
    ]
    return np.concatenate(pieces).astype(np.int16)


@pytest.mark.parametrize(
    ("parts", "trimmed"),
    [
        ([(300, LOUD)], Stretch(0, 300)),
        ([(250, PAUSE), (300, LOUD), (120, PAUSE)], Stretch(250, 550)),
        ([(50, LOUD), (200, PAUSE), (300, LOUD)], Stretch(250, 550)),
        ([(50, LOUD), (60, PAUSE), (300, LOUD)], Stretch(0, 410)),
        ([(200, LOUD), (200, PAUSE), (300, LOUD)], Stretch(0, 700)),
        ([(300, LOUD), (60, PAUSE), (30, LOUD)], Stretch(0, 390)),
        ([(100, HISS), (300, LOUD)], Stretch(0, 400)),
        ([(400, PAUSE)], Stretch(0, 400)),
    ],
    ids=[
        "no pause", "pauses around", "a tail", "a stop", "two words", "a stop at the end",
        "a soft consonant", "silence",
    ],
)  # fmt: skip
def test_a_word_neither_begins_nor_ends_in_a_pause(
    parts: list[tuple[int, float]], trimmed: Stretch
) -> None:
    sound = sound_out(*parts, (2_000, LOUD), (1_000, PAUSE))
    loudness = Loudness(sound, [Stretch(0, 2_000)])
    length_ms = sum(length_ms for length_ms, _ in parts)
    assert loudness.trim(Stretch(0, length_ms)) == trimmed


def test_over_a_loud_background_a_word_keeps_its_edges() -> None:
    """It can't be told from a soft consonant."""
    loudness = Loudness(sound_out((200, -15), (300, LOUD), (3_000, -15)), [Stretch(200, 500)])
    assert loudness.trim(Stretch(0, 500)) == Stretch(0, 500)
