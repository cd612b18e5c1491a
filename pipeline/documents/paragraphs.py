"""Paragraphs of running text, and raised digits in them."""

import re

_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_SPACES = re.compile(r"[ \t]{2,}")
_BREAKS = re.compile(r"[^\S\n]*\n[^\S\n]*(?:\n\s*)?")


def raise_digits(text: str) -> str:
    """Digits that are set higher as such characters: a power or a footnote's number."""
    is_number = bool(re.fullmatch(r"\s*[-+−]?\d+\s*", text))
    return text.strip().translate(_RAISED) if is_number else text


def tidy_paragraphs(text: str) -> str:
    """A text with one empty line at most between paragraphs, and no spaces around lines."""
    text = _SPACES.sub(" ", text)
    return _BREAKS.sub(lambda gap: "\n" * min(2, gap[0].count("\n")), text).strip() + "\n"
