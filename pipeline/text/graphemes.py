"""Scripts without spaces, and combining characters, which are drawn on the character before.

Line breaks are found in `pipeline/captions/`.
"""

import re
import unicodedata
from itertools import pairwise

# Source: Unicode Standard, §6.2 "Line and Word Breaking", and Scripts.txt. Hangul writes spaces.
_SOUTH_EAST_ASIAN = "\u0e01-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\uaa7f"
_CHINESE_JAPANESE = (
    "\u2e80-\u2fdf\u3001-\u312f\u3190-\u31ff\u3220-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f\U00020000-\U0003ffff"
)
UNSPACED = re.compile(f"[{_SOUTH_EAST_ASIAN}{_CHINESE_JAPANESE}]")
SPACE_IS_PUNCTUATION = re.compile(f"[{_SOUTH_EAST_ASIAN}]")

_MARKS = frozenset({"Mn", "Mc", "Me", "Cf"})
"""Vowel signs and accents; format characters, which have no shape."""
_STACKERS = frozenset("\u200d\u1039\u17d2")
"""The zero-width joiner, and the Burmese and Khmer signs that stack the following character."""


def is_attached(before: str, after: str) -> bool:
    """Whether a character belongs to one grapheme with the one before it.

    Source: Unicode Standard Annex 29, extended grapheme clusters.
    """
    return unicodedata.category(after) in _MARKS or before in _STACKERS


def cut_unspaced(word: str) -> tuple[str, ...]:
    """Split off each grapheme of scripts without spaces; other characters stay
    together."""
    if word.isascii() or not UNSPACED.search(word):
        return (word,)
    pieces: list[str] = []
    for before, char in pairwise(f" {word}"):
        is_spaced = not UNSPACED.match(before) and not UNSPACED.match(char)
        if pieces and (is_spaced or is_attached(before, char)):
            pieces[-1] += char
        else:
            pieces.append(char)
    return tuple(pieces)
