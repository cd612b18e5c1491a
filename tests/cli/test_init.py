"""`cuecast init`: a job file for the recordings in a folder."""

import re
from pathlib import Path

import pytest

from pipeline.codec import to_plain
from pipeline.config import read_job
from pipeline.job_file import SECTIONS
from pipeline.yaml_file import read_yaml
from tests.cli.test_commands import cuecast


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("talk.mp4", "talk.txt", "it's: #1.wav", "Ende.MP3", "Ende.srt", "notes.docx"):
        (tmp_path / name).touch()
    return tmp_path


def test_each_recording_is_an_item_with_the_text_beside_it(folder: Path) -> None:
    done = cuecast(folder, "init")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "job.yaml: 3 recordings, 2 with a text; next: cuecast plan job.yaml\n"
    items = read_job(folder / "job.yaml").items
    sources = [{key: path.name for key, path in item.sources.items()} for item in items]
    assert sources == [
        {"media": "Ende.MP3", "text": "Ende.srt"},
        {"media": "it's: #1.wav"},
        {"media": "talk.mp4", "text": "talk.txt"},
    ]


def test_options_in_comments_are_valid_and_the_defaults(folder: Path) -> None:
    cuecast(folder, "init")
    job = folder / "job.yaml"
    written = re.sub(r"^# (?=\S+:|  )", "", job.read_text("utf-8"), flags=re.MULTILINE)
    job.write_text(written, "utf-8")
    read_job(job)
    sections = read_yaml(job).plain
    assert len(sections.keys() & SECTIONS.keys()) == 6
    for name in sections.keys() & SECTIONS.keys():
        defaults = to_plain(SECTIONS[name]())
        assert {key: defaults[key] for key in sections[name]} == sections[name]


def test_a_job_file_that_is_there_is_not_overwritten(folder: Path) -> None:
    (folder / "job.yaml").write_text("mine")
    done = cuecast(folder, "init")
    assert (done.returncode, (folder / "job.yaml").read_text()) == (2, "mine")
    assert done.stderr == "error: job.yaml: is there already; move it away to have a new one\n"


@pytest.mark.parametrize(
    ("place", "problem"), [(".", "no recordings in it"), ("gone", "no such folder")]
)
def test_a_folder_without_recordings_is_one_line(tmp_path: Path, place: str, problem: str) -> None:
    done = cuecast(tmp_path, "init", place)
    assert (done.returncode, list(tmp_path.iterdir())) == (2, [])
    assert done.stderr == f"error: {place}: {problem}; name the folder of the recordings\n"
