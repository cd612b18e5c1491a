"""The phrases of a topic, and how well each tells it from the others.

Which of them makes a title is `titles.py`'s to say.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from pipeline.topics.capitals import SMALL_WORDS
from pipeline.topics.questions import OPENING_WORDS, find_question
from pipeline.topics.usage import STOP, Usage, asks_for_verb
from pipeline.topics.words import is_weak, normalize

OPENING_WEIGHT = 2.5
QUESTION_WEIGHT = 4.0
"""The first words of a topic weigh more; those of the question that opens it more still."""

TAMED = 1.0
"""The power of a stem's count: saying a word ten times makes it less than ten times as telling."""

MAX_PHRASE_TOKENS = 7
MAX_PHRASE_WORDS = 5
"""With and without "of", "the" and the like."""

ONCE_WEIGHT = 0.3
ONCE_EARLY_WEIGHT = 0.9
ONCE_ASKED_WEIGHT = 1.0
ONE_WORD_WEIGHT = 0.65
"""A phrase said once, later than the opening, is rarely what a topic is called; nor is a word."""

VERB_WEIGHT = 0.5
"""So is one with a verb in it: "field describes the mount"."""

TAIL_WEIGHT = 0.5
"""So is one that ends where nothing of its kind ends: "threat of nuclear"."""

OPEN_WEIGHT = 0.5
"""So is one that is always said as a part of a longer one."""

_INFLECTED = re.compile(r"[a-z]{3,}(?:ing|ed|ly)")
_DID = re.compile(r"[a-z]{3,}(?:ed|ly)")
_BEGIN = re.compile(r"^[(\[\"“—–]")


