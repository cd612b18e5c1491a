"""Clauses of a text, and which tokens a phrase may begin with or hold.

Computed once for all topics and subtopics of a text; phrases are found in `phrases.py`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.text.bare_words import strip_marks
from pipeline.text.capitals import SMALL_WORDS, has_capitals
from pipeline.topics.usage import Usage
from pipeline.topics.words import is_weak, normalize

MIN_BESIDE = 2
"""Times that a word must stand beside a speaker's name to be taken as part of it."""

_END = re.compile(r"[.,;:?!…—–()\[\]\"“”。、？！]$")
_BEGIN = re.compile(r"^[(\[\"“—–]")


class Spoken:
    """The words of a text for titles; each list has one entry for each token.

    Args:
        stems: None for a token that tells no topic from another.
        speakers: the speakers' names.
    """

    def __init__(
        self,
        tokens: Sequence[str],
        stems: Sequence[str | None],
        speakers: Iterable[str] = (),
    ) -> None:
        self.tokens = tokens
        self.stems = stems
        self.words = [normalize(token) for token in tokens]
        self.is_cased = has_capitals(tokens)
        self.spellings = [_strip(token) for token in tokens]
        self.ends_clause = [bool(_END.search(token)) for token in tokens]
        self.usage = Usage(self.words, self.ends_clause)
        self.begins_clause = [
            is_after_end or bool(_BEGIN.search(token))
            for is_after_end, token in zip([True, *self.ends_clause], tokens, strict=False)
        ]
        strong = {word for word in set(self.words) if word and not is_weak(word)}
        self.may_stand = [word in strong or word in SMALL_WORDS for word in self.words]
        """Whether a phrase may have the token inside."""
        self.may_begin = [
            stem is not None or (word in strong and len(word) > 2 and word.isalpha())
            for stem, word in zip(stems, self.words, strict=True)
        ]
        """Whether a phrase may begin with the token: it has a stem, or is a longer content word."""
        self.own_names = _find_own_names(self.words, speakers)
        """The speakers' names, which tell no topic from another."""


def _find_own_names(words: Sequence[str], speakers: Iterable[str]) -> frozenset[str]:
    """The speakers' names, and words that mostly stand beside them (their other names)."""
    called = {normalize(part) for name in speakers for part in re.split(r"[\s_]+", name)} - {""}
    beside = Counter(
        word
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False)
        if word not in called and not called.isdisjoint((before, after))
    )
    spoken = Counter(words) if beside else Counter[str]()
    return frozenset(called).union(
        word for word, n in beside.items() if n >= MIN_BESIDE and n > spoken[word] / 2
    )


def _strip(token: str) -> str:
    """The token as spelt, without the punctuation around it."""
    return strip_marks("".join(char for char in token if char.isprintable()))
