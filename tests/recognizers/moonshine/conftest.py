"""The model in the wheel, and a man's voice that lies beside it."""

import wave

import numpy as np
import pytest

from pipeline.contracts import Samples
from pipeline.models.packaged import find_folder
from pipeline.recognizers.moonshine.model import MoonshineModel

SPOKEN = "Ever tried, ever failed. No matter. Try again, fail again, fail better."

FOLDER = find_folder()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if FOLDER is None and "moonshine" in item.path.parts:
            item.add_marker(pytest.mark.skip("no wheel of the model for this machine"))


@pytest.fixture(scope="session")
def model() -> MoonshineModel:
    assert FOLDER
    return MoonshineModel(FOLDER)


@pytest.fixture(scope="session")
def beckett() -> Samples:
    assert FOLDER
    with wave.open(str(FOLDER.parents[1] / "test-data/beckett.wav")) as sound:
        assert (sound.getframerate(), sound.getnchannels()) == (16_000, 1)
        return np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
