"""SubRip comes back as it was written; markup in the text is no markup any more."""

import re

import pytest
from hypothesis import given

from pipeline.captions.srt import format_srt
from pipeline.captions.text import clean_line
from pipeline.captions.vtt import format_vtt
from pipeline.errors import MediaError
from pipeline.records import Cue
from tests.captions.reading import parse_srt, parse_vtt
from tests.captions.texts import HOSTILE, cue_lists


def shown(cue: Cue) -> Cue:
    return Cue(cue.start_ms, cue.end_ms, tuple(map(clean_line, cue.lines)))


@given(cue_lists())
def test_cues_come_back_with_text_and_milliseconds(cues: tuple[Cue, ...]) -> None:
    assert parse_srt(format_srt(cues)) == tuple(map(shown, cues))


@given(cue_lists())
def test_webvtt_and_subrip_say_the_same(cues: tuple[Cue, ...]) -> None:
    assert parse_srt(format_srt(parse_vtt(format_vtt(cues)))) == tuple(map(shown, cues))


def test_a_file_reads_as_expected() -> None:
    cues = [Cue(1_005, 3_661_999, ("one", "two"), "Ann"), Cue(3_662_082, 3_663_000, ("three",))]
    assert format_srt(cues) == (
        "1\n00:00:01,005 --> 01:01:01,999\none\ntwo\n\n2\n01:01:02,082 --> 01:01:03,000\nthree\n"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_shows_as_text(text: str) -> None:
    written = format_srt([Cue(0, 1, (text, "next"))])
    payload = written.split("\n", 2)[2]
    assert not re.search(r"<[a-zA-Z/!]|-->|[{}]|\\[a-zA-Z]", payload)
    assert parse_srt(written)[0].lines == (clean_line(text), "next")


def test_a_year_alone_on_a_line_is_text() -> None:
    cues = (Cue(0, 900, ("it was in", "1984")), Cue(1_000, 2_000, ("2001",)))
    assert parse_srt(format_srt(cues)) == cues


def test_files_made_elsewhere_are_read() -> None:
    text = (
        "\ufeff1\r\n0:00:01,5 --> 00:00:02.000 X1:0\r\n<i>Fish</i> {\\an8}and\r\n\r\nchips\r\n\r\n"
        "2\r\n00:00:04,000 --> 00:00:03,000\r\nbackwards\r\n"
    )
    assert parse_srt(text) == (Cue(1_500, 2_000, ("Fish and", "chips")),)
    assert parse_srt("") == ()


def test_what_is_not_subrip_is_an_error() -> None:
    with pytest.raises(MediaError, match="not SubRip"):
        parse_srt("hello")


def test_times_without_milliseconds_are_read() -> None:
    assert parse_srt("1\n00:00:01 --> 00:00:02\nhi\n") == (Cue(1_000, 2_000, ("hi",)),)
