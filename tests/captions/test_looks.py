"""Italics, colours and places of a file's cues reach ASS, whatever broke its lines since."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.ass import choose_style
from pipeline.captions.burned import flow, format_burned
from pipeline.captions.formats import FORMATS, READERS
from pipeline.captions.looks import COLORS, Look, find_looks, format_color
from pipeline.codec import format_record
from pipeline.records import Cue, CueList, WordMark
from tests.captions.test_ass import dialogues

STYLE = replace(choose_style(720, 1_280), margin_top_px=111, margin_bottom_px=222)
HEAD = {"vtt": "WEBVTT\n\n00:00.000 --> 00:02.000 ", "srt": "1\n00:00:00,000 --> 00:00:02,000"}

words = st.lists(st.from_regex("[A-Za-zäöüß&]{1,9}", fullmatch=True), min_size=2, max_size=8)


def read(text: str, form: str = "vtt", settings: str = "") -> Cue:
    (cue,) = READERS[form](f"{HEAD[form]}{settings}\n{text}\n")  # type: ignore[index]
    return replace(cue.to_cue(), markup=cue.markup)


def burn(cue: Cue, kind: str = "plain") -> list[list[str]]:
    return dialogues(format_burned([cue], STYLE, kind))  # type: ignore[arg-type]


def looks_of(cue: Cue) -> dict[str, Look]:
    """The look of each word, by its first letter's."""
    return {
        word[0]: looks[word.start()]
        for line, looks in zip(cue.lines, find_looks(cue), strict=True)
        for word in re.finditer(r"\S+", line)
    }


@given(words, st.integers(0, 7), st.sampled_from(sorted(COLORS)), st.booleans())
def test_any_word_of_any_file_keeps_its_look(
    named: list[str], at: int, color: str, is_vtt: bool
) -> None:
    named = [f"{word}{number}" for number, word in enumerate(named)]
    marked = named[at % len(named)]
    font = (f"<c.{color}>", "</c>") if is_vtt else (f'<font color="{color}">', "</font>")
    written = [word.replace("&", "&amp;") if is_vtt else word for word in named]
    place = named.index(marked)
    written[place] = f"{font[0]}<i>{written[place]}</i>{font[1]}"
    cue = read("\n".join([" ".join(written[:2]), " ".join(written[2:]) or "end"]),
               "vtt" if is_vtt else "srt")  # fmt: skip
    expected = Look(is_italic=True, color=COLORS[color])
    for shaped in (cue, flow(cue, 20)):
        found = looks_of(shaped)
        assert found.pop(marked) == expected
        assert set(found.values()) <= {Look()}
    (event,) = burn(cue)
    assert f"{{\\i1\\1c{format_color(COLORS[color])}&}}{marked}{{\\i\\1c}}" in event[9]


@pytest.mark.parametrize(
    ("form", "text", "look"),
    [
        ("vtt", "<b>x</b>", Look(is_bold=True)),
        ("vtt", "<v.loud.lime Ann><u>x", Look(is_underlined=True, color="#00ff00")),
        ("vtt", "<i><c.red>x</i>", Look(is_italic=True, color="#ff0000")),
        ("vtt", "<00:01.000>x", Look()),
        ("srt", '<FONT color=#0aF><B>x</B>', Look(is_bold=True, color="#00aaff")),
        ("srt", "{\\i1}x{\\i0}", Look(is_italic=True)),
        ("srt", "{\\an8\\c&H0000FF&}x", Look(color="#ff0000")),
        ("srt", "<i>gone</i>{\\u1}{\\u0} x", Look()),
    ],
)  # fmt: skip
def test_every_way_to_ask_for_a_look_is_read(form: str, text: str, look: Look) -> None:
    assert looks_of(read(text, form))["x"] == look


SHEET = """STYLE
::cue { color: #eee; background-color: rgba(0, 0, 80, .8); }
/* said aloud */
::cue(.loud), ::cue(b) { font-weight: 700; color: hsl(0, 100%, 50%) }
::cue(.loud.off) { color: rgb(0 0 255); text-decoration: underline line-through }

STYLE
::cue(v[voice="Ann Lee"]) { font-style: italic; background: transparent }
::cue(#one) { color: yellow }
::cue(.loud > i), @media { color: green }
"""
BASE = Look(color="#eeeeee", ground="#000050")


