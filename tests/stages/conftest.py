"""The sample talk, decoded once for all tests of stages that listen."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.media.wav import read_samples
from tests.aligners.tiny_ctc import learn_talk
from tests.media.studio import Studio
from tests.stages.steps import SAMPLES, Staged, ingest


@pytest.fixture(scope="session")
def ingested_talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ingested") / "talk"
    ingest(SAMPLES / "talk.mp4", folder)
    return folder


@pytest.fixture(scope="session")
def tiny_ctc(ingested_talk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that writes what is said in the talk, letter by letter."""
    truth = json.loads((SAMPLES / "talk.truth.json").read_text())
    samples = read_samples(ingested_talk / "ingest" / "audio.wav")
    return learn_talk(tmp_path_factory.mktemp("ctc") / "model", samples, truth)


@pytest.fixture(scope="session")
def tiny_whisper() -> Path:
    """Our own small Whisper: it knows few words, not the talk's."""
    return Path(__file__).parents[1] / "tiny_whisper" / "model"


@pytest.fixture
def spoken_talk(ingested_talk: Path, tmp_path: Path) -> Staged:
    """The talk after ingest, with its text."""
    folder = tmp_path / "talk"
    shutil.copytree(ingested_talk, folder)
    return Staged(folder, SAMPLES / "talk.txt")


@pytest.fixture
def untold_talk(spoken_talk: Staged) -> Staged:
    """The talk after ingest, without a text."""
    return replace(spoken_talk, text=None)


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A picture whose sound starts late; a click where the sixth word begins."""
    studio = Studio(tmp_path)
    sound = ["-itsoffset", "0.4", *studio.clicks([1.35], 3.6)]
    maps = ["-map", "0:v", "-map", "1:a"]
    return studio.make("talk.mp4", *studio.flashes([1.76]), *sound, *maps, "-c:a", "aac")
