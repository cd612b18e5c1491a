"""A short talk with its text, and scripts run as a user would run them."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from tests.excerpt import ROOT, cut_sound, read_text
from tests.patience import PATIENCE_S

RunScript = Callable[..., str]


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A folder with talk.mp3, the first seconds of the sample, and talk.txt."""
    wav = cut_sound(tmp_path / "talk.wav")
    run_ffmpeg(Run(["-i", file_url(wav), "-y", file_url(tmp_path / "talk.mp3")], where="talk"))
    wav.unlink()
    (tmp_path / "talk.txt").write_text(read_text())
    return tmp_path


@pytest.fixture
def run_script(tmp_path: Path) -> RunScript:
    """Runs a script in the folder, and returns what it printed; no temporary file may be left."""

    def run(script: str, *, from_stdin: bool = False) -> str:
        temporary = tmp_path / "temporary"
        temporary.mkdir(exist_ok=True)
        path = tmp_path / "script.py"
        path.write_text(script)
        done = subprocess.run(
            [sys.executable, "-" if from_stdin else path.name],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)},
            input=script if from_stdin else "",
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        assert not list(temporary.iterdir())
        return done.stdout

    return run
