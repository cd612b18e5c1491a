"""Text as a caption can show it: what is removed or made visible, and how wide it is.

Escaping belongs to each format's writer, line breaks to `lines.py`.
"""

import unicodedata
from functools import lru_cache
from itertools import accumulate

REPLACEMENT = "\ufffd"
"""Stands for a character that cannot be shown, so that nothing disappears unseen."""

JOINER = "\u2060"
"""The word joiner: no width, no meaning. Taken out of all text, so that writers can put it
where a format without escapes would read text as a command."""

_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_DROPPED = _REORDERING | {JOINER, "\ufeff"}
_UNSEEN_CATEGORIES = frozenset({"Mn", "Me", "Cf"})


def clean_line(text: str) -> str:
    """Make text fit for one line of any format; cleaning twice changes nothing.

    White space becomes single spaces; control characters and lone surrogates become visible;
    marks that reorder what follows them (U+202A-202E, U+2066-2069) go: a line must not be able
    to turn its neighbours round. Plain direction marks (U+200E, U+200F) stay.
    """
    if text.isprintable():
        return " ".join(text.split()) or REPLACEMENT
    text = "".join(map(show_char, text))
    return " ".join(part for part in text.split(" ") if part).strip() or REPLACEMENT


def show_char(char: str) -> str:
    """What a line shows for a character: itself, a space, `REPLACEMENT`, or nothing."""
    if char in _DROPPED:
        return ""
    category = unicodedata.category(char)
    if category in ("Zl", "Zp"):
        return " "
    if category in ("Cc", "Cs"):
        return " " if char.isspace() else REPLACEMENT
    return char


def measure(text: str) -> int:
    """Count the columns a text takes: full-width characters two, combining and invisible ones none.

    Source: Unicode Standard Annex 11, East Asian Width, "W" and "F".
    """
    return len(text) if text.isascii() else sum(map(_count_columns, text))


def measure_ends(text: str) -> list[int]:
    """Columns of a text before each of its characters, and of the whole."""
    return [0, *accumulate(map(_count_columns, text))]


@lru_cache(maxsize=16384)
def _count_columns(char: str) -> int:
    if unicodedata.category(char) in _UNSEEN_CATEGORIES:
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
