"""Capitals for titles of a text that has none: transcripts come in small letters too.

English only, but for a title's words; which other words are names nobody can tell.
"""

import re
from collections.abc import Sequence

WORDS_A_CAPITAL = 200
"""A text with fewer capitals than one in so many words has none."""

SMALL_WORDS = frozenset("a an and at by for from in of on the to with".split())

_ACRONYMS = frozenset(
    """
    ai agi api apis atm bbc bmw cbs ceo cfo cia cnn cpu cpus cto dj dna dvd eu fbi fda faq gdp gmo
    gps gpt gpu gpus hiv html http ibm imf ipo iq irs llm llms lsd mba mit mri nasa nato nba nfl
    ii iii iv nsa ocd pc pdf ptsd rna suv tv uae ufo ufos uk un url usa usb usd vr wifi wwi wwii xml
    """.split()
)
"""Words that are written in capitals whoever writes them, and are no other word."""

_ALWAYS = re.compile(rf"^\W*(?:i|{'|'.join(sorted(_ACRONYMS))})(?=\W|$)", re.IGNORECASE)
"""At the beginning of a token."""


def has_capitals(tokens: Sequence[str]) -> bool:
    """Whether a text has capitals, so that one can tell names from words."""
    n_capitals = sum(token != token.casefold() for token in tokens)
    return n_capitals * WORDS_A_CAPITAL >= len(tokens)


def capitalize_title(title: str) -> str:
    """Every word but the small ones inside."""
    return " ".join(_capitalize(word, bool(index)) for index, word in enumerate(title.split()))


def capitalize_sentence(sentence: str) -> str:
    """Only what is always written so: I, and what stands for its letters."""
    return " ".join(_capitalize_always(token) for token in sentence.split())


def _capitalize(token: str, is_inside: bool) -> str:
    always = _capitalize_always(token)
    if always != token or (is_inside and token in SMALL_WORDS):
        return always
    return token[:1].upper() + token[1:]


def _capitalize_always(token: str) -> str:
    """I, I'll, AI, AI's, whatever stands around them."""
    return _ALWAYS.sub(lambda found: found[0].upper(), token, count=1)
