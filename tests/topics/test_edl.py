"""Edit decision lists: events that touch, and timecodes that any editing program agrees with."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Topic
from pipeline.topics.edl import choose_timecode, format_edl

TOPICS = (Topic("Bees\nand | wasps", 0, 61_500, 0, 5), Topic("Trains", 61_500, 3_600_000, 5, 5))


@pytest.mark.parametrize(
    ("fps", "time_ms", "written"),
    [
        (25.0, 61_480, "00:01:01:12"),
        (25.0, 3_600_000, "01:00:00:00"),
        (24.0, 500, "00:00:00:12"),
        (50.0, 980, "00:00:00:49"),
        (30.0, 60_000, "00:01:00:00"),
        (23.976, 3_600_000, "00:59:56:10"),
        (24000 / 1001, 3_603_600, "01:00:00:00"),
        (29.97, 60_060, "00:01:00;02"),
        (30000 / 1001, 59_993, "00:00:59;28"),
        (30000 / 1001, 600_000, "00:10:00;00"),
        (30000 / 1001, 3_600_000, "01:00:00;00"),
        (60000 / 1001, 3_600_000, "01:00:00;00"),
        (None, 1_000, "00:00:01:00"),
    ],
)
def test_timecodes_are_those_of_the_rate(fps: float | None, time_ms: int, written: str) -> None:
    assert choose_timecode(fps).format(time_ms) == written


@given(st.sampled_from([30000 / 1001, 60000 / 1001]), st.integers(0, 400_000))
def test_dropping_numbers_never_repeats_or_runs_backwards(fps: float, frame: int) -> None:
    timecode = choose_timecode(fps)
    codes = [timecode.format(round((frame + n) * 1000 / fps)) for n in range(3)]
    assert codes == sorted(set(codes))
    for code in codes:
        _, minutes, seconds, frames = (int(part) for part in re.split("[:;]", code))
        dropped = 2 if timecode.base == 30 else 4
        assert not (minutes % 10 and seconds == 0 and frames < dropped)


def test_an_event_a_topic_with_its_title() -> None:
    text = format_edl(TOPICS, "talk.mp4", 25.0)
    assert text.startswith("TITLE: talk.mp4\nFCM: NON-DROP FRAME\n\n001  AX       B     C        ")
    events = re.findall(r"^\d{3} .* (\S+) (\S+) (\S+) (\S+)$", text, re.MULTILINE)
    assert len(events) == 2
    for source_in, source_out, record_in, record_out in events:
        assert (source_in, source_out) == (record_in, record_out)
    assert all(before[1] == after[0] for before, after in pairwise(events))
    assert text.count("* FROM CLIP NAME: talk.mp4\n") == 2
    assert "* COMMENT: Bees and | wasps\n |C:ResolveColorBlue |M:Bees and / wasps |D:1\n" in text


def test_ntsc_drops_frames_and_sound_has_no_picture() -> None:
    assert "FCM: DROP FRAME\n" in format_edl(TOPICS, "a.mov", 29.97)
    assert "001  AX       A     C " in format_edl(TOPICS, "a.mp3", None)
    assert format_edl((), "a.mp3", None) == "TITLE: a.mp3\nFCM: NON-DROP FRAME\n"
