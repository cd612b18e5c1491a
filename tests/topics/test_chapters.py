"""Chapter files hold the same chapters, whatever the titles, and other programs read them."""

import json
import logging
import subprocess
from itertools import pairwise

import imageio_ffmpeg
import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Topic
from pipeline.topics.chapters import FORMATS
from tests.captions.texts import HOSTILE

PLAIN = ("Bees on a rooftop", "Night train", "Sauerkraut", "Mining asteroids")
TRICKY = ("a=b; c#d \\ e", "two\nlines --> x", "<b>R&D</b>", "[CHAPTER]")


def make(titles: tuple[str, ...] = PLAIN, length_ms: int = 61_500) -> list[Topic]:
    return [
        Topic(title, n * length_ms, (n + 1) * length_ms, n * 100, 100)
        for n, title in enumerate(titles)
    ]


@st.composite
def topic_lists(draw: st.DrawFn) -> list[Topic]:
    topics: list[Topic] = []
    now_ms = 0
    for number in range(draw(st.integers(0, 8))):
        end_ms = now_ms + draw(st.sampled_from([1, 900, 9_999, 10_000, 60_000, 4_000_000]))
        title = draw(st.one_of(st.text(min_size=1, max_size=20), st.sampled_from(HOSTILE[:-3])))
        topics.append(Topic(title, now_ms, end_ms, number, 1))
        now_ms = end_ms
    return topics


@pytest.mark.parametrize("name", sorted(FORMATS))
@given(topics=topic_lists())
def test_every_format_writes_any_titles_as_utf8(name: str, topics: list[Topic]) -> None:
    text = FORMATS[name].write(topics)
    text.encode()
    assert text.endswith("\n") or not topics


@pytest.mark.parametrize("titles", [PLAIN, TRICKY])
def test_webvtt_py_reads_the_chapters(titles: tuple[str, ...]) -> None:
    read = webvtt.from_string(FORMATS["vtt"].write(make(titles)))
    assert [caption.start for caption in read][:2] == ["00:00:00.000", "00:01:01.500"]
    assert [len(caption.lines) for caption in read] == [1] * 4
    assert all(a.end == b.start for a, b in pairwise(read))


def test_webvtt_is_plain_text() -> None:
    text = FORMATS["vtt"].write(make(TRICKY))
    assert "two lines --&gt; x\n" in text
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;\n" in text


def test_podcast_chapters_are_in_seconds() -> None:
    read = json.loads(FORMATS["podcast"].write(make()[:2]))
    assert read == {
        "version": "1.2.0",
        "chapters": [
            {"startTime": 0.0, "title": "Bees on a rooftop", "endTime": 61.5},
            {"startTime": 61.5, "title": "Night train", "endTime": 123.0},
        ],
    }


def test_youtube_chapters_are_lines_from_0_00_on() -> None:
    assert FORMATS["youtube"].write(make(length_ms=1_801_500)) == (
        "0:00 Bees on a rooftop\n30:01 Night train\n1:00:03 Sauerkraut\n1:30:04 Mining asteroids\n"
    )


@given(topic_lists())
def test_youtube_chapters_ascend_by_ten_seconds_at_least(topics: list[Topic]) -> None:
    lines = FORMATS["youtube"].write(topics).splitlines()
    seconds = []
    for line in lines:
        parts = [int(part) for part in line.split(" ")[0].split(":")]
        seconds.append(sum(part * 60**power for power, part in enumerate(reversed(parts))))
        assert not set("<>") & set(line)
    assert not seconds or seconds[0] == 0
    assert all(after - before >= 10 for before, after in pairwise(seconds))


def test_fewer_chapters_than_youtube_shows_are_written_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    assert FORMATS["youtube"].write(make()[:2]).count("\n") == 2
    assert "YouTube shows none of fewer than 3" in caplog.text


@pytest.mark.parametrize("titles", [PLAIN, TRICKY])
def test_ffmpeg_reads_the_metadata(titles: tuple[str, ...]) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "ffmetadata", "-i", "-",
               "-f", "ffmetadata", "-"]  # fmt: skip
    text = FORMATS["ffmetadata"].write(make(titles))
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    read = done.stdout.decode()
    assert [f"START={n * 61_500}" in read for n in range(4)] == [True] * 4
    for line in text.splitlines():
        assert line.startswith(";") or line in read.splitlines()
