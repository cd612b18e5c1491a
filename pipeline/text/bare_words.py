"""Words without the marks around them, as they are compared."""

import re
from functools import cache

from pipeline.text.letters import plain_letters

PUNCTUATION = "\"'.,;:!?()[]{}<>~“”‘’«»…-–—"
"""Marks around a word that are no part of it, as the signs of `C++`, `#5` and `$5` are."""

_CORE = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)


def strip_marks(token: str) -> str:
    """A token from its first letter or digit to its last; empty without any."""
    core = _CORE.search(token)
    return core[0] if core else ""


@cache
def bare_word(token: str) -> str:
    """A token as it is compared: in plain letters, casefolded, without marks around it."""
    return strip_marks(plain_letters(token).casefold().replace("’", "'"))
