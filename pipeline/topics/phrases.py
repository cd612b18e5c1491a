"""The phrases of a topic, ranked by how well each tells it from the others.

Titles are chosen from them in `titles.py`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from pipeline.text.capitals import SMALL_WORDS
from pipeline.topics.clauses import Spoken
from pipeline.topics.questions import OPENING_WORDS, find_question
from pipeline.topics.usage import asks_for_quality, asks_for_verb
from pipeline.topics.words import is_vague, normalize

OPENING_WEIGHT = 2.5
QUESTION_WEIGHT = 4.0
"""Factors of a stem's count in a topic's opening, and in the question that opens it."""

STRETCH_WORDS = 50
SPREAD = 0.5
SPREAD_BASE = 3
"""A stem in n of N stretches of STRETCH_WORDS words gets the factor ((n + SPREAD_BASE) / (N +
SPREAD_BASE)) ^ SPREAD: what is frequent in one place only is an aside."""

MAX_PHRASE_TOKENS = 7
MAX_PHRASE_WORDS = 5
"""Longest phrase, with and without SMALL_WORDS ("of", "the")."""

ONCE_WEIGHT = 0.3
ONCE_EARLY_WEIGHT = 0.9
ONCE_ASKED_WEIGHT = 1.0
ONE_WORD_WEIGHT = 0.65
"""Factors of phrases that occur once (late, in the opening, in its question); of single words."""

VERB_WEIGHT = 0.5
"""Factor of a phrase with a verb in it: "field describes the mount"."""

TAIL_WEIGHT = 0.5
"""Factor of a phrase that ends in a word that no phrase ends in: "threat of nuclear"."""

OPEN_WEIGHT = 0.5
"""Factor of a phrase that occurs only as part of one longer phrase."""

VAGUE_WEIGHT = 0.5
"""Factor of a phrase with a vague head: "case of China", "hundreds of bees", "way China"."""

_HINGES = frozenset("way ways reason reasons".split())
"""Vague words that a clause follows without "of": "the way China grows"."""

OWN_NAME_WEIGHT = 0.25
"""Factor of a speaker's name, as speakers are in every topic."""

_DID = re.compile(r"[a-z]{3,}(?:ed|ly)")


