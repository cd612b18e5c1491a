"""Marks at the ends of words that end a sentence or a question, whatever closes behind them.

Which words only look as if they did ("Dr.") is not known here.
"""

import re
from functools import cache

_CLOSING = r"[\"'”’»)\]]*$"
_SENTENCE = re.compile(r"[.?!…。？！]" + _CLOSING)
_QUESTION = re.compile(r"[?？]" + _CLOSING)


@cache
def closes_sentence(token: str) -> bool:
    """Whether a word has a mark behind it that ends a sentence."""
    return bool(_SENTENCE.search(token))


@cache
def closes_question(token: str) -> bool:
    """Whether a word has a question mark behind it."""
    return bool(_QUESTION.search(token))
