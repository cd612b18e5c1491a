"""A job file run by a program."""

from pathlib import Path

import pytest

import cuecast
from pipeline.job.events import Event, RunEnded

JOB = """
output: out
items:
  - {media: talk.mp3, text: talk.txt, id: good}
  - {media: noise.mp3, id: bad}
clips: {select: none}
"""


def test_each_item_has_its_outcome_and_one_that_fails_stops_no_other(talk: Path) -> None:
    (talk / "noise.mp3").write_bytes(b"no sound")
    (talk / "job.yaml").write_text(JOB)
    events: list[Event] = []
    good, bad = cuecast.run_job(talk / "job.yaml", on_event=events.append)
    assert (good.id, good.state, good.error) == ("good", "done", None)
    assert (good.folder / "captions" / "captions.vtt").is_file()
    assert (bad.id, bad.state) == ("bad", "failed")
    assert isinstance(bad.error, cuecast.MediaError)
    assert isinstance(events[-1], RunEnded)
    assert (talk / "out" / "summary.csv").read_text().count("\n") == 3
    (again,) = cuecast.run_job(talk / "job.yaml", only=["good"], on_event=events.append)
    assert again == good
    assert isinstance(events[-1], RunEnded) and events[-1].n_steps_run == 0


def test_what_is_wrong_in_the_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "job.yaml"
    path.write_text("output: out\nitems: [{meda: a.mp3}]\n")
    with pytest.raises(cuecast.ConfigError, match=r"job\.yaml:2: .+ did you mean media\?"):
        cuecast.run_job(path)
    path.write_text("output: out\nitems: [{media: a.mp3}]\n")
    with pytest.raises(cuecast.ConfigError, match="there is no item 'b'"):
        cuecast.run_job(path, only=["b"])
