"""The format table, and the formats that have one writer and no reader."""

import html
import json
import re
from itertools import pairwise
from typing import get_args

import pytest
import webvtt
from hypothesis import given

from pipeline.captions.cues import make_cues
from pipeline.captions.formats import FORMATS
from pipeline.captions.options import CaptionFormat, CaptionOptions
from pipeline.captions.profile import PROFILES
from pipeline.captions.vtt import format_timestamp
from pipeline.records import Cue, TimedText, WordMark
from tests.captions.reading import parse_srt, parse_vtt
from tests.captions.texts import cue_lists, say, timed_texts


def plain(cues: tuple[Cue, ...]) -> list[tuple[int, int, tuple[str, ...]]]:
    return [(cue.start_ms, cue.end_ms, cue.lines) for cue in cues]


def test_every_format_and_profile_an_option_names_is_there() -> None:
    assert {*FORMATS, "hls"} == set(get_args(CaptionFormat))
    assert CaptionOptions().profile in PROFILES
    assert len({form.file_name for form in FORMATS.values()}) == len(FORMATS)


@pytest.mark.parametrize("name", sorted(FORMATS))
@given(cues=cue_lists())
def test_every_format_writes_any_cues_as_utf8_with_a_final_newline(
    name: str, cues: tuple[Cue, ...]
) -> None:
    text = FORMATS[name].write(cues, "en")
    text.encode()
    assert text.endswith("\n") or not cues


@given(timed_texts())
def test_karaoke_is_the_same_captions_with_times_inside(timed: TimedText) -> None:
    cues = make_cues(timed, CaptionOptions())
    assert plain(parse_vtt(FORMATS["words"].write(cues, "en"))) == plain(cues)


@given(timed_texts())
def test_karaoke_times_lie_inside_their_cue_and_increase(timed: TimedText) -> None:
    cues = make_cues(timed, CaptionOptions())
    blocks = FORMATS["words"].write(cues, "en").split("\n\n")[1:]
    for cue, block in zip(cues, blocks, strict=True):
        stamps = re.findall(r"<(\d+:\d\d:\d\d\.\d{3})>", block)
        ordered = [format_timestamp(cue.start_ms), *stamps, format_timestamp(cue.end_ms)]
        assert all(before < after for before, after in pairwise(ordered))


def test_karaoke_puts_a_time_before_each_word_but_the_first() -> None:
    cues = make_cues(say("Oh <no>, you!"), CaptionOptions())
    assert "<v host><c>Oh</c> <00:00:01.120><c>&lt;no&gt;,</c> <00:00:01.420><c>you!</c>" in (
        FORMATS["words"].write(cues, "en")
    )


def test_podcast_json_has_a_segment_a_cue_in_seconds() -> None:
    cues = [Cue(1_005, 2_500, ("one", "two"), "Ann"), Cue(3_000, 4_000, ("three",))]
    assert json.loads(FORMATS["podcast"].write(cues, "en")) == {
        "version": "1.0.0",
        "segments": [
            {"speaker": "Ann", "startTime": 1.005, "endTime": 2.5, "body": "one two"},
            {"startTime": 3.0, "endTime": 4.0, "body": "three"},
        ],
    }


def test_two_speakers_of_one_cue_have_a_segment_each_in_podcast_json() -> None:
    marks = (WordMark(0, 1, 1_000), WordMark(1, 1, 1_400))
    shared = Cue(1_000, 2_500, ("-One.", "-Two."), "Ann", marks, line_speakers=("Ann", "Bo"))
    assert json.loads(FORMATS["podcast"].write([shared], "en"))["segments"] == [
        {"speaker": "Ann", "startTime": 1.0, "endTime": 1.4, "body": "-One."},
        {"speaker": "Bo", "startTime": 1.4, "endTime": 2.5, "body": "-Two."},
    ]


def test_two_speakers_of_one_cue_keep_their_lines_in_karaoke() -> None:
    marks = (WordMark(0, 1, 1_000), WordMark(1, 1, 1_400))
    shared = Cue(1_000, 2_500, ("-One.", "-Two."), "Ann", marks, line_speakers=("Ann", "Bo"))
    assert "<v Ann>-<c>One.</c></v>\n<v Bo>-<00:00:01.400><c>Two.</c></v>\n" in (
        FORMATS["words"].write([shared], "en")
    )


@given(timed_texts())
def test_words_are_the_same_as_webvtt_as_subrip_and_to_another_parser(timed: TimedText) -> None:
    cues = make_cues(timed, CaptionOptions())
    assert plain(parse_vtt(FORMATS["vtt"].write(cues, "en"))) == plain(cues)
    assert plain(parse_srt(FORMATS["srt"].write(cues, "en"))) == plain(cues)
    others = webvtt.WebVTT.from_string(FORMATS["vtt"].write(cues, "en"))
    assert [
        (other.start_time.in_milliseconds(), other.end_time.in_milliseconds()) for other in others
    ] == [(cue.start_ms, cue.end_ms) for cue in cues]
    assert [html.unescape(other.text) for other in others] == ["\n".join(cue.lines) for cue in cues]
