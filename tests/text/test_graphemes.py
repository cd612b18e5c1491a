"""Characters that belong to the one before them, and words cut into characters."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.graphemes import cut_unspaced, is_attached


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("haus", "haus"),
        ("天气很好", "天|气|很|好"),
        ("使用gpt模型", "使|用|gpt|模|型"),
        ("ガギ", "ガ|ギ"),
        ("ที่นี่", "ที่|นี่"),
        ("က္ကို", "က္ကို"),
        ("한국어", "한국어"),
        ("жуки", "жуки"),
        ("", ""),
    ],
)
def test_scripts_without_spaces_are_cut_at_each_character(word: str, pieces: str) -> None:
    assert "|".join(cut_unspaced(word)) == pieces


@given(st.text("ab1天气ที่က္ု่\u200d\u0301é한", max_size=12))
def test_nothing_is_lost_and_no_mark_stands_alone(word: str) -> None:
    pieces = cut_unspaced(word)
    assert "".join(pieces) == word
    joints = [(a[-1], b[0]) for a, b in pairwise(pieces)]
    assert not any(is_attached(*joint) for joint in joints)
