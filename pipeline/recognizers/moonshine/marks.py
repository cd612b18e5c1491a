"""Capitals and punctuation: stripped off words, and transferred to others."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from pipeline.text.bare_words import bare_word

SENTENCE_MARKS = frozenset(".,?!;:…")
_ENDING = re.compile(r"[^\w']*$")
_QUOTES = str.maketrans("", "", '"“”')
"""Quotation marks are dropped: one of a pair may belong to words that are not replaced."""


def has_marks(words: Sequence[str]) -> bool:
    """Whether any word has punctuation after it."""
    return any(word[-1:] in SENTENCE_MARKS for word in words)


def dress(words: Sequence[str], rivals: Sequence[str]) -> tuple[str, ...]:
    """Words with the first capital and the last punctuation of those that they replace."""
    plain = [_ENDING.sub("", word) for word in words]
    if plain and rivals:
        if rivals[0][:1].isupper():
            plain[0] = plain[0][:1].upper() + plain[0][1:]
        ending = _ENDING.search(rivals[-1])
        plain[-1] += ending[0] if ending else ""
    return tuple(plain)


def take_marks(words: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Words with the capitals and punctuation of others, which are nearly the same words."""
    others = [word.translate(_QUOTES) for word in others]
    given, written = ([bare_word(word) for word in row] for row in (words, others))
    matcher = SequenceMatcher(None, given, written, autojunk=False)
    marked: list[str] = []
    for kind, first, last, start, end in matcher.get_opcodes():
        rivals = others[start:end]
        marked += rivals if kind == "equal" else dress(words[first:last], rivals)
    return tuple(marked)
