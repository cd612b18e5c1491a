"""A cue's own markup stays markup, in its format and in the other, and its text stays text."""

import re

import pytest
from hypothesis import given

from pipeline.captions.direction import unembed
from pipeline.captions.formats import READERS
from pipeline.captions.markup import escape_srt, escape_vtt, write_srt, write_vtt
from pipeline.captions.parsed_cue import RawCue
from pipeline.captions.srt import format_srt
from pipeline.captions.text import clean_line
from pipeline.captions.vtt import format_vtt
from pipeline.records import Cue, Markup
from tests.captions.texts import HOSTILE, srt_files, vtt_files

SHARED_TAG = re.compile(r"<(/?[biu])[ >.]", re.IGNORECASE)


def keep(cue: RawCue) -> Cue:
    """The cue of a file as it is written again, a second later."""
    return Cue(2_000, 3_000, tuple(map(clean_line, cue.lines)), None, (), cue.markup)


def lines(cue: RawCue) -> list[str]:
    return [clean_line(line) for line in cue.lines]


def tags(text: str) -> list[str]:
    return [tag.lower() for tag in SHARED_TAG.findall(text)]


# --- from one format to the other and back -----------------------------------------------------


@given(vtt_files())
def test_webvtt_comes_back_with_its_voices_settings_and_name(text: str) -> None:
    (cue,) = READERS["vtt"](text)
    (again,) = READERS["vtt"](format_vtt([keep(cue)]))
    assert again.voices == cue.voices
    assert cue.markup and again.markup
    assert (again.markup.settings, again.markup.name) == ("align:end line:0", "id 7")
    assert write_vtt(again.markup) == write_vtt(cue.markup)


@given(srt_files())
def test_subrip_comes_back_as_it_was(text: str) -> None:
    (cue,) = READERS["srt"](text)
    (again,) = READERS["srt"](format_srt([keep(cue)]))
    assert (again.voices, again.markup) == (cue.voices, cue.markup)


@given(vtt_files())
def test_webvtt_as_subrip_says_the_same_with_the_same_tags(text: str) -> None:
    (cue,) = READERS["vtt"](text)
    written = format_srt([keep(cue)])
    (again,) = READERS["srt"](written)
    # A voice in the middle of a line begins one only where cues are plain text.
    assert "".join(" ".join(lines(again)).split()) == "".join(" ".join(lines(cue)).split())
    assert cue.markup
    found = re.findall("<[^>]*>", cue.markup.text)
    assert tags(written) == tags("".join(tag for tag in found if "<" not in tag[1:]))


@given(srt_files())
def test_subrip_as_webvtt_says_the_same_with_the_same_tags(text: str) -> None:
    (cue,) = READERS["srt"](text)
    written = format_vtt([keep(cue)])
    (again,) = READERS["vtt"](written)
    assert lines(again) == lines(cue)
    assert tags(written) == tags(text)


@given(srt_files())
def test_subrip_by_way_of_webvtt_is_the_same_subrip_but_for_what_webvtt_lacks(text: str) -> None:
    (cue,) = READERS["srt"](text)
    (there,) = READERS["vtt"](format_vtt([keep(cue)]))
    (again,) = READERS["srt"](format_srt([keep(there)]))
    assert lines(again) == lines(cue)
    assert cue.markup and again.markup
    assert tags(again.markup.text) == tags(cue.markup.text)
    assert ("{\\an8}" in again.markup.text) == ("{\\an8}" in cue.markup.text)


# --- what stays, and what goes -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("vtt", "srt"),
    [
        ("<i>one</i> two", "<i>one</i> two"),
        ("<b.loud>one</b>", "<b>one</b>"),
        ("<c.red>one</c> <ruby>two<rt>2</rt></ruby>", "one two2"),
        ("<v Ann>one</v>\n<v Bob>two", "one\ntwo"),
        ("one<00:00:01.000><c> two</c>", "one two"),
        ("fish &amp; chips&nbsp;now", "fish & chips\xa0now"),
        ("&lt;b&gt;", "<\u2060b>"),
        ("-<c>-</c>&gt;", "-\u2060->"),
        ("one&#10;&#10;2", "one  2"),
        ("<c> </c>\none", "one"),
    ],
)
def test_webvtt_is_written_as_subrip(vtt: str, srt: str) -> None:
    assert write_srt(Markup("vtt", vtt)) == (srt, "")


