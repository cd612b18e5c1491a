"""ffmpeg decodes every cue of every file we write, with its times and words."""

import subprocess
from pathlib import Path

import pytest

from pipeline.captions.ass import choose_style
from pipeline.captions.burned import format_burned
from pipeline.captions.formats import FORMATS
from pipeline.captions.text import JOINER
from pipeline.media.ffmpeg import find_ffmpeg
from pipeline.records import Cue
from tests.captions.reading import parse_srt
from tests.players.conftest import CUES

FILES = {
    "captions.vtt": FORMATS["vtt"].write(CUES, "en"),
    "words.vtt": FORMATS["words"].write(CUES, "en"),
    "captions.srt": FORMATS["srt"].write(CUES, "en"),
    "captions.ass": FORMATS["ass"].write(CUES, "en"),
    "burned.ass": format_burned(CUES, choose_style(1_280, 720)),
}
TIME_TOLERANCE_MS = {"vtt": 0, "srt": 0, "ass": 5}


def decode(path: Path) -> tuple[Cue, ...]:
    """The cues as ffmpeg understands them, as SubRip."""
    command = [str(find_ffmpeg()), "-v", "error", "-i", str(path), "-f", "srt", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    return parse_srt(done.stdout.decode())


def letters(cue: Cue) -> str:
    """What of a cue no player's own markup is made of."""
    text = "".join(cue.lines).replace(JOINER, "").replace("\\h", "")
    return "".join(char for char in text if char.isalnum())


@pytest.mark.parametrize("name", sorted(FILES))
def test_ffmpeg_decodes_every_cue(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(FILES[name], encoding="utf-8")
    cues = decode(path)
    wanted_letters = [letters(cue) for cue in CUES]
    if path.suffix == ".ass":  # its SubRip writer, unlike libass, takes escaped braces for commands
        wanted_letters = [text.replace("an8", "") for text in wanted_letters]
    assert [letters(cue) for cue in cues] == wanted_letters
    for cue, wanted in zip(cues, CUES, strict=True):
        assert abs(cue.start_ms - wanted.start_ms) <= TIME_TOLERANCE_MS[path.suffix[1:]]
        assert abs(cue.end_ms - wanted.end_ms) <= TIME_TOLERANCE_MS[path.suffix[1:]]