@dataclass(slots=True)
class Phrase:
    """One phrase of a topic: how often it occurs, in which spellings, and its first token.

    `n_done` is how often it follows a word that a verb follows ("they play"), `is_rated` whether it
    ever follows "is very" or the like; `form` how far it is formed like a name, at most 1; `beside`
    the pairs of words before and after that belong to it, each empty if there is none.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    first: int
    is_asked: bool = False
    weight: float = 0.0
    n_spoken: int = 0
    n_done: int = 0
    is_rated: bool = False
    form: float = 1.0
    beside: set[tuple[str, str]] = field(default_factory=set)
    spellings: Counter[str] = field(default_factory=Counter)

    @property
    def is_part(self) -> bool:
        """Whether it occurs only as part of one longer phrase."""
        return len(self.beside) == 1 and ("", "") not in self.beside

    def spell(self) -> str:
        """The most frequent spelling."""
        return max(self.spellings, key=lambda text: (self.spellings[text], text))


class Phrases:
    """Ranks the phrases of each topic, a span of tokens."""

    def __init__(self, spoken: Spoken, spans: Sequence[tuple[int, int]]) -> None:
        self._spoken = spoken
        self._usage = spoken.usage
        self._total = Counter(stem for stem in spoken.stems if stem is not None)
        self._usual = sum(self._total.values()) / max(1, len(spans))

    def rank(self, span: tuple[int, int]) -> list[Phrase]:
        """A topic's phrases, best first."""
        spoken = self._spoken
        question = find_question(spoken, span)
        weights = self._weigh_stems(span, question)
        phrases: dict[tuple[str, ...], Phrase] = {}
        for begin, end in self._find(span):
            words = tuple(spoken.words[begin:end])
            found = spoken.stems[begin:end]
            key = tuple(stem or word for stem, word in zip(found, words, strict=True))
            own = tuple(stem for stem in found if stem is not None)
            phrase = phrases.setdefault(key, Phrase(words, own, begin))
            phrase.n_spoken += 1
            phrase.beside.add(self._find_beside(begin, end, span))
            phrase.n_done += self._is_done(begin, span)
            phrase.is_rated |= self._is_rated(begin, span)
            phrase.is_asked |= begin in question
            phrase.spellings[" ".join(spoken.spellings[begin:end])] += 1
        for phrase in phrases.values():
            if len(phrase.spellings) > 1:
                phrase.words = tuple(normalize(word) for word in phrase.spell().split())
            phrase.weight = self._weigh(phrase, weights, phrase.first - span[0])
        return sorted(phrases.values(), key=lambda phrase: (-phrase.weight, phrase.first))

    def _weigh_stems(self, span: tuple[int, int], question: range) -> Mapping[str, float]:
        """c-TF-IDF weight of each stem of a topic, with its opening and spread."""
        counts: defaultdict[str, float] = defaultdict(float)
        stretches: defaultdict[str, set[int]] = defaultdict(set)
        for n_before, index in enumerate(range(*span)):
            if (stem := self._spoken.stems[index]) is not None:
                early = OPENING_WEIGHT if n_before < OPENING_WORDS else 1.0
                counts[stem] += QUESTION_WEIGHT if index in question else early
                stretches[stem].add(n_before // STRETCH_WORDS)
        n_stretches = -(-(span[1] - span[0]) // STRETCH_WORDS)
        return {
            stem: count
            * log(1 + self._usual / self._total[stem])
            * ((len(stretches[stem]) + SPREAD_BASE) / (n_stretches + SPREAD_BASE)) ** SPREAD
            for stem, count in counts.items()
        }

    def _weigh(self, phrase: Phrase, weights: Mapping[str, float], n_before: int) -> float:
        """A phrase's weight: its stems' weights times its factors, over its length ^ 0.7."""
        distinct = set(phrase.stems)
        telling = sum(weights[stem] for stem in distinct)
        phrase.form = self._weigh_form(phrase)
        form = phrase.form * (OPEN_WEIGHT if phrase.is_part else 1.0)
        if len(phrase.words) == 1:
            return telling * form * ONE_WORD_WEIGHT
        late = min(1.0, n_before / OPENING_WORDS)
        once = ONCE_EARLY_WEIGHT + late * (ONCE_WEIGHT - ONCE_EARLY_WEIGHT)
        once = ONCE_ASKED_WEIGHT if phrase.is_asked else once
        length = len(distinct) + sum(word in SMALL_WORDS for word in phrase.words) / 10
        return telling * form * (1.0 if phrase.n_spoken > 1 else once) / float(length**0.7)

    def _weigh_form(self, phrase: Phrase) -> float:
        """How far a phrase is formed like a noun phrase, or a gerund ("developing rockets")."""
        first, *rest = phrase.words
        weight = 1.0
        is_doing = bool(rest) and first.endswith("ing")
        is_verb = self._usage.is_verb(first) or 2 * phrase.n_done >= phrase.n_spoken
        if is_verb and not is_doing:
            weight *= VERB_WEIGHT
        if any(self._usage.is_verb(word) for word in rest):
            weight *= VERB_WEIGHT
        if not self._may_end(phrase) or phrase.is_rated:
            weight *= TAIL_WEIGHT
        is_joined = bool(rest) and rest[0] in SMALL_WORDS
        if is_joined and not is_doing and self._usage.is_quality(first):
            weight *= TAIL_WEIGHT
        if self._spoken.own_names.issuperset(phrase.words):
            weight *= OWN_NAME_WEIGHT
        if (is_joined and is_vague(first)) or (rest and first in _HINGES and not is_joined):
            weight *= VAGUE_WEIGHT
        return weight

    def _may_end(self, phrase: Phrase) -> bool:
        """Whether the last word may be the head of the phrase."""
        last = phrase.words[-1]
        if last.isdecimal() or not self._usage.is_head(last):
            return False
        if _DID.fullmatch(last):
            return self._usage.is_thing(last)
        return phrase.n_spoken > 1 or not last.endswith("ing")

    def _find(self, span: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Runs of words within one clause that end with a word that has a stem."""
        spoken = self._spoken
        for begin in range(*span):
            if not spoken.may_begin[begin]:
                continue
            n_words = 0
            for last in range(begin, min(begin + MAX_PHRASE_TOKENS, span[1])):
                if last > begin and (spoken.begins_clause[last] or not spoken.may_stand[last]):
                    break
                n_words += spoken.words[last] not in SMALL_WORDS
                if n_words > MAX_PHRASE_WORDS:
                    break
                if spoken.stems[last] is not None:
                    yield begin, last + 1

    def _find_beside(self, begin: int, end: int, span: tuple[int, int]) -> tuple[str, str]:
        """The words before and after a phrase that may belong to it; empty if none does."""
        spoken = self._spoken
        before = after = ""
        if begin > span[0] and not spoken.begins_clause[begin] and self._goes_with(begin - 1):
            before = spoken.words[begin - 1]
        if end < span[1] and not spoken.begins_clause[end] and self._goes_with(end):
            # "Sauerkraut smelled": a word in -ed after a name is its verb.
            after = "" if _DID.fullmatch(spoken.words[end]) else spoken.words[end]
        elif end < span[1] and not spoken.begins_clause[end] and spoken.words[end] == "of":
            after = "of"
        return before, after

    def _is_done(self, begin: int, span: tuple[int, int]) -> bool:
        """Whether the word before the phrase is one that a verb follows."""
        is_first = begin == span[0] or self._spoken.begins_clause[begin]
        return not is_first and asks_for_verb(self._spoken.words[begin - 1])

    def _is_rated(self, begin: int, span: tuple[int, int]) -> bool:
        """Whether the phrase follows "is very" or the like, as "computer efficient" may."""
        spoken = self._spoken
        if begin < span[0] + 2 or any(spoken.begins_clause[begin - 1 : begin + 1]):
            return False
        return asks_for_quality(spoken.words[begin - 2 : begin])

    def _goes_with(self, index: int) -> bool:
        """Whether a word beside a phrase may belong to it."""
        return self._spoken.may_begin[index] and not self._usage.is_verb(self._spoken.words[index])
