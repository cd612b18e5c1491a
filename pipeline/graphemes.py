"""Characters that are none of their own: drawn on the one before them, or one with it.

Which of them a line may end at is the captions' matter, which make a word the engines'.
"""

import unicodedata

_MARKS = frozenset({"Mn", "Mc", "Me", "Cf"})
"""Vowel signs and accents; format characters, which have no shape."""
_STACKERS = frozenset("\u200d\u1039\u17d2")
"""The joiner, and the signs of Burmese and Khmer: what follows stands below what is before."""


def is_attached(before: str, after: str) -> bool:
    """Whether a character is drawn on the one before it, or with it.

    Source: Unicode Standard Annex 29, extended grapheme clusters.
    """
    return unicodedata.category(after) in _MARKS or before in _STACKERS
