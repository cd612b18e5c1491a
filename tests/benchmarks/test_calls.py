"""The benchmark of the library's calls: nothing grows, and the last line is an object."""

import json
import subprocess
import sys
from pathlib import Path

from tests.excerpt import ROOT, cut_sound, read_text


def test_calls_leave_nothing_in_the_process(tmp_path: Path) -> None:
    text = tmp_path / "talk.txt"
    text.write_text(read_text())
    media = ["--media", str(cut_sound(tmp_path / "talk.wav")), "--text", str(text)]
    command = [sys.executable, "benchmarks/calls.py", "2", *media, "--seconds", "4"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["n_calls"] == 2
    assert figures["ratio"] > 0
    assert (figures["n_files"], figures["n_children"]) == (0, 0)
    for name in ("n_files", "n_children", "n_handles", "n_threads"):
        assert figures[f"{name}_growth"] == 0
