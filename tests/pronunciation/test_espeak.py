"""eSpeak NG's phonemes, wherever its data lie."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import EngineError
from pipeline.pronunciation.espeak import EspeakVoice

SAY_FROM = """
import sys
import espeakng_loader
from pathlib import Path
data = Path(sys.argv[1])
data.symlink_to(espeakng_loader.get_data_path(), target_is_directory=True)
espeakng_loader.get_data_path = lambda: str(data)
from pipeline.pronunciation.espeak import EspeakVoice
print(*EspeakVoice().phonemes("skarnholt"))
"""


def test_a_made_up_word_has_phonemes() -> None:
    assert EspeakVoice().phonemes("skarnholt")[0] == "s"


def test_what_cannot_be_said_has_none() -> None:
    assert EspeakVoice().phonemes("") == ()


def test_another_alphabet_does_not_leave_language_switches_behind() -> None:
    phonemes = EspeakVoice().phonemes("привет")
    assert not any("(" in phoneme for phoneme in phonemes)


def test_an_unknown_voice_is_one_line() -> None:
    with pytest.raises(EngineError, match="has no voice 'xx-nowhere'"):
        EspeakVoice("xx-nowhere")


def test_data_under_a_long_path_with_blanks_are_found(tmp_path: Path) -> None:
    deep = tmp_path / ("long folder " * 8).strip() / ("deep " * 12).strip()
    deep.mkdir(parents=True)
    spoken = subprocess.run(
        [sys.executable, "-c", SAY_FROM, str(deep / "espeak-ng-data")],
        check=True,
        capture_output=True,
        text=True,
    )
    assert tuple(spoken.stdout.split()) == EspeakVoice().phonemes("skarnholt")
