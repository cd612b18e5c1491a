"""The room taken out of the sound."""

import numpy as np
import numpy.typing as npt
import pytest

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.speech.dereverberation import dereverberate, is_echoing

DECAY_S = 0.5
DIRECT_DB = 3.0
"""The direct sound above all its echoes."""
FRAME = SAMPLE_RATE_HZ // 50
LEAST_GAIN_DB = 0.5
MOST_CHANGE_DB = -20.0
LENGTHS = [0, 1, 255, 256, 4_095, 4_096, 4_097, 16_000]


@pytest.fixture(scope="module")
def echoing(talk: Samples) -> Samples:
    """The talk in a room: echoes are noise that dies away."""
    return add_room(talk)


def add_room(sound: Samples) -> Samples:
    n_taps = int(DECAY_S * SAMPLE_RATE_HZ)
    chance = np.random.default_rng(7)
    room = chance.normal(size=n_taps) * 10 ** (-3 * np.arange(n_taps) / n_taps)
    room[: SAMPLE_RATE_HZ // 200] = 0
    room *= 10 ** (-DIRECT_DB / 20) / np.sqrt(np.sum(room**2))
    room[0] = 1
    size = len(sound) + n_taps
    recognized = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size), size)[
        : len(sound)
    ]
    return np.clip(recognized * 0.7, -32768, 32767).astype(np.int16)


def levels(sound: Samples) -> npt.NDArray[np.float64]:
    """The level of each 20 ms in dB."""
    frames = sound[: len(sound) // FRAME * FRAME].astype(np.float64).reshape(-1, FRAME)
    return np.asarray(10 * np.log10((frames**2).mean(axis=1) + 1))


def test_a_room_is_noticed(talk: Samples, echoing: Samples) -> None:
    assert is_echoing(echoing)
    assert not is_echoing(talk)


def test_noise_is_no_room(talk: Samples) -> None:
    noise = np.random.default_rng(3).normal(0, talk.std() / 10, len(talk))
    assert not is_echoing(np.clip(talk + noise, -32768, 32767).astype(np.int16))


def test_where_the_voice_pauses_its_echoes_are_quieter(talk: Samples, echoing: Samples) -> None:
    quiet = levels(talk) < np.percentile(levels(talk), 20)
    before, after = (levels(each)[quiet].mean() for each in (echoing, dereverberate(echoing)))
    assert before - after >= LEAST_GAIN_DB


def test_dry_sound_hardly_changes(talk: Samples) -> None:
    change = dereverberate(talk).astype(np.float64) - talk
    assert (
        10 * np.log10(np.mean(change**2) / np.mean(talk.astype(np.float64) ** 2)) < MOST_CHANGE_DB
    )


@pytest.mark.parametrize("n_samples", LENGTHS)
def test_the_length_stays(talk: Samples, n_samples: int) -> None:
    assert len(dereverberate(talk[:n_samples])) == n_samples
    assert not is_echoing(talk[:n_samples])


def test_silence_stays_silent() -> None:
    silence = np.zeros(SAMPLE_RATE_HZ, np.int16)
    assert not dereverberate(silence).any()
    assert not is_echoing(silence)
