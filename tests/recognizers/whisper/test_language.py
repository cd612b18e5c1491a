"""The language is that of most of the recording, not of its beginning."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.contracts import EngineRequest, Hints
from pipeline.recognizers.whisper.languages import check_language
from pipeline.recognizers.whisper.recognizer import load
from pipeline.recognizers.whisper.windows import LONGEST_MS, Window, spread
from pipeline.records import Stretch
from pipeline.speech.voice_activity import find_speech
from tests.tiny_whisper.spoken import VOICES, Spoken, join_spoken, say_german, say_sentences


def ignore(share: float) -> None:
    pass


@pytest.mark.parametrize(
    ("n_windows", "numbers"),
    [(0, []), (1, [0]), (5, [0, 1, 2, 3, 4]), (10, [1, 3, 5, 7, 9]), (100, [10, 30, 50, 70, 90])],
)
def test_the_windows_that_vote_come_from_all_over_the_recording(
    n_windows: int, numbers: list[int]
) -> None:
    windows = [
        Window((Stretch(number * LONGEST_MS, (number + 1) * LONGEST_MS),))
        for number in range(n_windows)
    ]
    assert [windows.index(window) for window in spread(windows, 5)] == numbers


@pytest.mark.parametrize("name", ["vocabulary.json", "vocabulary.txt"])
def test_a_model_says_which_languages_it_knows_in_either_form_of_its_vocabulary(
    tiny_whisper: Path, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_whisper, folder)
    tokens = json.loads((folder / "vocabulary.json").read_text("utf-8"))
    (folder / "vocabulary.json").unlink()
    content = json.dumps(tokens) if name.endswith("json") else "\n".join(tokens)
    (folder / name).write_text(content, "utf-8")
    assert not list(check_language(str(folder), "de"))
    (error,) = check_language(str(folder), "fr")
    assert "knows de, en, not 'fr'" in str(error)


@pytest.fixture(scope="module")
def english() -> Spoken:
    return join_spoken([part for voice in VOICES for part in say_sentences(voice)])


@pytest.mark.festival
def test_a_talk_that_begins_in_another_language_is_in_its_own(
    tiny_whisper: Path, english: Spoken, caplog: pytest.LogCaptureFixture
) -> None:
    greeting = join_spoken(say_german()[:10])
    samples = join_spoken([greeting, english]).samples
    recognizer = load(EngineRequest(str(tiny_whisper), "cpu"))
    with caplog.at_level("INFO"):
        alone, whole = (
            recognizer.transcribe(sound, find_speech(sound), Hints(), ignore)
            for sound in (greeting.samples, samples)
        )
    assert (alone.language, whole.language) == ("de", "en")
    assert "detected language: de, with 1.00 of the votes of 1 windows" in caplog.text
    assert "of the votes of 5 windows (de: " in caplog.text
