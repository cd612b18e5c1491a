"""Times move, and nothing else; no word is lost or doubled where parts meet."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.formats import READERS
from pipeline.captions.srt import format_srt
from pipeline.captions.time_shift import Move, move_file
from pipeline.captions.vtt import format_vtt
from pipeline.errors import MediaError
from pipeline.records import Cue, Stretch
from tests.captions.texts import cue_lists, numbered_cues, parts, srt_files, vtt_files

VTT = """WEBVTT a title

STYLE
::cue { color: red }

NOTE before

first
00:01.000 --> 00:03.000 line:0
<v Ann>One <00:02.000><c>two</c> &amp; three

NOTE between

00:04.000 --> 00:06.000
four

00:00:08.000 --> 00:00:09.000
five
"""
SRT = """1
00:00:01,000 --> 00:00:03,000 X1:0
{\\an8}One

two

2
00:00:04,000 --> 00:00:06,000
<i>three</i>
3
00:00:08,000 --> 00:00:09,000
four
"""


def test_all_but_times_stays() -> None:
    moved = move_file(VTT, "vtt", Move(offset_ms=500))
    assert moved.text == (
        VTT.replace("00:01.000 --> 00:03.000", "00:00:01.500 --> 00:00:03.500")
        .replace("<00:02.000>", "<00:00:02.500>")
        .replace("00:04.000 --> 00:06.000", "00:00:04.500 --> 00:00:06.500")
        .replace("00:00:08.000 --> 00:00:09.000", "00:00:08.500 --> 00:00:09.500")
    )
    assert moved.left_out == ()
    assert move_file(SRT, "srt", Move()).text == SRT


def test_times_are_stretched_before_they_are_shifted() -> None:
    moved = move_file(SRT, "srt", Move(scale=Fraction(25, 24), offset_ms=-1_000))
    spans = [(cue.start_ms, cue.end_ms) for cue in READERS["srt"](moved.text)]
    assert spans == [(42, 2_125), (3_167, 5_250), (7_333, 8_375)]


def test_what_was_cut_out_goes_and_what_follows_moves_up() -> None:
    move = Move(cuts=(Stretch(500, 1_500), Stretch(3_500, 6_500)))
    vtt, srt = move_file(VTT, "vtt", move), move_file(SRT, "srt", move)
    assert vtt.left_out == srt.left_out == (2,)
    assert "four" not in vtt.text
    assert "NOTE between" in vtt.text
    assert srt.text == (
        "1\n00:00:00,500 --> 00:00:02,000 X1:0\n{\\an8}One\n\ntwo\n\n"
        "2\n00:00:04,000 --> 00:00:05,000\nfour\n"
    )


def test_what_comes_before_0_goes() -> None:
    moved = move_file(SRT, "srt", Move(offset_ms=-5_000))
    assert moved.left_out == (1,)
    assert "00:00:00,000 --> 00:00:01,000" in moved.text


@pytest.mark.parametrize("text", ["WEBVTT\n\n0:1 --> 2\na\n", "WEBVTT\n\n-->\na"])
def test_times_that_cannot_be_read_are_an_error(text: str) -> None:
    with pytest.raises(MediaError, match="times that can't be read"):
        move_file(text, "vtt", Move(offset_ms=1))


@given(cue_lists(), st.integers(0, 100_000))
def test_forth_and_back_is_the_same_file(cues: tuple[Cue, ...], offset_ms: int) -> None:
    for text, form in ((format_vtt(cues, "en"), "vtt"), (format_srt(cues), "srt")):
        there = move_file(text, form, Move(offset_ms=offset_ms)).text
        assert move_file(there, form, Move(offset_ms=-offset_ms)).text == text


@given(st.one_of(vtt_files().map(lambda text: (text, "vtt")),
                 srt_files().map(lambda text: (text, "srt"))))  # fmt: skip
def test_any_cue_keeps_its_text(file: tuple[str, str]) -> None:
    text, form = file
    moved = move_file(text, form, Move(offset_ms=250)).text
    assert [cue.lines for cue in READERS[form](moved)] == [cue.lines for cue in READERS[form](text)]


@given(numbered_cues().filter(bool), parts())
def test_parts_that_meet_share_the_cues_out(
    cues: tuple[Cue, ...], spans: list[tuple[int, int]]
) -> None:
    shown = []
    for start_ms, end_ms in spans:
        cuts = [Stretch(end_ms, 30_000)]
        move = Move(cuts=[Stretch(0, start_ms), *cuts] if start_ms else cuts)
        part = move_file(format_srt(cues), "srt", move).text
        shown += [cue.lines[0] for cue in READERS["srt"](part)]
    assert shown == [cue.lines[0] for cue in cues]
