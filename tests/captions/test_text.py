"""Text fit for a caption line: nothing hidden, nothing that turns its neighbours round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.text import clean_line, measure


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text())
def test_a_clean_line_is_one_line_that_can_be_written(text: str) -> None:
    line = clean_line(text)
    assert line
    assert line.strip(" ") == line
    assert len(line.splitlines()) == 1
    line.encode()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain text", "plain text"),
        ("two\nlines\tand\u2028more", "two lines and more"),
        ("  held   apart ", "held apart"),
        ("\x00\x1b[31mred", "\ufffd\ufffd[31mred"),
        ("\u202eevil\u202c", "evil"),
        ("\ud800", "\ufffd"),
        ("", "\ufffd"),
        ("\u2060", "\ufffd"),
        ("naïve £5 שלום\u200f 👩‍🚀", "naïve £5 שלום\u200f 👩‍🚀"),
    ],
)
def test_what_cannot_be_shown_is_replaced_or_dropped(text: str, line: str) -> None:
    assert clean_line(text) == line


def test_marks_and_invisible_characters_take_no_room() -> None:
    assert measure("cafe\u0301\u200f") == 4
    assert measure("plain") == 5
