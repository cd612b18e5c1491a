"""What is named and can't be had, as a person meets it: before anything runs, a line each."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.test_commands import cuecast, write_job
from tests.excerpt import cut_sound
from tests.models.hub_server import Faults, serve_hub

TINY = Path(__file__).parents[1] / "tiny_whisper" / "model"
NAME = "acme/tiny"
MANY = """\
output: out
transcribe: {model: smal}
topics: {embedder: none}
clips: {style: {fallback: [job.yaml]}, intro: job.yaml}
items:
  - {id: a, media: talk.wav}
  - {id: b, media: talk.wav}
  - {id: c, media: talk.wav, transcribe: {engine: moonshine, model: tiny}}
"""
WRONG = [
    r"a, b: transcribe\.model: 'smal' is not known; did you mean small\?",
    r"embedder none: is not on this machine; name one that holds .+ in topics\.embedder, .+",
    r"/.+/job\.yaml: not a WAV file of samples; convert it to WAV",
    r"/.+/job\.yaml: not a font; name a TrueType or OpenType file",
    r"c: transcribe\.model: moonshine takes none; leave it out, or .+",
]


def test_plan_and_run_tell_all_that_is_wrong_once_and_nothing_is_run(tmp_path: Path) -> None:
    write_job(tmp_path, MANY)
    cut_sound(tmp_path / "talk.wav")
    planned = cuecast(tmp_path, "plan", "job.yaml", HF_HOME=str(tmp_path / "home"))
    ran = cuecast(tmp_path, "run", "job.yaml", HF_HOME=str(tmp_path / "home"))
    assert (planned.returncode, ran.returncode) == (2, 2)
    assert (planned.stdout, ran.stdout) == ("", "")
    assert planned.stderr == ran.stderr
    lines = ran.stderr.splitlines()
    assert len(lines) == len(WRONG), ran.stderr
    for line, wrong in zip(lines, WRONG, strict=True):
        assert re.fullmatch(f"error: {wrong}", line), line
    assert {path.name for path in tmp_path.iterdir()} == {"job.yaml", "talk.wav"}


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("--model smal", r"transcribe\.model: 'smal' is not known; did you mean small\?"),
        ("--model small", r"transcribe\.model: small is not on this machine; `cuecast mod.+"),
        ("--engine moonshine --model X", r"transcribe\.model: moonshine takes none; .+"),
        ("--engine pocketsphinx --language de", r"language: pocketsphinx knows English only, .+"),
    ],
)  # fmt: skip
def test_a_single_recording_is_refused_alike(tmp_path: Path, typed: str, error: str) -> None:
    cut_sound(tmp_path / "talk.wav")
    asked = ["caption", "talk.wav", *typed.split(), "--out", "out"]
    done = cuecast(tmp_path, *asked, HF_HOME=str(tmp_path / "home"))
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(f"error: {error}\n", done.stderr), done.stderr
    assert not (tmp_path / "out").exists()


def test_a_fetch_is_told_by_plan_and_shown_while_it_runs_by_each_who_waits(tmp_path: Path) -> None:
    asked = {"engine": "faster_whisper", "model": NAME, "device": "cpu"}
    job = {
        "output": "out",
        "run": {"workers": 2},
        "transcribe": asked,
        "clips": {"select": "none"},
        "items": [{"id": id_, "media": "talk.wav", "language": "en"} for id_ in ("one", "two")],
    }
    cut_sound(tmp_path / "talk.wav")
    write_job(tmp_path, json.dumps(job))
    files = {path.name: path.read_bytes() for path in TINY.iterdir()}
    with serve_hub({NAME: files}, Faults(delay_s=0.02)) as hub:
        there = {"HF_HOME": str(tmp_path / "home"), "HF_ENDPOINT": hub.url}
        planned = cuecast(tmp_path, "plan", "job.yaml", **there)
        assert planned.returncode == 0, planned.stderr
        note = f"model {NAME} will be fetched into {tmp_path}/home/hub"
        assert planned.stdout.splitlines()[-1].strip() == note
        assert not hub.asked
        ran = cuecast(tmp_path, "run", "job.yaml", **there)
        assert ran.returncode == 0, ran.stderr
        n_fetched = len(hub.ranges["model.bin"])
    line = rf"^(one|two)  transcribe  fetching model {NAME}: (\d) of 3 MB$"
    told = re.findall(line, ran.stderr, re.MULTILINE)
    assert n_fetched == 1
    assert len({n_mb for _, n_mb in told}) > 1, ran.stderr
    assert cuecast(tmp_path, "plan", "job.yaml", **there).stdout.count("will be fetched") == 0
