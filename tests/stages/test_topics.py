"""The topics stage writes topics.json and a chapter file of every format."""

import json
import logging
from pathlib import Path

import pytest

from pipeline.codec import read_record, write_record
from pipeline.job.context import StepContext
from pipeline.job.stage import StepRequest
from pipeline.records import Plain, TimedText, TopicList
from pipeline.stages import topics
from tests.topics.texts import read_sample

NAMES = ["chapters.ffmeta", "chapters.json", "chapters.txt", "chapters.vtt", "topics.json"]


def run_stage(folder: Path, timed: TimedText, options: Plain) -> Path:
    """Run the stage on a timed text; returns the folder it wrote into."""
    for name in ("align", "topics"):
        (folder / name).mkdir(parents=True)
    write_record(folder / "align" / "words.json", timed)
    request = StepRequest(
        item="talk",
        stage="topics",
        run="pipeline.stages.topics:run",
        fingerprint="0",
        folder=folder / "topics",
        scratch=folder / "topics",
        log=folder / "topics.log",
        inputs={"align": folder / "align"},
        sources={},
        options={"topics": options},
    )
    topics.run(StepContext(request))
    return folder / "topics"


def test_every_file_holds_the_same_chapters(tmp_path: Path) -> None:
    timed, begins = read_sample()
    written = run_stage(tmp_path, timed, {})
    assert sorted(path.name for path in written.iterdir()) == NAMES
    found = read_record(written / "topics.json", TopicList).topics
    assert [topic.first_word for topic in found] == begins
    titles = [topic.title for topic in found]
    podcast = json.loads((written / "chapters.json").read_text("utf-8"))
    assert [chapter["title"] for chapter in podcast["chapters"]] == titles
    for name in ("chapters.ffmeta", "chapters.txt", "chapters.vtt"):
        text = (written / name).read_text("utf-8")
        assert [text.find(title) for title in titles] == sorted(text.find(t) for t in titles)
        assert -1 not in [text.find(title) for title in titles]


def test_the_number_of_topics_may_be_given(tmp_path: Path) -> None:
    timed, _ = read_sample()
    written = run_stage(tmp_path, timed, {"count": 2})
    assert len(read_record(written / "topics.json", TopicList).topics) == 2


def test_no_words_make_empty_files_and_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    written = run_stage(tmp_path, TimedText("en", "scripted", 900, (), ()), {})
    assert sorted(path.name for path in written.iterdir()) == NAMES
    assert read_record(written / "topics.json", TopicList).topics == ()
    assert "no words, so no topics" in caplog.text


def test_the_same_words_give_the_same_bytes(tmp_path: Path) -> None:
    timed, _ = read_sample()
    written = [run_stage(tmp_path / name, timed, {}) for name in ("one", "two")]
    first, second = ({p.name: p.read_bytes() for p in folder.iterdir()} for folder in written)
    assert first == second