@pytest.mark.parametrize(
    ("srt", "vtt"),
    [
        ("<I>one</I> two", "<i>one</i> two"),
        ('<font color="red">one</font> <s>two</s>', "one two"),
        ("fish & chips &amp; 1 < 2", "fish &amp; chips &amp;amp; 1 &lt; 2"),
        ("{\\b1}one{\\b0}\n{two}", "one\n{two}"),
        ("<\u2060b>", "&lt;b&gt;"),
        ("{\\an8}\none", "one"),
    ],
)
def test_subrip_is_written_as_webvtt(srt: str, vtt: str) -> None:
    assert write_vtt(Markup("srt", srt))[0] == vtt


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        (1, "position:0% align:start"),
        (2, ""),
        (3, "position:100% align:end"),
        (5, "line:50%"),
        (7, "line:0 position:0% align:start"),
        (8, "line:0"),
    ],
)
def test_the_place_goes_both_ways(key: int, settings: str) -> None:
    assert write_vtt(Markup("srt", f"{{\\an{key}}}one")) == ("one", settings)
    place = "" if key == 2 else f"{{\\an{key}}}"
    assert write_srt(Markup("vtt", "one", settings)) == (f"{place}one", "")


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ("line:90%,end", ""),
        ("line:-1", ""),
        ("line:12", ""),
        ("line:10%", "{\\an8}"),
        ("line:50% align:left", "{\\an4}"),
        ("size:80% align:center", ""),
        ("region:fred vertical:rl", ""),
    ],
)
def test_settings_become_the_nearest_place(settings: str, place: str) -> None:
    assert write_srt(Markup("vtt", "one", settings)) == (f"{place}one", "")


def test_old_times_within_a_cue_go_and_leave_no_tag_behind() -> None:
    assert write_vtt(Markup("vtt", "a<00:01.000> b\n<00:02.000>\n<<00:03.000>i>"))[0] == (
        "a b\ni&gt;"
    )
    assert write_vtt(Markup("vtt", "--<00:01.000>>"))[0] == "--&gt;"


def test_coordinates_stay_in_subrip() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000 X1:10 X2:20\n<b>one</b>\n"
    (cue,) = READERS["srt"](text)
    assert format_srt([keep(cue)]) == text.replace("00:02", "00:03").replace("00:01", "00:02")


# --- hostile text ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [text for text in HOSTILE if text != "\ud800"])
def test_hostile_text_in_webvtt_stays_text_between_tags_that_stay_tags(text: str) -> None:
    escaped = escape_vtt(clean_line(text))
    (cue,) = READERS["vtt"](f"WEBVTT\n\n00:01.000 --> 00:02.000\n<i>{escaped}</i>\n")
    assert format_vtt([keep(cue)]).endswith(f"\n<i>{escaped}</i>\n")
    written = unembed(format_srt([keep(cue)]))
    assert written.endswith(f"\n<i>{escape_srt(clean_line(text))}</i>\n")


@pytest.mark.parametrize("text", [text for text in HOSTILE if text != "\ud800"])
def test_hostile_text_in_subrip_stays_text_between_tags_that_stay_tags(text: str) -> None:
    escaped = escape_srt(clean_line(text))
    (cue,) = READERS["srt"](f"1\n00:00:01,000 --> 00:00:02,000\n<i>{escaped}</i>\n")
    assert format_srt([keep(cue)]).endswith(f"\n<i>{escaped}</i>\n")
    assert format_vtt([keep(cue)]).endswith(f"\n<i>{escape_vtt(clean_line(text))}</i>\n")
