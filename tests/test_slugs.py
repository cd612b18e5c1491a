"""Slugs: what they look like, and that they are never empty or too long."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.slugs import MAX_LENGTH, format_slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Roman Empire", "roman-empire"),
        ("  Été à   Zürich -- 2024! ", "ete-a-zurich-2024"),
        ("Straße & Smørrebrød, Ærø", "strasse-and-smorrebrod-aero"),
        ("Łódź", "lodz"),
        ("100% sure", "100-percent-sure"),
        ("Don’t stop", "dont-stop"),
        ("../../etc/passwd", "etc-passwd"),
        ("İstanbul", "istanbul"),
    ],
)
def test_slug_is_readable_ascii(text: str, slug: str) -> None:
    assert format_slug(text) == slug


def test_other_scripts_get_different_stable_slugs() -> None:
    assert format_slug("東京の話") == format_slug("東京の話")
    assert format_slug("東京の話") != format_slug("大阪の話")


def test_a_long_title_is_cut_between_words() -> None:
    slug = format_slug("a very long title " * 10)
    assert len(slug) <= MAX_LENGTH
    assert not slug.endswith("-")
    assert slug.endswith(("a", "very", "long", "title"))


@given(st.text())
def test_every_text_has_a_slug(text: str) -> None:
    slug = format_slug(text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= MAX_LENGTH


@given(st.text())
def test_a_slug_is_its_own_slug(text: str) -> None:
    assert format_slug(format_slug(text)) == format_slug(text)
