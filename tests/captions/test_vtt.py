"""WebVTT comes back as it was written, and shows whatever the text holds as text."""

import pytest
import webvtt
from hypothesis import given

from pipeline.captions.formats import READERS
from pipeline.captions.parsed_cue import Voice
from pipeline.captions.text import clean_line
from pipeline.captions.vtt import format_vtt, insert_head, read_head
from pipeline.errors import MediaError
from pipeline.records import Cue
from tests.captions.reading import parse_vtt
from tests.captions.texts import HOSTILE, cue_lists


def shown(cue: Cue) -> Cue:
    """The cue as any writer shows it."""
    speaker = clean_line(cue.speaker) if cue.speaker and cue.speaker.strip() else None
    return Cue(cue.start_ms, cue.end_ms, tuple(map(clean_line, cue.lines)), speaker)


@given(cue_lists())
def test_cues_come_back_with_text_speaker_and_milliseconds(cues: tuple[Cue, ...]) -> None:
    assert parse_vtt(format_vtt(cues)) == tuple(map(shown, cues))


@given(cue_lists())
def test_a_strict_parser_finds_as_many_cues(cues: tuple[Cue, ...]) -> None:
    assert len(webvtt.WebVTT.from_string(format_vtt(cues, "en"), strict=True)) == len(cues)


@given(cue_lists())
def test_no_raw_markup_but_the_voice_tag_is_written(cues: tuple[Cue, ...]) -> None:
    for block in format_vtt(cues).split("\n\n")[1:]:
        _, *lines = block.splitlines()
        text = "\n".join(lines)
        text = text.partition(">")[2] if text.startswith("<v ") else text
        assert "<" not in text
        assert ">" not in text


def test_a_file_reads_as_expected() -> None:
    cues = [
        Cue(1_005, 3_661_999, ("Q&A: is 1 < 2?", "--> yes"), "R&D <team>"),
        Cue(3_662_082, 3_663_000, ("[laughing]",)),
    ]
    assert format_vtt(cues, "en") == (
        "WEBVTT Language: en\n"
        "\n"
        "00:00:01.005 --> 01:01:01.999\n"
        "<v R&amp;D &lt;team&gt;>Q&amp;A: is 1 &lt; 2?\n"
        "--&gt; yes\n"
        "\n"
        "01:01:02.082 --> 01:01:03.000\n"
        "[laughing]\n"
    )


def test_two_speakers_of_one_cue_keep_their_lines() -> None:
    cues = (
        Cue(0, 900, ("-Yes.", "-No."), "Q&A", line_speakers=("Q&A", "guest")),
        Cue(900, 1_900, ("-Oh.", "-Ah."), "host", line_speakers=("host", None)),
    )
    text = format_vtt(cues)
    assert "<v Q&amp;A>-Yes.</v>\n<v guest>-No.</v>\n" in text
    assert "<v host>-Oh.</v>\n-Ah.\n" in text
    assert parse_vtt(text)[0] == cues[0]


def test_no_cues_are_a_valid_file() -> None:
    assert format_vtt([]) == "WEBVTT\n"
    assert parse_vtt("WEBVTT\n") == ()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_shows_as_text(text: str) -> None:
    (cue,) = parse_vtt(format_vtt([Cue(0, 1, (text, "next"), text)]))
    assert cue.lines == (clean_line(text), "next")
    assert cue.speaker == clean_line(text)


def test_files_made_elsewhere_are_read() -> None:
    text = (
        "\ufeffWEBVTT - made elsewhere\r\nKind: captions\r\n\r\n"
        "STYLE\r\n::cue { color: red }\r\n\r\nNOTE a comment\r\n\r\n"
        "id-1\r\n00:01.500 --> 00:02.000 align:start line:90%\r\n"
        "<v.loud Ann Lee>Fish &amp; <b>chips</b>&nbsp;now</v>\r\n\r\n"
        "00:03.000 --> 00:03.000\r\nno time\r\n\r\n"
        "00:04.000 --> 00:05.000\r\n<00:04.500><c>sung</c>\r\n"
    )
    assert parse_vtt(text) == (
        Cue(1_500, 2_000, ("Fish & chips\xa0now",), "Ann Lee"),
        Cue(4_000, 5_000, ("sung",)),
    )


def test_what_is_not_webvtt_is_an_error() -> None:
    with pytest.raises(MediaError, match="not WebVTT"):
        parse_vtt("1\n00:00:00,000 --> 00:00:01,000\nhello\n")


def test_a_cue_begins_at_its_times_whatever_stands_before_them() -> None:
    first = "WEBVTT\n00:01.500 --> 00:02.000\none\n00:03.000 --> 00:04.000\ntwo\n"
    assert parse_vtt(f"{first}\nid\n00:05.000 --> 00:06.000\n3\n") == (
        Cue(1_500, 2_000, ("one",)),
        Cue(3_000, 4_000, ("two",)),
        Cue(5_000, 6_000, ("3",)),
    )


@pytest.mark.parametrize(
    "times", ["00:61:00.000 --> 00:62:00.000", "1 --> 2", "-->", "0:1 --> 0:2"]
)
def test_times_that_cannot_be_read_cost_that_cue_alone_and_are_logged(
    times: str, caplog: pytest.LogCaptureFixture
) -> None:
    (cue,) = parse_vtt(f"WEBVTT\n\n{times}\nhi\n\n00:01.000 --> 00:02.000\nthere\n")
    assert cue == Cue(1_000, 2_000, ("there",))
    assert caplog.messages == ["text that no browser shows is left out, from these lines: 3"]


def test_parts_of_a_cue_have_their_own_voices() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nnobody\n<v Ann>one\ntwo</v> <v Bob>three\n"
    (cue,) = READERS["vtt"](text)
    assert cue.voices == (
        Voice(None, ("nobody",)),
        Voice("Ann", ("one", "two")),
        Voice("Bob", ("three",)),
    )


def test_a_voice_tag_that_never_ends_is_read_at_once() -> None:
    (cue,) = parse_vtt(f"WEBVTT\n\n00:01.000 --> 00:02.000\nhi <v{'.a' * 5000}\n")
    assert cue.lines == ("hi",)


HEAD = "STYLE\n::cue(.red) { color: red }\n\nREGION\nid:fred\nwidth:40%"


def test_style_and_region_blocks_go_with_the_cues_that_name_them() -> None:
    cue = "id-1\r\n00:01.000 --> 00:02.000\r\nhi\r\n"
    text = f"WEBVTT - own\r\nKind: captions\r\n\r\nNOTE STYLE\r\n\r\n{HEAD}\n\n\n{cue}"
    assert read_head(text) == HEAD
    cues = parse_vtt(text)
    written = insert_head(format_vtt(cues, "en"), read_head(text))
    assert written.startswith(f"WEBVTT Language: en\n\n{HEAD}\n\n00:00:01.000 -->")
    assert parse_vtt(written) == cues
    assert read_head(written) == HEAD


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n\nSTYLE\n::cue {}\n",
        "WEBVTT\n\nSTYLE\n00:01.000 --> 00:02.000\nhi\n",
        "WEBVTT\n\nSTYLED\nit is\n\n00:01.000 --> 00:02.000\nhi\n",
    ],
)
def test_what_is_no_block_before_the_cues_is_no_head(text: str) -> None:
    assert read_head(text) == ""
    assert insert_head(text, "") == text
