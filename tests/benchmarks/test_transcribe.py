"""The benchmark of recognition: every way hears the same sound, and the last line is an object."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import transcribe

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "tests" / "tiny_whisper" / "model"
TALK = ROOT / "samples" / "talk.mp4"


def test_the_last_line_says_how_fast_and_how_well() -> None:
    command = [
        sys.executable, "benchmarks/transcribe.py", str(MODEL), str(TALK),
        str(TALK.with_suffix(".truth.json")), "--minutes", "1", "--rounds", "1", "--threads", "2",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    *rows, last = done.stdout.splitlines()
    assert [row.split()[0] for row in rows] == ["cuecast", "batched", "sequential"]
    figures = json.loads(last)
    assert figures["length_s"] > 60
    assert figures["wall_ratio"] > 0
    assert {"wer", "wer_batched", "wer_sequential", "again_s", "cpu_ratio"} <= set(figures)


@pytest.mark.parametrize(
    ("spoken", "wer"),
    [("the bay holds water", 0.0), ("the bay water", 0.25), ("a bay that holds water", 0.5)],
)
def test_word_errors_are_counted_a_word_of_the_truth(spoken: str, wer: float) -> None:
    truth = transcribe.plain("The bay -- holds water.".split())
    assert transcribe.measure_wer(transcribe.plain(spoken.split()), truth) == wer