@pytest.mark.parametrize(
    ("text", "name", "look"),
    [
        ("x", "", BASE),
        ("<c.loud>x</c>", "", replace(BASE, is_bold=True, color="#ff0000")),
        ("<b>x", "", replace(BASE, is_bold=True, color="#ff0000")),
        ("<c.off.loud>x", "", Look(False, True, True, "#0000ff", True, "#000050")),
        ("<v Ann Lee>x", "", replace(BASE, is_italic=True)),
        ("<v Ann>x", "", BASE),
        ("<c.quiet>x", "", BASE),
        ("x", "one", replace(BASE, color="#ffff00")),
    ],
)  # fmt: skip
def test_rules_of_style_blocks_change_the_looks_that_they_select(
    text: str, name: str, look: Look
) -> None:
    cue = read(text)
    assert cue.markup is not None
    named = replace(cue, markup=replace(cue.markup, name=name))
    (styled,) = CueList("en", (named,), head=SHEET).styled
    assert looks_of(styled)["x"] == look


def test_style_blocks_reach_burned_captions_and_the_karaoke_of_ass() -> None:
    (cue,) = CueList("en", (read("so <c.loud.off>x</c>"),), head=SHEET).styled
    for written in (burn(cue)[0][-1], FORMATS["ass"].write([cue], "en")):
        ground = r"\3c&H00500000&\4c&H00500000&}"
        assert r"{\1c&H00EEEEEE&" + ground in written
        assert r"{\b1\u1\s1\1c&H00FF0000&" + ground + "x" in written


def test_no_artifact_holds_the_style_blocks_twice() -> None:
    found = CueList("en", (read("x"),), head=SHEET)
    assert format_record(replace(found, cues=found.styled)) == format_record(found)


def test_a_cue_whose_text_is_not_its_markups_is_plain() -> None:
    cue = replace(read("<i>one two</i>"), lines=("three",))
    assert find_looks(cue) == ((Look(),) * 5,)


@pytest.mark.parametrize("key", range(1, 10))
def test_a_place_of_the_keypad_reaches_the_picture(key: int) -> None:
    event = burn(read(f"{{\\an{key}}}Up here", "srt"))[0]
    margin_px = {0: 222, 1: 222, 2: 111}[(key - 1) // 3]
    if key == 2:
        assert (event[7], event[9]) == ("0", "Up here")
    else:
        assert (event[7], event[9]) == (str(margin_px), f"{{\\an{key}}}Up here")


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ("line:0", 8), ("line:10% align:left", 7), ("line:50%", 5), ("line:-1", 2),
        ("position:10%", 1), ("position:90%,line-right align:end", 3), ("align:center", 2),
        ("line:0 position:80% align:start", 9), ("align:start position:50%", 2), ("size:40%", 2),
    ],
)  # fmt: skip
def test_settings_of_webvtt_are_the_nearest_place(settings: str, key: int) -> None:
    (event,) = burn(read("Up here", "vtt", settings))
    assert event[9] == ("" if key == 2 else f"{{\\an{key}}}") + "Up here"


def test_a_drawn_layout_keeps_captions_at_their_place() -> None:
    cue = read("Up here", "vtt", "line:0")
    fixed = replace(STYLE, is_fixed=True)
    (event,) = dialogues(format_burned([cue], fixed))
    assert (event[7], event[9]) == ("0", "Up here")


def test_karaoke_keeps_looks_and_places_while_words_light_up() -> None:
    marks = (WordMark(0, 0, 0), WordMark(0, 4, 700))
    cue = replace(read("{\\an8}One <i>two</i>", "srt"), marks=marks)
    lit = [event[9] for event in burn(cue, "karaoke")]
    assert lit == [
        "{\\an8}{\\1c&H00FFFFFF&}One{\\1c} {\\i1}two{\\i}",
        "{\\an8}One {\\i1\\1c&H00FFFFFF&}two{\\i\\1c}",
    ]
    (event,) = dialogues(FORMATS["ass"].write([cue], "en"))
    assert event[9] == "{\\an8}{\\kf70}One {\\kf130}{\\i1}two{\\i}"
