"""Parts of speech from a text's own usage: noun, verb or adjective, by the neighbouring words.

English only: it knows function words alone. In a text of another language any word may be any part
of speech.
"""

from collections import Counter
from collections.abc import Sequence

from pipeline.topics.words import GRAMMAR_WORDS

_BEFORE_VERBS = frozenset(
    """
    to i you we they he she it who can can't cannot could couldn't will won't would wouldn't should
    shouldn't must may might do does did don't doesn't didn't not never i'll you'll we'll they'll
    he'll she'll it'll i'd you'd we'd they'd let's please
    """.split()
)
_BEFORE_NOUNS = frozenset(
    """
    the a an this these those my your his her its our their no some any every each another of in on
    at for with from by about into against between without during toward towards
    """.split()
)
_AFTER_VERBS = frozenset(
    "the a an my your its their our these those them him me us it away up out down off".split()
)
"""Words that follow a verb, and hardly ever a noun."""

_BEFORE_QUALITIES = frozenset(
    """
    is are was were be been being it's that's he's she's they're we're you're i'm more most as less
    """.split()
)
_DEGREES = frozenset("very so too quite rather extremely fairly incredibly".split())
ENOUGH = 3
"""Occurrences below which it proves nothing that a word never ends a phrase."""

_GOES_ON = frozenset("and or to".split())
"""Function words after which a name may continue: "Ukrainian and Russian boys"."""

HEAD_SHARE = 0.2
"""Share of a word's occurrences that end a phrase, from which it may be a phrase's head."""

_AFTER_SUBJECTS = frozenset("is was are were has had will would can could".split())


class Usage:
    """Counts what stands beside each word of a text.

    Cost: linear in the words.
    """

    def __init__(self, words: Sequence[str], ends_clause: Sequence[bool]) -> None:
        words, ends = ["", *words, ""], [True, *ends_clause, True]
        self._is_known = not {"the", "a"}.isdisjoint(words)
        self._spoken = Counter(words)
        self._as_verb: Counter[str] = Counter()
        self._as_noun: Counter[str] = Counter()
        self._as_head: Counter[str] = Counter()
        self._as_quality: Counter[str] = Counter()
        self._alone: Counter[str] = Counter()
        for index in range(1, len(words) - 1):
            word = words[index]
            if not word or word in GRAMMAR_WORDS:
                continue
            before = "" if ends[index - 1] else words[index - 1]
            after = "" if ends[index] else words[index + 1]
            is_noun = before in _BEFORE_NOUNS or after in _AFTER_SUBJECTS
            is_verb = not is_noun and (before in _BEFORE_VERBS or after in _AFTER_VERBS)
            is_last = not after or after in GRAMMAR_WORDS - _GOES_ON
            self._as_noun[word] += is_noun
            self._as_verb[word] += is_verb
            self._as_quality[word] += before in _BEFORE_QUALITIES | _DEGREES or after == "than"
            self._as_head[word] += is_last and not is_verb
            self._alone[word] += is_last and is_noun

    def is_verb(self, word: str) -> bool:
        """Whether a word is used as a verb more often than as a noun."""
        return self._as_verb[word] > self._as_noun[word]

    def is_head(self, word: str) -> bool:
        """Whether a word may be the head of a noun phrase: "war", not "nuclear"."""
        n_spoken = self._spoken[word]
        is_often = self._as_head[word] > HEAD_SHARE * n_spoken
        return self._may_be_thing(word, is_often or n_spoken < ENOUGH)

    def is_thing(self, word: str) -> bool:
        """Whether a word is a noun phrase by itself."""
        is_head = self._alone[word] > 0 and self._as_head[word] > HEAD_SHARE * self._spoken[word]
        return self._may_be_thing(word, is_head)

    def is_quality(self, word: str) -> bool:
        """Whether a word is used as an adjective more often than as a noun."""
        return self._as_quality[word] > self._alone[word]

    def _may_be_thing(self, word: str, is_seen: bool) -> bool:
        is_other = self.is_verb(word) or self.is_quality(word)
        return not self._is_known or (is_seen and not is_other)


def asks_for_verb(word: str) -> bool:
    """Whether a verb, and no noun, follows a word; "to" may stand before either."""
    return word in _BEFORE_VERBS and word != "to"


def asks_for_quality(words: Sequence[str]) -> bool:
    """Whether an adjective alone follows two words: "is very", not "a very" ("big trial")."""
    before, degree = words
    return degree in _DEGREES and before in _BEFORE_QUALITIES