@dataclass(slots=True)
class Phrase:
    """One phrase of a topic: how often it is said, in which spellings, where first.

    `n_done` is how often it stands behind what asks for a verb ("they play"); `beside` the words
    before and after that it goes with, empty where there is none.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    first: int
    is_asked: bool = False
    weight: float = 0.0
    n_said: int = 0
    n_done: int = 0
    beside: set[tuple[str, str]] = field(default_factory=set)
    spellings: Counter[str] = field(default_factory=Counter)

    @property
    def is_part(self) -> bool:
        """Whether it is said as a part of one longer phrase alone."""
        return len(self.beside) == 1 and ("", "") not in self.beside

    def spell(self) -> str:
        """The spelling that is most frequent."""
        return max(self.spellings, key=lambda text: (self.spellings[text], text))


class Phrases:
    """Finds phrases in a text that is shared out among topics.

    Args:
        stems: one a token, None where it tells no topic from another.
        spans: the tokens of each topic.
    """

    def __init__(
        self,
        tokens: Sequence[str],
        stems: Sequence[str | None],
        spans: Sequence[tuple[int, int]],
    ) -> None:
        self._tokens = tokens
        self._stems = stems
        self._words = [normalize(token) for token in tokens]
        self.usage = Usage(tokens)
        self._total = Counter(stem for stem in stems if stem is not None)
        self._usual = sum(self._total.values()) / max(1, len(spans))

    def rank(self, span: tuple[int, int]) -> list[Phrase]:
        """A topic's phrases, most telling first."""
        question = find_question(self._tokens, self._stems, span)
        weights = self._weigh_stems(span, question)
        phrases: dict[tuple[str, ...], Phrase] = {}
        for begin, end in self._find(span):
            words = tuple(self._words[begin:end])
            found = self._stems[begin:end]
            key = tuple(stem or word for stem, word in zip(found, words, strict=True))
            own = tuple(stem for stem in found if stem is not None)
            phrase = phrases.setdefault(key, Phrase(words, own, begin))
            phrase.n_said += 1
            phrase.beside.add(self._find_beside(begin, end, span))
            phrase.n_done += self._is_done(begin, span)
            phrase.is_asked |= begin in question
            phrase.spellings[" ".join(map(strip, self._tokens[begin:end]))] += 1
        for phrase in phrases.values():
            phrase.weight = self._weigh(phrase, weights, phrase.first - span[0])
        return sorted(phrases.values(), key=lambda phrase: (-phrase.weight, phrase.first))

    def _weigh_stems(self, span: tuple[int, int], question: range) -> Mapping[str, float]:
        """How much each stem of a topic tells it from the others."""
        counts: defaultdict[str, float] = defaultdict(float)
        for index in range(*span):
            if (stem := self._stems[index]) is not None:
                early = OPENING_WEIGHT if index - span[0] < OPENING_WORDS else 1.0
                counts[stem] += QUESTION_WEIGHT if index in question else early
        return {s: n**TAMED * log(1 + self._usual / self._total[s]) for s, n in counts.items()}

    def _weigh(self, phrase: Phrase, weights: Mapping[str, float], n_before: int) -> float:
        """How well a phrase tells the topic; long ones have to earn their length."""
        distinct = set(phrase.stems)
        telling = sum(weights[stem] for stem in distinct)
        form = self._weigh_form(phrase) * (OPEN_WEIGHT if phrase.is_part else 1.0)
        if len(phrase.words) == 1:
            return telling * form * ONE_WORD_WEIGHT
        late = min(1.0, n_before / OPENING_WORDS)
        once = ONCE_EARLY_WEIGHT + late * (ONCE_WEIGHT - ONCE_EARLY_WEIGHT)
        once = ONCE_ASKED_WEIGHT if phrase.is_asked else once
        length = len(distinct) + sum(word in SMALL_WORDS for word in phrase.words) / 10
        return telling * form * (1.0 if phrase.n_said > 1 else once) / float(length**0.7)

    def _weigh_form(self, phrase: Phrase) -> float:
        """Whether it is built as the name of a thing is, or of doing one ("developing rockets")."""
        first, *rest = phrase.words
        last = phrase.words[-1]
        weight = 1.0
        is_doing = bool(rest) and first.endswith("ing")
        is_verb = self.usage.is_verb(first) or phrase.n_done == phrase.n_said
        if is_verb and not is_doing:
            weight *= VERB_WEIGHT
        if any(self.usage.is_verb(word) for word in rest):
            weight *= VERB_WEIGHT
        is_inflected = phrase.n_said == 1 and _INFLECTED.fullmatch(last)
        is_numbered = bool(rest) and last.isdecimal()
        if is_inflected or is_numbered or not self.usage.is_head(last):
            weight *= TAIL_WEIGHT
        is_joined = bool(rest) and rest[0] in SMALL_WORDS
        if is_joined and not is_doing and self.usage.is_quality(first):
            weight *= TAIL_WEIGHT
        return weight

    def _find(self, span: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Runs of words, within one clause, that end with a word of the topic's."""
        for begin in range(*span):
            if not self._may_begin(begin):
                continue
            has_stem = False
            n_words = 0
            for end in range(begin + 1, min(begin + MAX_PHRASE_TOKENS, span[1]) + 1):
                last = end - 1
                if last > begin and (self._is_new(last) or not self._may_stand(last)):
                    break
                n_words += self._words[last] not in SMALL_WORDS
                has_stem = has_stem or self._stems[last] is not None
                if n_words > MAX_PHRASE_WORDS:
                    break
                if has_stem and self._stems[last] is not None:
                    yield begin, end
                if STOP.search(self._tokens[last]):
                    break

    def _find_beside(self, begin: int, end: int, span: tuple[int, int]) -> tuple[str, str]:
        """The words before and after a phrase that belong to it, as far as anyone can tell."""
        before = after = ""
        if begin > span[0] and not self._is_border(begin) and self._goes_with(begin - 1):
            before = self._words[begin - 1]
        if end < span[1] and not self._is_border(end) and self._goes_with(end):
            # "Sauerkraut smelled": what ends so behind a name is what the name did.
            after = "" if _DID.fullmatch(self._words[end]) else self._words[end]
        return before, after

    def _is_border(self, index: int) -> bool:
        """Whether a clause begins with a token."""
        return self._is_new(index) or bool(STOP.search(self._tokens[index - 1]))

    def _is_done(self, begin: int, span: tuple[int, int]) -> bool:
        """Whether what stands before it asks for a verb."""
        is_first = begin == span[0] or self._is_border(begin)
        return not is_first and asks_for_verb(self._words[begin - 1])

    def _goes_with(self, index: int) -> bool:
        """Whether a word beside a phrase may belong to it."""
        return self._may_begin(index) and not self.usage.is_verb(self._words[index])

    def _is_new(self, index: int) -> bool:
        return bool(_BEGIN.search(self._tokens[index]))

    def _may_begin(self, index: int) -> bool:
        """Whether a phrase may begin with it: a word of the topic's, or a name or quality."""
        word = self._words[index]
        return self._stems[index] is not None or (
            len(word) > 2 and word.isalpha() and not is_weak(word)
        )

    def _may_stand(self, index: int) -> bool:
        """Whether it may stand inside a phrase."""
        word = self._words[index]
        return bool(word) and (word in SMALL_WORDS or not is_weak(word))


def strip(token: str) -> str:
    """The token as it is spelled, without the punctuation around it."""
    kept = "".join(char for char in token if char.isprintable())
    begin, end = 0, len(kept)
    while begin < end and not kept[begin].isalnum():
        begin += 1
    while end > begin and not kept[end - 1].isalnum():
        end -= 1
    return kept[begin:end]
