"""A folder of recordings, a third of them no good: the others are done all the same."""

import csv
import json
import shutil
from pathlib import Path

from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from tests.cli.test_commands import ROOT, cuecast

SAMPLE = ROOT / "samples" / "talk.mp4"
LENGTH_S = 6.0
GOOD = [f"good-{number}" for number in range(8)]
BAD = {
    "empty": "empty.mp3: the file is empty; name a recording",
    "gone": "gone.mp3: no such file; check the path",
    "soundless": "soundless.wav: its sound has no length; name a recording with sound",
    "text": "text.mp3: ",
}

JOB = """\
output: out
items:
  - {media: gone.mp3}
  - {media: "*.mp3"}
  - {media: "*.wav"}
  - {media: "*.mp4", text: "{stem}.txt", language: en, transcribe: {engine: pocketsphinx}}
clips: {captions: sidecar}
"""


def make_folder(folder: Path) -> None:
    cut = ["-i", file_url(SAMPLE), "-t", str(LENGTH_S), "-vf", "scale=160:-2", "-c:a", "aac"]
    run_ffmpeg(Run([*cut, file_url(folder / "first.mp4")], where="first.mp4"))
    words = json.loads(SAMPLE.with_suffix(".truth.json").read_text())["words"]
    spoken = " ".join(word["text"] for word in words if (word["end_ms"] or 0) < LENGTH_S * 1000)
    for name in GOOD:
        shutil.copy(folder / "first.mp4", folder / f"{name}.mp4")
        (folder / f"{name}.txt").write_text(f"{spoken}\n")
    (folder / "first.mp4").unlink()
    (folder / "empty.mp3").touch()
    (folder / "text.mp3").write_text("This is no recording at all.\n" * 99)
    silence = ["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "0"]
    run_ffmpeg(Run([*silence, file_url(folder / "soundless.wav")], where="soundless.wav"))
    (folder / "job.yaml").write_text(JOB)


def test_eight_of_twelve_are_done_and_four_fail_with_a_line_each(tmp_path: Path) -> None:
    make_folder(tmp_path)
    done = cuecast(tmp_path, "run", "--quiet", "job.yaml")
    assert done.returncode == 1
    assert done.stdout == ""
    lines = sorted(done.stderr.splitlines())
    assert len(lines) == len(BAD), done.stderr
    for line, (item, error) in zip(lines, sorted(BAD.items()), strict=True):
        assert line.startswith(f"{item}  ingest  failed: ")
        assert error in line
    with (tmp_path / "out" / "summary.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows if row["state"] == "done"] == GOOD
    assert {row["id"] for row in rows if row["state"] == "failed" and row["error"]} == set(BAD)
    for name in GOOD:
        assert (tmp_path / "out" / name / "report" / "index.html").is_file()
    again = cuecast(tmp_path, "run", "--failed", "job.yaml")
    assert again.stdout.startswith("0 of 4 done, 4 failed, in ")
