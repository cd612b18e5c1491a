"""Punctuation that ends a sentence or question, also before closing quotes and brackets.

Abbreviations ("Dr.") are not told apart from sentence ends.
"""

import re
from functools import cache

_CLOSING = r"[\"'”’»)\]]*$"
_SENTENCE = re.compile(r"[.?!…。？！]" + _CLOSING)
_QUESTION = re.compile(r"[?？]" + _CLOSING)


@cache
def closes_sentence(token: str) -> bool:
    """Whether a word ends with a mark that ends a sentence."""
    return bool(_SENTENCE.search(token))


@cache
def closes_question(token: str) -> bool:
    """Whether a word ends with a question mark."""
    return bool(_QUESTION.search(token))
