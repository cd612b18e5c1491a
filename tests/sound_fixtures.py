"""The sound that recognisers and aligners are tried on: the sample talk, decoded once."""

import json
from pathlib import Path

import pytest

from pipeline.contracts import Samples
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
