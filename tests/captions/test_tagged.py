"""Tags stay at their words when lines break anew, and are closed and opened again between cues."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.blocks import CaptionForm
from pipeline.captions.formats import READERS
from pipeline.captions.markup import find_open_tags
from pipeline.captions.tagged import lay_tags
from pipeline.records import Markup
from tests.captions.found_files import WORDS

TAGS = {"vtt": ("i", "b", "u", "c.red"), "srt": ("i", "b", "u", "font color=red")}
TIMES = {"vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n", "srt": "1\n00:00:01,000 --> 00:00:02,000\n"}


def escape(word: str, form: str) -> str:
    return word.replace("->", "-&gt;") if form == "vtt" else word


@st.composite
def tagged_words(draw: st.DrawFn) -> tuple[CaptionForm, list[str], str, list[list[str]]]:
    """A format, words, their cue text with tags round some, and the words in cues of lines."""
    form: CaptionForm = draw(st.sampled_from(["vtt", "srt"]))
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
    marked = [escape(word, form) for word in words]
    first = draw(st.integers(0, len(words) - 1))
    last = draw(st.integers(first, len(words) - 1))
    tag = draw(st.sampled_from(TAGS[form]))
    marked[first] = f"<{tag}>{marked[first]}"
    marked[last] += f"</{tag.split('.')[0].split()[0]}>"
    lengths = draw(st.lists(st.integers(1, 4), min_size=len(words), max_size=len(words)))
    ends = [0, *accumulate(lengths)]
    lines = [" ".join(words[a:b]) for a, b in pairwise(ends) if words[a:b]]
    cues = [lines[at : at + 2] for at in range(0, len(lines), 2)]
    return form, words, " ".join(marked), cues


@given(tagged_words())
def test_every_cue_has_its_words_and_closed_tags(
    made: tuple[CaptionForm, list[str], str, list[list[str]]],
) -> None:
    form, _, text, cues = made
    texts = lay_tags(Markup(form, text), cues)
    assert texts is not None
    for laid, lines in zip(texts, cues, strict=True):
        (cue,) = READERS[form](TIMES[form] + laid)
        assert cue.lines == tuple(lines)
        assert find_open_tags(laid) == []


@pytest.mark.parametrize(
    ("text", "cues", "laid"),
    [
        ("<i>one two</i> three", [["one"], ["two three"]], ["<i>one</i>", "<i>two</i> three"]),
        ("one <b>two</b>", [["one", "two"]], ["one\n<b>two</b>"]),
        ("<v Ann>one <i>two three", [["one two"], ["three"]],
         ["<v Ann>one <i>two</i></v>", "<v Ann><i>three</i></v>"]),
        ("a &lt; <i>b</i>", [["a <"], ["b"]], ["a &lt;", "<i>b</i>"]),
    ],
)  # fmt: skip
def test_tags_stand_beside_the_words_they_hold(
    text: str, cues: list[list[str]], laid: list[str]
) -> None:
    assert lay_tags(Markup("vtt", text), cues) == laid


def test_a_position_holds_for_every_cue() -> None:
    assert lay_tags(Markup("srt", "{\\an8}one two"), [["one"], ["two"]]) == [
        "{\\an8}one",
        "{\\an8}two",
    ]


def test_lines_of_another_text_are_refused() -> None:
    assert lay_tags(Markup("vtt", "<i>one</i>"), [["two"]]) is None
    assert lay_tags(Markup("vtt", "<i>one</i> more"), [["one"]]) is None
