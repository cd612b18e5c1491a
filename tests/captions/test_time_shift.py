"""Times move, and nothing else; no word is lost or doubled where parts meet."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.blocks import CaptionForm
from pipeline.captions.document import make_document, parse_document
from pipeline.captions.formats import READERS
from pipeline.captions.srt import format_srt
from pipeline.captions.time_shift import TimeShift, shift_document
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


def shift(text: str, form: CaptionForm, by: TimeShift) -> str:
    """The file's text at new times."""
    return shift_document(parse_document(text, form), by)[0].format()


def leave_out(text: str, form: CaptionForm, by: TimeShift) -> tuple[int, ...]:
    """The numbers of the cues that are cut out."""
    return shift_document(parse_document(text, form), by)[1]


def test_all_but_times_stays() -> None:
    moved = shift(VTT, "vtt", TimeShift(offset_ms=500))
    assert moved == (
        VTT.replace("00:01.000 --> 00:03.000", "00:00:01.500 --> 00:00:03.500")
        .replace("<00:02.000>", "<00:00:02.500>")
        .replace("00:04.000 --> 00:06.000", "00:00:04.500 --> 00:00:06.500")
        .replace("00:00:08.000 --> 00:00:09.000", "00:00:08.500 --> 00:00:09.500")
    )
    assert leave_out(VTT, "vtt", TimeShift(offset_ms=500)) == ()
    assert shift(SRT, "srt", TimeShift()) == SRT


def test_times_are_stretched_before_they_are_shifted() -> None:
    moved = shift(SRT, "srt", TimeShift(scale=Fraction(25, 24), offset_ms=-1_000))
    spans = [(cue.start_ms, cue.end_ms) for cue in READERS["srt"](moved)]
    assert spans == [(42, 2_125), (3_167, 5_250), (7_333, 8_375)]


def test_what_was_cut_out_goes_and_what_follows_moves_up() -> None:
    move = TimeShift(cuts=(Stretch(500, 1_500), Stretch(3_500, 6_500)))
    vtt, srt = shift(VTT, "vtt", move), shift(SRT, "srt", move)
    assert leave_out(VTT, "vtt", move) == leave_out(SRT, "srt", move) == (2,)
    assert "four" not in vtt
    assert "NOTE between" in vtt
    assert srt == (
        "1\n00:00:00,500 --> 00:00:02,000 X1:0\n{\\an8}One\n\ntwo\n\n"
        "2\n00:00:04,000 --> 00:00:05,000\nfour\n"
    )


def test_what_comes_before_0_goes() -> None:
    moved = shift(SRT, "srt", TimeShift(offset_ms=-5_000))
    assert leave_out(SRT, "srt", TimeShift(offset_ms=-5_000)) == (1,)
    assert "00:00:00,000 --> 00:00:01,000" in moved


@pytest.mark.parametrize("text", ["WEBVTT\n\n0:1 --> 2\na\n", "WEBVTT\n\n-->\na"])
def test_times_that_cannot_be_read_stay(text: str) -> None:
    assert shift(text, "vtt", TimeShift(offset_ms=1)) == text


@given(cue_lists(), st.integers(0, 100_000))
def test_forth_and_back_is_the_same_file(cues: tuple[Cue, ...], offset_ms: int) -> None:
    forms: tuple[CaptionForm, ...] = ("vtt", "srt")
    for form in forms:
        text = make_document(cues, form, "en").format()
        there = shift(text, form, TimeShift(offset_ms=offset_ms))
        assert shift(there, form, TimeShift(offset_ms=-offset_ms)) == text


@given(st.one_of(vtt_files().map(lambda text: (text, "vtt")),
                 srt_files().map(lambda text: (text, "srt"))))  # fmt: skip
def test_any_cue_keeps_its_text(file: tuple[str, CaptionForm]) -> None:
    text, form = file
    moved = shift(text, form, TimeShift(offset_ms=250))
    assert [cue.lines for cue in READERS[form](moved)] == [cue.lines for cue in READERS[form](text)]


@given(numbered_cues().filter(bool), parts())
def test_parts_that_meet_share_the_cues_out(
    cues: tuple[Cue, ...], spans: list[tuple[int, int]]
) -> None:
    shown = []
    for start_ms, end_ms in spans:
        cuts = [Stretch(end_ms, 30_000)]
        move = TimeShift(cuts=[Stretch(0, start_ms), *cuts] if start_ms else cuts)
        part = shift(format_srt(cues), "srt", move)
        shown += [cue.lines[0] for cue in READERS["srt"](part)]
    assert shown == [cue.lines[0] for cue in cues]
