"""The topics stage writes topics.json and a chapter file of every format."""

import json
import logging
from pathlib import Path

import pytest

from pipeline.codec import from_plain, read_record, write_record
from pipeline.errors import ConfigError, EngineError
from pipeline.job.context import StepContext
from pipeline.records import Media, Plain, TimedText, TopicList, VideoStream
from pipeline.stages import topics
from pipeline.topics.find import find_topics
from pipeline.topics.options import TopicOptions
from tests.language_models.chat_server import say, serve_chat
from tests.language_models.tiny_encoder import make_encoder
from tests.stages.steps import make_request
from tests.topics.texts import read_sample, speak

NAMES = [
    "chapters.edl",
    "chapters.ffmeta",
    "chapters.json",
    "chapters.txt",
    "chapters.vtt",
    "topics.json",
]


def run_stage(folder: Path, timed: TimedText, options: Plain) -> Path:
    """Run the stage on a timed text; returns the folder it wrote into."""
    for name in ("ingest", "align", "topics"):
        (folder / name).mkdir(parents=True)
    media = Media("talk.mp4", 900, 16_000, 14_400, 1, 1, video=VideoStream(640, 360, 29.97))
    write_record(folder / "ingest" / "media.json", media)
    write_record(folder / "align" / "words.json", timed)
    topics.run(StepContext(make_request("topics", folder, options={"topics": options})))
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
    assert "FCM: DROP FRAME" in (written / "chapters.edl").read_text("utf-8")
    for name in ("chapters.edl", "chapters.ffmeta", "chapters.txt", "chapters.vtt"):
        text = (written / name).read_text("utf-8")
        assert [text.find(title) for title in titles] == sorted(text.find(t) for t in titles)
        assert -1 not in [text.find(title) for title in titles]


def test_the_number_of_topics_may_be_given(tmp_path: Path) -> None:
    timed, _ = read_sample()
    written = run_stage(tmp_path, timed, {"count": 2})
    assert len(read_record(written / "topics.json", TopicList).topics) == 2


def test_an_embedder_knows_what_words_alone_do_not(tmp_path: Path) -> None:
    halves = {
        "sea": [f"aqua{n:03}x" for n in range(200)],
        "food": [f"pan{n:03}x" for n in range(100)],
    }
    spoken = [
        " ".join(half[n : n + 5]) + "." for half in halves.values() for n in range(0, len(half), 5)
    ]
    timed = speak(" ".join(spoken))  # no word is said twice
    model = make_encoder(tmp_path / "model", halves)
    options = {"count": 2, "embedder": str(model)}
    found = read_record(run_stage(tmp_path / "a", timed, options) / "topics.json", TopicList)
    assert [topic.first_word for topic in found.topics] == [0, 200]
    nats = {item.cue: item.nats for item in found.topics[1].evidence}
    assert nats["meaning"] > 10
    alone = read_record(run_stage(tmp_path / "b", timed, {"count": 2}) / "topics.json", TopicList)
    assert "meaning" not in {item.cue for item in alone.topics[1].evidence}
    assert alone.topics[1].first_word != 200


def test_an_embedder_that_is_not_there_fails_the_step(tmp_path: Path) -> None:
    timed, _ = read_sample()
    with pytest.raises(EngineError, match=r"\./nowhere: no such folder; check topics\.embedder"):
        run_stage(tmp_path, timed, {"embedder": "./nowhere"})


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


def test_a_language_model_names_the_topics_and_every_file_has_its_titles(tmp_path: Path) -> None:
    timed, _ = read_sample()
    replies = iter(["Rooftop Bees", "Night Trains", "", "Asteroids"])
    with serve_chat(lambda body: (200, say(next(replies)))) as server:
        titles = {"url": server.url, "model": "tiny"}
        written = run_stage(tmp_path, timed, {"titles": titles})
    found = read_record(written / "topics.json", TopicList).topics
    own = find_topics(timed, TopicOptions()).topics
    assert [t.title for t in found] == ["Rooftop Bees", "Night Trains", own[2].title, "Asteroids"]
    assert [topic.first_word for topic in found] == [topic.first_word for topic in own]
    assert "Night Trains" in (written / "chapters.vtt").read_text("utf-8")
    assert "bees" in server.asked[0][1]["messages"][1]["content"]


@pytest.mark.parametrize(("status", "content"), [(500, b""), (200, b"no JSON"), (200, b"{}")])
def test_topics_keep_their_titles_when_the_model_fails(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, status: int, content: bytes
) -> None:
    timed, _ = read_sample()
    replies = iter([(200, say("Rooftop Bees")), (status, content)])
    with serve_chat(lambda body: next(replies)) as server:
        titles = {"url": server.url, "model": "tiny"}
        written = run_stage(tmp_path, timed, {"titles": titles})
    found = read_record(written / "topics.json", TopicList)
    assert found == find_topics(timed, TopicOptions())
    assert "topics keep their own titles" in caplog.text


def test_a_model_that_is_not_there_fails_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    timed, _ = read_sample()
    with serve_chat(lambda body: (200, b"")) as server:
        pass
    written = run_stage(tmp_path, timed, {"titles": {"url": server.url, "model": "tiny"}})
    assert len(read_record(written / "topics.json", TopicList).topics) == 4
    assert "refused" in caplog.text


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="not an address: 'localhost:1'"):
        from_plain({"titles": {"url": "localhost:1", "model": "x"}}, TopicOptions, "job")
