"""Marks of a text's layout that nobody says: rules, bullets, quote marks of mail, page numbers.

The rest of a transcript's grammar is in `transcript.py`.
"""

import re
from collections.abc import Iterator, Sequence

UNSAID = "\2"
"""Begins each token of a mark while a text is parsed."""

_GAP = r"[^\S\n]"
_ROMAN = r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})"
_MARK = re.compile(
    rf"^{_GAP}*(?:"
    rf"(?P<rule>(?P<sign>[*•·#~=_–—-])(?:{_GAP}*(?P=sign)){{2,}}|[*•·⁂❦❧☙](?:{_GAP}*[*•·⁂❦❧☙])*)"
    rf"{_GAP}*$|"
    rf"(?P<bullet>[•◦▪▫‣⁃●○■□➤➢►✓✔*·])(?={_GAP}+\S)|"
    rf"(?P<quote>>(?:{_GAP}+>)*)(?={_GAP}|$)|"
    rf"(?P<page>(?P<dash>[-–—]{_GAP}*)?(?:[Pp]age{_GAP}+)?(?:\d{{1,4}}|{_ROMAN})"
    rf"(?:{_GAP}*(?:/|of){_GAP}*\d{{1,4}})?(?(dash){_GAP}*[-–—])){_GAP}*$"
    rf")",
    re.MULTILINE,
)


def flag_unsaid_marks(text: str) -> str:
    """A text with UNSAID before each token of a mark.

    A page number is a line of its own; it may be a line that somebody says, so the sound decides.
    """
    return _MARK.sub(
        lambda mark: re.sub(r"(?<!\S)(?=\S)", UNSAID, mark[0]), text.replace(UNSAID, " ")
    )


def take_off_flags(turns: Sequence[list[str]]) -> Iterator[int]:
    """Take UNSAID off the words of turns: the indices of those that had it, in all turns' words."""
    n_before = 0
    for words in turns:
        for number, word in enumerate(words):
            if word.startswith(UNSAID):
                words[number] = word.removeprefix(UNSAID)
                yield n_before + number
        n_before += len(words)
