"""Ratings of a passage as a highlight, each from 0 to 1.

They are weighted, and passages chosen, in `highlights.py`.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from pipeline.clips.passages import Passage, rate_edges
from pipeline.clips.quotes import normalize
from pipeline.clips.sentences import Sentence, Sentences
from pipeline.levels import Levels
from pipeline.records import TimedText, Topic

FULL_QUESTION_WORDS = 10
MIN_QUESTION_WORDS = 4
"""Words of a question with the full rating, and of the shortest that counts ("Really?" doesn't)."""

AFTERTHOUGHT = 0.4
"""Factor of a question without question words: "In the short term?"."""

_ASKS = re.compile(
    r"\b(?:what|who|whom|whose|why|how|where|when|which|(?:do|does|did|are|were|can|could|will"
    r"|would|should|have) (?:you|we|they|people)|is (?:it|there|that)|tell (?:me|us))\b"
)

OPENING_SHARE = 0.5
"""The question must end within this share of its passage; the rest is the answer."""

LOUD_DB = 3.0
FAST_SHARE = 0.3
"""A passage this much louder or faster than its speakers usually are has full emphasis."""

MANY_TERMS = 0.95
"""Quantile of the density of topic keywords, over all passages, that is rated 1."""

LAUGHED = re.compile(r"laugh|chuckl|giggl|applau|lach|rire|ris[ae]", re.IGNORECASE)
LATE_LAUGHTER_WORDS = 3
"""Laughter up to this many words after a passage still counts for it."""

STEM_CHARS = 5
"""Words that share this many first letters count as one."""

_SMALL_WORDS = frozenset(("from", "with"))
"""Function words in keywords that are long enough to count as terms."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """Ratings of a passage: question and answer, keywords of its topic, emphasis, laughter, and a
    clean beginning and end."""

    answer: float
    terms: float
    emphasis: float
    laughter: float
    start: float
    end: float

    def weigh(self, weights: "Ratings") -> float:
        """The weighted sum of the ratings."""
        names = (field.name for field in fields(self))
        return float(sum(getattr(self, name) * getattr(weights, name) for name in names))


class PassageScorer:
    """Rates passages of one recording, by running sums computed once."""

    def __init__(self, sentences: Sentences, topics: Sequence[Topic], sound: Levels | None) -> None:
        self._timed = timed = sentences.timed
        self._sentences = sentences
        self._starts, self._ends = rate_edges(sentences)
        self._is_dialogue = len({turn.speaker for turn in timed.turns}) > 1
        self._laughed = sorted(s.after_word for s in timed.sounds if LAUGHED.search(s.text))
        self._loud = _sum(measure_loudness(timed, sound))
        letters = [sum(map(str.isalnum, w.text)) * (w.start_ms is not None) for w in timed.words]
        spoken_ms = [(w.end_ms or 0) - (w.start_ms or 0) for w in timed.words]
        self._letters, self._spoken_ms = _sum(np.asarray(letters)), _sum(np.asarray(spoken_ms))
        self._is_term = mark_terms(timed, topics)
        self._terms = _sum(self._is_term)

    def rate(self, passages: Sequence[Passage]) -> list[Ratings]:
        """Rate all of a recording's passages; the density of terms is relative to all of them."""
        densities = [self._mean(self._terms, passage) for passage in passages]
        many = float(np.quantile(densities, MANY_TERMS)) if passages else 0.0
        return [
            Ratings(
                answer=self._rate_answer(passage),
                terms=min(1.0, density / many) if many else 0.0,
                emphasis=max(
                    _within(self.find_louder_db(passage) / LOUD_DB),
                    _within(self.find_faster(passage) / FAST_SHARE),
                ),
                laughter=float(self._is_laughed_about(passage)),
                start=self._starts[passage.first],
                end=self._ends[passage.last],
            )
            for passage, density in zip(passages, densities, strict=True)
        ]

    def find_louder_db(self, passage: Passage) -> float:
        """How many dB louder than its speakers' usual level; 0 if levels are unknown."""
        return self._mean(self._loud, passage)

    def find_faster(self, passage: Passage) -> float:
        """How much faster than the recording's mean, as a share: 0.1 is 10 %."""
        usual = self._letters[-1] / max(1.0, self._spoken_ms[-1])
        own = self._count(self._letters, passage) / max(1.0, self._count(self._spoken_ms, passage))
        return own / usual - 1 if usual else 0.0

    def find_terms(self, passage: Passage) -> list[str]:
        """The keywords of its topic that are spoken in it, in order."""
        spoken: dict[str, str] = {}
        for n in range(passage.first_word, passage.last_word + 1):
            if self._is_term[n]:
                text = normalize(self._timed.words[n].text)
                spoken.setdefault(text[:STEM_CHARS], text)
        return list(spoken.values())

    def find_question(self, passage: Passage) -> Sentence | None:
        """The longest question in its opening turn, if an answer follows."""
        middle_ms = passage.start_ms + OPENING_SHARE * (passage.end_ms - passage.start_ms)
        turn = self._sentences.all[passage.first].turn
        asked: list[Sentence] = []
        for number in range(passage.first, passage.last):
            sentence = self._sentences.all[number]
            if sentence.turn != turn or sentence.end_ms > middle_ms:
                is_answer = sentence.turn != turn or not self._is_dialogue
                return max(asked, key=_count_words) if asked and is_answer else None
            if sentence.is_question and _count_words(sentence) >= MIN_QUESTION_WORDS:
                asked.append(sentence)
        return None

    def _rate_answer(self, passage: Passage) -> float:
        """The question's rating times the share of the passage that others than the asker speak."""
        question = self.find_question(passage)
        if question is None:
            return 0.0
        asker = self._timed.turns[question.turn].speaker
        substance = _within(_count_words(question) / FULL_QUESTION_WORDS)
        asked = (w.text for w in self._timed.words[question.first : question.last + 1])
        if not _ASKS.search(" ".join(asked).casefold()):
            substance *= AFTERTHOUGHT
        if not self._is_dialogue:
            return substance
        inside = self._sentences.all[passage.first : passage.last + 1]
        answered = sum(
            _count_words(each)
            for each in inside
            if each.turn != question.turn and self._timed.turns[each.turn].speaker != asker
        )
        return substance * answered / sum(map(_count_words, inside))

    def _is_laughed_about(self, passage: Passage) -> bool:
        last = passage.last_word + LATE_LAUGHTER_WORDS
        return any(passage.first_word <= word <= last for word in self._laughed)

    def _count(self, sums: NDArray[np.float64], passage: Passage) -> float:
        return float(sums[passage.last_word + 1] - sums[passage.first_word])

    def _mean(self, sums: NDArray[np.float64], passage: Passage) -> float:
        return self._count(sums, passage) / (passage.last_word + 1 - passage.first_word)


def measure_loudness(timed: TimedText, sound: Levels | None) -> NDArray[np.float64]:
    """Level of each word in dB above its speaker's median, (n_words,); 0 where unknown."""
    levels = np.full(len(timed.words), np.nan)
    by_speaker: defaultdict[str | None, list[int]] = defaultdict(list)
    for n, word in enumerate(timed.words):
        first, last = map(sound.frame, word.span) if sound and word.span else (0, 0)
        if sound and word.span and first < len(sound.db):
            inside = sound.db[first : max(first + 1, last)]
            levels[n] = 10 * np.log10(np.mean(10 ** (inside / 10)))
            by_speaker[timed.turns[word.turn].speaker].append(n)
    for numbers in by_speaker.values():
        levels[numbers] -= np.median(levels[numbers])
    return np.where(np.isnan(levels), 0.0, levels)


def mark_terms(timed: TimedText, topics: Sequence[Topic]) -> NDArray[np.float64]:
    """1 for each word that is one of its topic's keywords, (n_words,)."""
    marks = np.zeros(len(timed.words))
    for topic in topics:
        terms = {
            word[:STEM_CHARS]
            for keyword in topic.keywords
            for word in normalize(keyword).split()
            if len(word) >= STEM_CHARS - 1 and word not in _SMALL_WORDS
        }
        for n in range(topic.first_word, topic.first_word + topic.n_words):
            text = normalize(timed.words[n].text)
            marks[n] = len(text) >= STEM_CHARS - 1 and text[:STEM_CHARS] in terms
    return marks


def _count_words(sentence: Sentence) -> int:
    return sentence.last + 1 - sentence.first


def _sum(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Running sums, (n + 1,)."""
    return np.concatenate([[0.0], np.cumsum(values)])


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))
