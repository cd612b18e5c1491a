"""Words without the marks around them, as they are compared."""

import re
from functools import cache

PUNCTUATION = "\"'.,;:!?()[]{}<>~“”‘’«»…-–—"
"""Marks around a word that are no part of it, as the signs of `C++`, `#5` and `$5` are."""

_CORE = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)


def strip_marks(token: str) -> str:
    """A token from its first letter or digit to its last; empty without any."""
    core = _CORE.search(token)
    return core[0] if core else ""


@cache
def bare_word(token: str) -> str:
    """A token as it is compared: casefolded, with straight apostrophes, without marks around it."""
    return strip_marks(token.casefold().replace("’", "'"))
