"""Text that runs from right to left: marks that keep a line in order in players.

They have no width. Which words stand on a line is not asked here.
"""

import re
import unicodedata
from collections.abc import Iterable

_RIGHT_MARK, _LEFT_MARK = "\u200f", "\u200e"
_EMBEDDED, _EMBEDDED_END = "\u202b", "\u202c"
_RIGHT = frozenset({"R", "AL"})
_LANGUAGES = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"})

_LATIN_SIGNS = re.compile(r"^(?P<before>[.@#$/]+(?=[A-Za-z]))|(?<=[A-Za-z])(?P<after>[+#*]+)")
"""Signs that are part of a name amid other letters: C++, C#, .NET, @home."""


def runs_left(text: str, language: str) -> bool:
    """Whether a text runs from right to left: most of its letters do, else its language."""
    n_right = n_left = 0
    if not text.isascii():
        kinds = [unicodedata.bidirectional(char) for char in text]
        n_right, n_left = sum(kind in _RIGHT for kind in kinds), kinds.count("L")
    if n_right == n_left:
        return language.replace("_", "-").split("-")[0].lower() in _LANGUAGES
    return n_right > n_left


def find_mark(line: str, is_leftward: bool) -> str:
    """The mark a line needs before it to run the right way; empty where it does by itself.

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
    """A Latin name, for a line that runs leftward, with its signs held on their side of it."""

    def hold(match: re.Match[str]) -> str:
        return _LEFT_MARK + match[0] if match["before"] else match[0] + _LEFT_MARK

    return _LATIN_SIGNS.sub(hold, token)


def embed(line: str, shown: str | None = None) -> str:
    """A line for players that run all text from left to right, as ffmpeg does with SubRip's.

    Args:
        shown: what is seen of the line, if tags stand in it.
    """
    is_leftward = _find_first(line if shown is None else shown) in _RIGHT
    return f"{_EMBEDDED}{line}{_EMBEDDED_END}" if is_leftward else line


def unembed(text: str) -> str:
    """The text without what `embed` adds."""
    return text.replace(_EMBEDDED, "").replace(_EMBEDDED_END, "")


def strip_mark(text: str) -> str:
    """Text without the mark that it begins with."""
    return text.removeprefix(_RIGHT_MARK).removeprefix(_LEFT_MARK)


def _find_first(text: Iterable[str]) -> str | None:
    """The kind of the first letter that has a direction, or of a mark of direction."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next((kind for kind in kinds if kind == "L" or kind in _RIGHT), None)
