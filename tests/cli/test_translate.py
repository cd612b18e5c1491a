"""Captions in a second language, as a person asks for them."""

from pathlib import Path

import pytest

from pipeline.codec import write_record
from pipeline.records import RecognizedWord, Segment, Transcript
from tests.cli.test_commands import ROOT, cuecast

TALK = str(ROOT / "samples" / "talk.mp4")


@pytest.fixture
def script(tmp_path: Path) -> str:
    """What the scripted engine hears, whatever it is asked: German."""
    words = tuple(
        RecognizedWord(word, at, at + 400) for at, word in enumerate("Es ist Ebbe.".split())
    )
    spread = tuple(
        RecognizedWord(word.text, 500 * n, 500 * n + 400) for n, word in enumerate(words)
    )
    path = tmp_path / "heard.json"
    write_record(path, Transcript("de", "scripted", "", (Segment(0, 1_400, spread),), ()))
    return str(path)


def test_a_run_makes_captions_in_both_languages(tmp_path: Path, script: str) -> None:
    asked = ("--engine", "scripted", "--model", script, "--language", "de", "--translate", "en")
    done = cuecast(tmp_path, "caption", TALK, *asked, "--out", "out")
    assert done.returncode == 0, done.stderr
    for name in ("captions.vtt", "captions.en.vtt"):
        assert "Es ist Ebbe." in (tmp_path / "out" / "captions" / name).read_text("utf-8")
    again = cuecast(tmp_path, "caption", TALK, *asked, "--out", "out")
    assert "nothing had to run" in again.stdout


def test_a_language_that_is_not_translated_into_is_told_before_anything_runs(
    tmp_path: Path, script: str
) -> None:
    done = cuecast(
        tmp_path, "caption", TALK, "--model", script, "--translate", "fr", "--out", "out"
    )
    assert done.returncode == 2
    assert done.stderr == "error: translate.to: 'fr' is not known; use 'en'\n"
    assert not (tmp_path / "out").exists()
