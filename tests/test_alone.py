"""Everything that is needed comes with the Python packages: no program of the system is."""

import json
import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE_S

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"


def test_with_no_program_on_the_path_a_clip_is_made_with_its_captions(tmp_path: Path) -> None:
    quotes = ["--from", "The moon does", "--to", "planet,"]
    text = ["--text", str(SAMPLES / "talk.txt"), "--engine", "pocketsphinx"]
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "clip", str(SAMPLES / "talk.mp4"), *text, *quotes,
         "--out", "out/talk"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": str(tmp_path / "empty")},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    clips = json.loads((tmp_path / "out/talk/clips/clips.json").read_text())["clips"]
    kinds = {file["kind"] for clip in clips for file in clip["files"]}
    assert {"clean", "burned", "captions"} <= kinds
