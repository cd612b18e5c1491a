"""Letters as they are compared and spoken: compatibility forms made plain, unseen marks taken out.

What is shown stays verbatim.
"""

import unicodedata
from functools import cache

_UNCHANGED_TAGS = ("<super>", "<fraction>", "<noBreak>")
"""A raised digit is a power or a footnote, and a vulgar fraction has a rule of its own."""
_UNCHANGED = "№"
_UNSEEN = frozenset(
    "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067"
    "\u2068\u2069\ufeff"
)
"""Soft hyphens, zero-width spaces, joiners of words and direction marks. U+200C and U+200D stay:
they tell words of Persian and of Indian scripts apart."""


def plain_letters(text: str) -> str:
    """A text with its ligatures, full-width and mathematical letters as ordinary ones.

    Source: Unicode Standard Annex 15 (NFKC), of the characters that are one letter or digit in
        another shape; the others, as the vowel sign of Thai, mean something else decomposed.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", "".join(map(_plain_letter, text)))


@cache
def _plain_letter(char: str) -> str:
    if char in _UNSEEN:
        return ""
    tag = unicodedata.decomposition(char).partition(" ")[0]
    if not tag.startswith("<") or tag in _UNCHANGED_TAGS or char in _UNCHANGED:
        return char
    plain = unicodedata.normalize("NFKC", char)
    return plain if plain.isalnum() or tag in ("<wide>", "<narrow>") else char
