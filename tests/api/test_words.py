"""Timed words from a file and back, and their topics."""

from pathlib import Path

import pytest

import cuecast
from pipeline.records import Sound, Stretch, TimedText, Turn
from pipeline.topics.find import find_topics
from pipeline.topics.options import TopicOptions

SUBJECTS = ("tides", "bees")


def make_words() -> TimedText:
    """A talk on two subjects."""
    sentences = [f"The {subject} {n} are moving now." for subject in SUBJECTS for n in range(40)]
    tokens = " ".join(sentences).split()
    words = tuple(
        cuecast.Word(token, 400 * n, 400 * n + 300, "aligned", 0.1 + n / 10_000, 0)
        for n, token in enumerate(tokens)
    )
    turns = (Turn("Nora", "label", 0, len(words)),)
    sounds = (Sound("laughing", 3, 1_500, 1_590),)
    end_ms = 400 * len(words)
    return TimedText("en", "hand", end_ms, turns, words, sounds, (Stretch(0, 400),))


def test_words_are_read_as_they_were_saved(tmp_path: Path) -> None:
    words = make_words()
    words.save(tmp_path / "words.json")
    assert cuecast.read_words(str(tmp_path / "words.json")) == words


def test_where_words_can_not_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(cuecast.MediaError, match=r"words\.json: No such file .+; check the path"):
        make_words().save(tmp_path / "gone" / "words.json")


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff", b'{"version": 1, "words": 3}'])
def test_what_is_no_words_json_is_one_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "words.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(cuecast.MediaError, match=r"words\.json: .+; give the words.json of an"):
        cuecast.read_words(path)


def test_topics_are_those_of_the_stage() -> None:
    words = make_words()
    assert cuecast.find_topics(words) == find_topics(words, TopicOptions()).topics
    first, second = cuecast.find_topics(words, count=2, levels=1)
    assert (first.start_ms, first.first_word, second.end_ms) == (0, 0, words.duration_ms)
    assert first.n_words + second.n_words == len(words.words)
    assert abs(first.n_words - len(words.words) // 2) < 10
    assert not first.subtopics


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"cuont": 2}, "topics.cuont: unknown key; did you mean count?"),
        ({"count": 2, "every_minutes": 5}, "topics: count and every_minutes both say how many"),
        ({"titles": {"url": "http://a/v1", "model": "b"}}, "topics.titles: means nothing here"),
    ],
)
def test_a_wrong_option_is_told(options: dict[str, object], line: str) -> None:
    with pytest.raises(cuecast.ConfigError) as caught:
        cuecast.find_topics(make_words(), **options)  # type: ignore[arg-type]
    assert str(caught.value).startswith(line)


def test_an_embedder_that_is_not_here_is_an_engine_error(tmp_path: Path) -> None:
    with pytest.raises(cuecast.EngineError):
        cuecast.find_topics(make_words(), embedder=tmp_path)
