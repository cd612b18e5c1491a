"""The sample talk, decoded once for all tests of stages that listen."""

import shutil
from pathlib import Path

import pytest

from tests.stages.steps import SAMPLES, Staged, ingest


@pytest.fixture(scope="session")
def ingested_talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ingested") / "talk"
    ingest(SAMPLES / "talk.mp4", folder)
    return folder


@pytest.fixture
def spoken_talk(ingested_talk: Path, tmp_path: Path) -> Staged:
    """The talk after ingest, with its text."""
    folder = tmp_path / "talk"
    shutil.copytree(ingested_talk, folder)
    return Staged(folder, SAMPLES / "talk.txt")
