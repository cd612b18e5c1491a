"""Capitals and punctuation: taken off words, and put on others in their place."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

SENTENCE_MARKS = frozenset(".,?!;:…")
_BARE = re.compile(r"[^\w']+")
_ENDING = re.compile(r"[^\w']*$")
_QUOTES = str.maketrans("", "", '"“”')
"""A quotation may begin in what is kept, and end in what is not."""


def bare(word: str) -> str:
    """The word in small letters, with nothing but letters, digits and apostrophes."""
    return _BARE.sub("", word.lower().replace("’", "'"))


def has_marks(words: Sequence[str]) -> bool:
    """Whether there is any punctuation behind a word."""
    return any(word[-1:] in SENTENCE_MARKS for word in words)


def dress(words: Sequence[str], rivals: Sequence[str]) -> tuple[str, ...]:
    """Words with the first capital and the last punctuation of those that they stand for."""
    plain = [_ENDING.sub("", word) for word in words]
    if plain and rivals:
        if rivals[0][:1].isupper():
            plain[0] = plain[0][:1].upper() + plain[0][1:]
        ending = _ENDING.search(rivals[-1])
        plain[-1] += ending[0] if ending else ""
    return tuple(plain)


def take_marks(words: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Words with the capitals and punctuation of others, which say nearly the same."""
    others = [word.translate(_QUOTES) for word in others]
    matcher = SequenceMatcher(None, [*map(bare, words)], [*map(bare, others)], autojunk=False)
    marked: list[str] = []
    for kind, first, last, start, end in matcher.get_opcodes():
        rivals = others[start:end]
        marked += rivals if kind == "equal" else dress(words[first:last], rivals)
    return tuple(marked)
