"""ASS for burning: times to 5 ms, no override blocks, sizes that fit the picture."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.ass import Label, choose_style, format_timestamp
from pipeline.captions.burned import format_burned
from pipeline.records import Cue
from tests.captions.texts import HOSTILE, cue_lists

STYLE = choose_style(1280, 720)
MAX_ROUNDING_MS = 5


def dialogues(document: str) -> list[list[str]]:
    rows = [line for line in document.split("\n") if line.startswith("Dialogue: ")]
    return [row.removeprefix("Dialogue: ").split(",", 9) for row in rows]


def read_ms(timestamp: str) -> int:
    h, m, s = timestamp.split(":")
    return round((int(h) * 3600 + int(m) * 60 + float(s)) * 1000)


@given(st.integers(0, 30_000_000))
def test_times_are_off_by_five_milliseconds_at_most(time_ms: int) -> None:
    assert abs(read_ms(format_timestamp(time_ms)) - time_ms) <= MAX_ROUNDING_MS


@given(cue_lists())
def test_every_cue_is_one_event_and_none_overlap(cues: tuple[Cue, ...]) -> None:
    events = dialogues(format_burned(cues, STYLE))
    assert len(events) == len(cues)
    for before, after in pairwise(events):
        assert read_ms(before[2]) <= read_ms(after[1])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_shows_as_text(text: str) -> None:
    (event,) = dialogues(format_burned([Cue(0, 1_000, (text, "next"), text)], STYLE))
    first, second = event[9].split("\\N")
    assert second == "next"
    assert not re.search(r"(?<!\\)[{}]|\\[Nnh]", first)


def test_a_title_stays_at_the_top_for_the_whole_clip() -> None:
    title = Label("Title", "Roman {empire}", (64, 50, 1152, 160), 50)
    document = format_burned([], STYLE, labels=[title])
    (event,) = dialogues(document)
    assert event[:4] == ["0", "0:00:00.00", "9:59:59.99", "Title"]
    assert event[9] == "Roman \\{empire\\}"
    row = next(line for line in document.split("\n") if line.startswith("Style: Title"))
    assert row.startswith("Style: Title,Roboto,50,")
    assert row.endswith(",8,64,64,50,-1")


def test_the_style_is_the_one_asked_for() -> None:
    document = format_burned([], replace(STYLE, font="Noto, Sans", size_px=33, margin_bottom_px=77))
    assert "PlayResX: 1280\nPlayResY: 720\n" in document
    row = next(line for line in document.split("\n") if line.startswith("Style: Caption"))
    assert row.startswith("Style: Caption,Noto Sans,33,")
    assert ",77,-1" in row


@pytest.mark.parametrize(
    ("width_px", "height_px"), [(1920, 1080), (1080, 1920), (1080, 1080), (64, 48)]
)
def test_a_full_line_fits_every_shape_of_picture(width_px: int, height_px: int) -> None:
    style = choose_style(width_px, height_px)
    assert 42 * 0.36 * style.size_px <= max(width_px, 8 * 42 * 0.36)
    assert style.margin_bottom_px + 3 * style.size_px < height_px
