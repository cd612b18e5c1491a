"""What the grammar of WebVTT and SubRip forbids is found, line by line; what it allows is not."""

import pytest
from hypothesis import given

from pipeline.captions.blocks import CaptionForm, split_blocks
from pipeline.captions.conformance import escape_ampersands, find_departures, keep_settings
from pipeline.captions.cues import make_cues
from pipeline.captions.formats import FORMATS
from pipeline.captions.options import CaptionOptions
from pipeline.captions.srt import format_srt
from pipeline.captions.vtt import format_vtt
from pipeline.records import Cue, TimedText
from tests.captions.texts import cue_lists, timed_texts

CUE = "00:01.000 --> 00:03.000"


def rules(text: str, form: CaptionForm = "vtt") -> list[tuple[str, int | None]]:
    return [
        (found.rule, found.line) for found in find_departures([*split_blocks(text, form)], form)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n",
        "\ufeffWEBVTT a title\n\nNOTE of any sort\n\nSTYLE\n::cue { color: red }\n",
        f"WEBVTT\n\nid\n{CUE} align:start line:-1 position:0%,line-left size:50.5%\na\nb\n",
        f"WEBVTT\n\n{CUE} vertical:rl line:0%,end region:x\n<v.loud Ann Lee>Hi &amp; bye\n",
        f"WEBVTT\n\n{CUE}\n<i>a <b>b</b></i> <lang fr>c</lang> <c.a.b>d</c> > &#233; &eacute;\n",
        f"WEBVTT\n\n{CUE}\n<v Ann>Yes.</v>\n<v Bo>No.</v>\n",
        f"WEBVTT\n\n{CUE}\n<c>a</c> <00:00:01.500><c>b</c> <00:02.500><c>d</c>\n",
        "WEBVTT\n\n123:00:01.000 --> 123:00:02.000\nlong ago\n",
        f"WEBVTT\n\n{CUE}\n<ruby>a<rt>b</rt></ruby>\n\n\n\n{CUE}\nc",
    ],
)
def test_what_the_standard_allows_is_no_departure(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        (f"WEBVTTX\n\n{CUE}\na\n", "vtt-signature", 1),
        (f"WEBVTT\nKind: captions\n\n{CUE}\na\n", "vtt-header", 2),
        (f"WEBVTT\n\n{CUE}\na\n\nSTYLE\nb\n", "vtt-late-block", 6),
        (f"WEBVTT\n\n{CUE}\na\n{CUE}\nb\n", "vtt-blank-line", 5),
        ("WEBVTT\n\n0:01.000 --> 00:03.000\na\n", "vtt-timing", 3),
        ("WEBVTT\n\n00:01,000 --> 00:03,000\na\n", "vtt-timing", 3),
        ("WEBVTT\n\n00:01.000-->00:03.000\na\n", "vtt-timing", 3),
        (f"WEBVTT\n\n{CUE} align:middle\na\n", "vtt-setting", 3),
        (f"WEBVTT\n\n{CUE} line:1 line:2\na\n", "vtt-setting", 3),
        (f"WEBVTT\n\n{CUE} size:101%\na\n", "vtt-setting", 3),
        (f"WEBVTT\n\n{CUE}\na\nb & c\n", "vtt-ampersand", 5),
        (f"WEBVTT\n\n{CUE}\n&nosuch;\n", "vtt-ampersand", 4),
        (f"WEBVTT\n\n{CUE}\n1 < 2\n", "vtt-unseen-text", 4),
        (f"WEBVTT\n\n{CUE}\n1 < 2, 2 > 1\n", "vtt-tag", 4),
        (f"WEBVTT\n\n{CUE}\n\nlost\n", "vtt-stray-line", 5),
        (f"WEBVTT\n\nlost\n\n{CUE}\na\n", "vtt-stray-line", 3),
        ("WEBVTT\n\nid\n00:01.000 -> 00:03.000 --> \na\n", "vtt-timing", 4),
        (f"WEBVTT\n\n{CUE}\n<font color=red>a</font>\n", "vtt-tag", 4),
        (f"WEBVTT\n\n{CUE}\n<i>a\n", "vtt-tag", 4),
        (f"WEBVTT\n\n{CUE}\n<b><i>a</b></i>\n", "vtt-tag", 4),
        (f"WEBVTT\n\n{CUE}\n<v>a\n", "vtt-tag", 4),
        (f"WEBVTT\n\n{CUE}\na <00:03.000>b\n", "vtt-inner-time", 4),
        (f"WEBVTT\n\n{CUE}\na <00:02.000>b <00:02.000>c\n", "vtt-inner-time", 4),
    ],
)
def test_a_departure_from_webvtt_is_found_on_its_line(text: str, rule: str, line: int) -> None:
    assert (rule, line) in rules(text)
    assert {found for found, _ in rules(text)} == {rule}


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("1\n00:00:01.000 --> 00:00:02.000\na\n", "srt-timing", 2),
        ("1\n0:0:1,0 --> 0:0:2,0\na\n", "srt-timing", 2),
        ("2\n00:00:01,000 --> 00:00:02,000\na\n", "srt-number", 2),
        ("00:00:01,000 --> 00:00:02,000\na\n", "srt-number", 1),
        ("1\n00:00:01,000 --> 00:00:02,000\n\na\n", "srt-stray-line", 4),
        ("1\n00:00:01,000 --> 00:00:02,000\na\n\nb\n", "srt-stray-line", 5),
        ("1\n00:00:01,000 --> 00:00:02,000\na\n<i>b\n", "srt-tag", 4),
        (
            "1\n00:00:01,000 --> 00:00:02,000\na\n2\n00:00:03,000 --> 00:00:04,000\nb\n",
            "srt-blank-line",
            5,
        ),
    ],
)
def test_a_departure_from_subrip_is_found_on_its_line(text: str, rule: str, line: int) -> None:
    assert rules(text, "srt") == [(rule, line)]


@given(cue_lists())
def test_what_is_written_here_departs_from_nothing(cues: tuple[Cue, ...]) -> None:
    assert rules(format_vtt(cues, "en")) == []
    assert rules(format_srt(cues), "srt") == []


@given(timed_texts())
def test_neither_does_karaoke(timed: TimedText) -> None:
    cues = make_cues(timed, CaptionOptions())
    assert rules(FORMATS["words"].write(cues, "en")) == []


def test_settings_that_are_none_go_and_the_others_stay() -> None:
    assert keep_settings("align:start foo:1 line:0 align:end size:x") == "align:end line:0"


def test_only_what_begins_no_reference_is_escaped() -> None:
    assert escape_ampersands("Q&A &amp; &#10; &x; &") == "Q&amp;A &amp; &#10; &amp;x; &amp;"
