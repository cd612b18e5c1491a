"""The sound that recognisers and aligners are tried on: the sample talk, and what is no speech."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.media.decode import ingest_media
from pipeline.media.options import AudioOptions
from pipeline.media.wav import read_samples
from pipeline.records import Stretch
from pipeline.speech.voice_activity import find_speech
from tests.aligners.tiny_ctc import learn_talk

SAMPLES = Path(__file__).parents[1] / "samples"
TINY_WHISPER = Path(__file__).parent / "tiny_whisper" / "model"


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """The sound of `talk.mp4`."""
    wav = tmp_path_factory.mktemp("talk") / "audio.wav"
    ingest_media(SAMPLES / "talk.mp4", AudioOptions(), wav, lambda share: None)
    return read_samples(wav)


@pytest.fixture(scope="session")
def talk_words() -> list[tuple[str, int]]:
    """The words of the talk and when each starts."""
    truth = json.loads((SAMPLES / "talk.truth.json").read_text())
    return [(word["text"], word["start_ms"]) for word in truth["words"]]


@pytest.fixture(scope="session")
def talk_speech(talk: Samples) -> tuple[Stretch, ...]:
    return find_speech(talk)


@pytest.fixture(scope="session")
def tiny_whisper() -> Path:
    """Our own small Whisper: it knows few words, not the talk's."""
    return TINY_WHISPER


@pytest.fixture(scope="session")
def tiny_ctc(talk: Samples, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that writes what is said in the talk, letter by letter."""
    truth = json.loads((SAMPLES / "talk.truth.json").read_text())
    return learn_talk(tmp_path_factory.mktemp("ctc") / "model", talk, truth)


def make_noise(level: float) -> Samples:
    noise = np.random.default_rng(1).standard_normal(30 * SAMPLE_RATE_HZ) * level
    return noise.astype(np.int16)


def make_chords() -> Samples:
    """Half a minute of them, a second each, with overtones."""
    seconds = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    roots_hz = [220.0, 247.0, 262.0, 196.0, 175.0] * 6
    chords = [
        sum(
            np.sin(2 * np.pi * root_hz * ratio * overtone * seconds) / overtone
            for ratio in (1, 1.25, 1.5)
            for overtone in (1, 2, 3)
        )
        * np.exp(-seconds)
        for root_hz in roots_hz
    ]
    return (np.concatenate(chords) * 3_000).astype(np.int16)


def make_applause() -> Samples:
    """Half a minute of claps, 150 a second: short bursts of noise that die away."""
    chance = np.random.default_rng(3)
    sound = np.zeros(30 * SAMPLE_RATE_HZ)
    fading = np.exp(-np.arange(800) / 120)
    for start in chance.integers(0, len(sound) - len(fading), 4_500):
        clap = chance.standard_normal(len(fading)) * fading * chance.uniform(0.2, 1)
        sound[start : start + len(fading)] += clap
    return (sound / np.abs(sound).max() * 20_000).astype(np.int16)
