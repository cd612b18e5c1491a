"""Capitals for titles made of a text without any, as some transcripts are in small letters.

For English; other names can't be told from words, and stay in small letters.
"""

import re
from collections.abc import Sequence

WORDS_A_CAPITAL = 200
"""A text with less than one capitalised word in this many counts as having no capitals."""

SMALL_WORDS = frozenset("a an and at by for from in of on the to with".split())

_ACRONYMS = frozenset(
    """
    ai agi api apis atm bbc bmw cbs ceo cfo cia cnn cpu cpus cto dj dna dvd eu fbi fda faq gdp gmo
    gps gpt gpu gpus hiv html http ibm imf ipo iq irs llm llms lsd mba mit mri nasa nato nba nfl
    ii iii iv nsa ocd pc pdf ptsd rna suv tv uae ufo ufos uk un url usa usb usd vr wifi wwi wwii xml
    """.split()
)
"""Words that are always written in capitals, and are not spelled like another word."""

_ALWAYS = re.compile(rf"^\W*(?:i|{'|'.join(sorted(_ACRONYMS))})(?=\W|$)", re.IGNORECASE)
"""Such a word, or I, at the beginning of a token."""


def has_capitals(tokens: Sequence[str]) -> bool:
    """Whether a text uses capitals, so that they tell names from words."""
    n_capitals = sum(token != token.casefold() for token in tokens)
    return n_capitals * WORDS_A_CAPITAL >= len(tokens)


def capitalize_title(title: str) -> str:
    """Title case: every word but small ones after the first."""
    return " ".join(_capitalize(word, bool(index)) for index, word in enumerate(title.split()))


def capitalize_sentence(sentence: str) -> str:
    """Capitals only for I and acronyms."""
    return " ".join(_capitalize_always(token) for token in sentence.split())


def _capitalize(token: str, is_inside: bool) -> str:
    always = _capitalize_always(token)
    if always != token or (is_inside and token in SMALL_WORDS):
        return always
    return token[:1].upper() + token[1:]


def _capitalize_always(token: str) -> str:
    """Capitals for a token that begins with I or an acronym: I'll, AI's."""
    return _ALWAYS.sub(lambda found: found[0].upper(), token, count=1)
