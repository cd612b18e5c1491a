"""Passages, the candidates for clips: whole sentences of one topic, within given lengths.

The best are chosen in `highlights.py` and `queries.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2

from pipeline.clips.cuts import LEAD_MS, TAIL_MS
from pipeline.clips.sentences import Sentences
from pipeline.records import Topic
from pipeline.text.bare_words import bare_word

CLEAN_PAUSE_MS = 600
"""A pause of this length makes a clean beginning or end of a passage."""

GOOD_MS = 45_000
LENGTH_COST = 0.15
"""Loss of a passage twice or half as long as GOOD_MS, the length rated best."""

_GOES_ON = frozenset(
    """
    and but because or nor so then also plus which who whose that that's this these those it it's
    its they them they're their he him his he's she her she's there yeah yes yep no nope right
    exactly sure true mhm hmm well um uh like totally absolutely indeed agreed correct okay ok
    """.split()
)
"""A sentence that begins with one of these refers to the one before."""

OPENING_WORDS = 12
_POINTS_BACK = frozenset("he she they him her them he's she's they're he'll she'll they'll".split())
"""Pronouns that are unclear in the first OPENING_WORDS words of a passage."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences first..last (numbers) of one topic, with their words and span."""

    first: int
    last: int
    topic: int
    first_word: int
    last_word: int
    start_ms: int
    end_ms: int

    @property
    def words(self) -> slice:
        """Its words among those of the text."""
        return slice(self.first_word, self.last_word + 1)

    def touches(self, other: "Passage") -> bool:
        """Whether two passages share a sentence or are adjacent.

        Clips of adjacent passages would share the pause between them.
        """
        return self.first <= other.last + 1 and other.first <= self.last + 1


def find_passages(
    sentences: Sentences, topics: Sequence[Topic], lengths_ms: tuple[int, int]
) -> Iterator[Passage]:
    """All runs of sentences of one topic whose clip lasts from the shorter to the longer length.

    Cost: n_sentences × the most sentences that fit the longest passage.
    """
    longest_ms = lengths_ms[1] - LEAD_MS - TAIL_MS
    for number, inside in enumerate(_split_by_topic(sentences, topics)):
        for first in inside:
            begin = sentences.all[first]
            for last in range(first, inside.stop):
                end = sentences.all[last]
                if end.end_ms - begin.start_ms > longest_ms:
                    break
                if end.end_ms - begin.start_ms >= lengths_ms[0]:
                    span = (begin.first, end.last, begin.start_ms, end.end_ms)
                    yield Passage(first, last, number, *span)


def rate_edges(sentences: Sentences) -> tuple[list[float], list[float]]:
    """How cleanly a passage begins, and ends, with each sentence."""
    numbers = range(len(sentences.all))
    starts = [_rate_start(sentences, number) for number in numbers]
    return starts, [_rate_end(sentences, number) for number in numbers]


def _rate_start(sentences: Sentences, number: int) -> float:
    """0 if it refers back, 1 at a new turn."""
    sentence = sentences.all[number]
    first, end = sentence.first, min(sentence.last + 1, sentence.first + OPENING_WORDS)
    opening = [bare_word(word.text) for word in sentences.timed.words[first:end]]
    if opening[0] in _GOES_ON:
        return 0.0
    if not _POINTS_BACK.isdisjoint(opening):
        return 0.3
    before = sentences.all[number - 1] if number else None
    if before is None or before.turn != sentence.turn:
        return 1.0
    return 0.8 if before.pause_ms >= CLEAN_PAUSE_MS else 0.5


def _rate_end(sentences: Sentences, number: int) -> float:
    """0 if broken off or a question, 1 at a turn."""
    sentence = sentences.all[number]
    if sentence.is_question or (sentences.is_punctuated and not sentence.is_whole):
        return 0.0
    after = sentences.all[number + 1] if number + 1 < len(sentences.all) else None
    if after is None or after.turn != sentence.turn:
        return 1.0
    if sentence.pause_ms >= CLEAN_PAUSE_MS:
        return 0.9
    return 0.2 if bare_word(sentences.timed.words[after.first].text) in _GOES_ON else 0.6


def rate_length(passage: Passage) -> float:
    """Loss of score by length: LENGTH_COST per octave from GOOD_MS."""
    return LENGTH_COST * abs(log2(max(1, passage.end_ms - passage.start_ms) / GOOD_MS))


def _split_by_topic(sentences: Sentences, topics: Sequence[Topic]) -> Iterator[range]:
    """The sentences of each topic; all in one range if there are no topics."""
    if not topics:
        yield range(len(sentences.all))
    for topic in topics:
        yield sentences.inside(topic.first_word, topic.first_word + topic.n_words - 1)
