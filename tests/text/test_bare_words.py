"""Words are compared without case and the marks around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.bare_words import bare_word, strip_marks


@pytest.mark.parametrize(
    ("token", "word"),
    [
        ("“Naïve,”", "naïve"),
        ("(Don’t!)", "don't"),
        ("'cause", "cause"),
        ("well-known…", "well-known"),
        ("3.5", "3.5"),
        ("__init__", "init"),
        ("--", ""),
        ("Straße", "strasse"),
    ],
)
def test_a_bare_word(token: str, word: str) -> None:
    assert bare_word(token) == word


@given(st.text(max_size=12))
def test_no_letter_or_digit_is_lost(token: str) -> None:
    stripped = strip_marks(token)
    assert stripped in token
    assert list(filter(str.isalnum, stripped)) == list(filter(str.isalnum, token))
