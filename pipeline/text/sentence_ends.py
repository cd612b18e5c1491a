"""Punctuation that ends a sentence or question, also before closing quotes and brackets."""

from functools import cache

from pipeline.text.abbreviations import NEVER_LAST

CLOSERS = "\"'”’»)]}›」』）】》〉"
OPENERS = "\"'“‘«([{‹¿¡「『（【《〈"
SENTENCE_ENDS = (".", "?", "!", "…", "。", "．", "？", "！", "؟", "।", "۔", "။", "។")
_QUESTION_ENDS = ("?", "？", "؟")


@cache
def ends_sentence(token: str, abbreviations: frozenset[str] = NEVER_LAST) -> bool:
    """Whether a word ends its sentence; the full stop of an abbreviation or initial does not.

    Args:
        abbreviations: in lower case, without their last full stop.
    """
    closed = token.rstrip(CLOSERS)
    if not closed.endswith("."):
        return closed.endswith(SENTENCE_ENDS)
    word = closed.lstrip(OPENERS).rstrip(".").lower()
    is_initial = len(word) == 1 and word.isalpha() and word not in ("i", "a")
    return not is_initial and word not in abbreviations


def ends_question(token: str) -> bool:
    """Whether a word ends with a question mark."""
    return token.rstrip(CLOSERS).endswith(_QUESTION_ENDS)
