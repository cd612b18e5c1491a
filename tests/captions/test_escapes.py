"""Text is escaped so that it comes back, and so that nothing in it is a command."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.markup import escape_brackets, escape_srt, escape_vtt, unescape_srt
from pipeline.captions.text import JOINER
from tests.captions.texts import HOSTILE

TEXTS = st.one_of(
    st.text().filter(lambda text: JOINER not in text),
    st.lists(st.sampled_from(["<", "-", "->", ">", "\\", "{", "}", "an8", "b"])).map("".join),
)


@given(TEXTS)
def test_subrip_gives_back_what_was_escaped(text: str) -> None:
    assert unescape_srt(escape_srt(text)) == text


@given(TEXTS)
def test_no_command_of_subrip_is_left(text: str) -> None:
    assert not re.search(r"<[a-zA-Z/!]|-->|[{}]|\\[a-zA-Z]", escape_srt(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_tag_or_entity_of_webvtt_is_left(text: str) -> None:
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", escape_vtt(text))


def test_brackets_are_escaped_beside_entities() -> None:
    assert escape_brackets("1 < 2 &amp; 3 > 2") == "1 &lt; 2 &amp; 3 &gt; 2"
