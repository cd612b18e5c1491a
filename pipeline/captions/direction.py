"""Right-to-left text: the invisible direction marks that make players show a line in order.

Which words stand on a line is decided elsewhere.
"""

import re
import unicodedata
from collections.abc import Iterable

_RIGHT_MARK, _LEFT_MARK = "\u200f", "\u200e"
_EMBEDDED, _EMBEDDED_END = "\u202b", "\u202c"
_RIGHT = frozenset({"R", "AL"})
_LANGUAGES = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"})

_LATIN_SIGNS = re.compile(r"^(?P<before>[.@#$/]+(?=[A-Za-z]))|(?<=[A-Za-z])(?P<after>[+#*]+)")
"""Signs that belong to a Latin name within right-to-left text: C++, C#, .NET, @home."""


def runs_left(text: str, language: str) -> bool:
    """Whether a text runs from right to left: by most of its letters, at a tie by its language."""
    n_right = n_left = 0
    if not text.isascii():
        kinds = [unicodedata.bidirectional(char) for char in text]
        n_right, n_left = sum(kind in _RIGHT for kind in kinds), kinds.count("L")
    if n_right == n_left:
        return language.replace("_", "-").split("-")[0].lower() in _LANGUAGES
    return n_right > n_left


def find_mark(line: str, is_leftward: bool) -> str:
    """The direction mark that a line needs at its start; empty where it needs none.

    Players give a line the direction of its first letter.
    Source: W3C, WebVTT, §7.4 (`unicode-bidi: plaintext`); Unicode Standard Annex 9, P2 and P3.
    """
    if not is_leftward and line.isascii():
        return ""
    first = _find_first(line)
    if first is None:
        return _RIGHT_MARK if is_leftward else ""
    if (first in _RIGHT) == is_leftward:
        return ""
    return _RIGHT_MARK if is_leftward else _LEFT_MARK


def hold_signs(token: str) -> str:
    """A Latin name for a right-to-left line, with marks that keep its signs on their side."""

    def hold(match: re.Match[str]) -> str:
        return _LEFT_MARK + match[0] if match["before"] else match[0] + _LEFT_MARK

    return _LATIN_SIGNS.sub(hold, token)


def embed(line: str, shown: str | None = None) -> str:
    """A line for players that lay all text out from left to right, as ffmpeg does with SubRip.

    Args:
        shown: the line without tags, if it has any.
    """
    is_leftward = _find_first(line if shown is None else shown) in _RIGHT
    return f"{_EMBEDDED}{line}{_EMBEDDED_END}" if is_leftward else line


def unembed(text: str) -> str:
    """The text without what `embed` adds."""
    return text.replace(_EMBEDDED, "").replace(_EMBEDDED_END, "")


def strip_mark(text: str) -> str:
    """Text without a direction mark at its start."""
    return text.removeprefix(_RIGHT_MARK).removeprefix(_LEFT_MARK)


def _find_first(text: Iterable[str]) -> str | None:
    """The bidirectional class of the first character that has a direction."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next((kind for kind in kinds if kind == "L" or kind in _RIGHT), None)
