"""Every passage that could be a clip: whole sentences, within lengths, about one topic.

Which of them is best, `highlights.py` and `queries.py` say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2

from pipeline.clips.cuts import LEAD_MS, TAIL_MS
from pipeline.clips.sentences import Sentence, Sentences
from pipeline.records import TimedText, Topic, Word

CLEAN_PAUSE_MS = 600
"""A pause this long sets a passage off from what comes before or after."""

GOOD_MS = 45_000
LENGTH_COST = 0.15
"""What a passage loses that is twice or half as long as people watch."""

_GOES_ON = frozenset(
    """
    and but because or nor so then also plus which who whose that that's this these those it it's
    its they them they're their he him his he's she her she's there yeah yes yep no nope right
    exactly sure true mhm hmm well um uh like totally absolutely indeed agreed correct okay ok
    """.split()
)
"""What begins with one of these leans on what was said before."""

OPENING_WORDS = 12
_POINTS_BACK = frozenset("he she they him her them he's she's they're he'll she'll they'll".split())
"""Who is meant, somebody who hears the first words of a passage can't know."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long a clip may be."""

    min_ms: int
    max_ms: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences first..last by number, the topic they are in, and their words."""

    first: int
    last: int
    topic: int
    first_word: int
    last_word: int
    start_ms: int
    end_ms: int

    def touches(self, other: "Passage") -> bool:
        """Whether both have a sentence in common, or one goes on where the other ends.

        The clips of two that touch would share the pause between them.
        """
        return self.first <= other.last + 1 and other.first <= self.last + 1


def find_passages(
    sentences: Sentences, topics: Sequence[Topic], lengths: Lengths
) -> Iterator[Passage]:
    """All runs of sentences of one topic whose clip keeps the lengths.

    Cost: sentences × those that fit into the longest passage.
    """
    longest_ms = lengths.max_ms - LEAD_MS - TAIL_MS
    for number, inside in enumerate(_split_by_topic(sentences, topics)):
        for first in inside:
            begin = sentences.all[first]
            for last in range(first, inside.stop):
                end = sentences.all[last]
                if end.end_ms - begin.start_ms > longest_ms:
                    break
                if end.end_ms - begin.start_ms >= lengths.min_ms:
                    span = (begin.first, end.last, begin.start_ms, end.end_ms)
                    yield Passage(first, last, number, *span)


def rate_start(timed: TimedText, sentences: Sentences, number: int) -> float:
    """How clean a passage may begin with a sentence: 0 in the middle of a thought, 1 at a turn."""
    sentence = sentences.all[number]
    if leans_on_before(timed, sentence):
        return 0.0
    if _POINTS_BACK & {_strip(word.text) for word in _opening(timed, sentence)}:
        return 0.3
    before = sentences.all[number - 1] if number else None
    if before is None or before.turn != sentence.turn:
        return 1.0
    return 0.8 if before.pause_ms >= CLEAN_PAUSE_MS else 0.5


def rate_end(timed: TimedText, sentences: Sentences, number: int) -> float:
    """How clean a passage may end with a sentence: 0 if that breaks off or asks, 1 at a turn."""
    sentence = sentences.all[number]
    if sentence.is_question or (sentences.is_punctuated and not sentence.is_whole):
        return 0.0
    after = sentences.all[number + 1] if number + 1 < len(sentences.all) else None
    if after is None or after.turn != sentence.turn:
        return 1.0
    if sentence.pause_ms >= CLEAN_PAUSE_MS:
        return 0.9
    return 0.2 if leans_on_before(timed, after) else 0.6


def rate_length(passage: Passage) -> float:
    """What a passage loses by being longer or shorter than people watch; 0 for none."""
    return LENGTH_COST * abs(log2(max(1, passage.end_ms - passage.start_ms) / GOOD_MS))


def leans_on_before(timed: TimedText, sentence: Sentence) -> bool:
    """Whether a sentence begins with a word that goes on with what was said before."""
    return _strip(timed.words[sentence.first].text) in _GOES_ON


def _opening(timed: TimedText, sentence: Sentence) -> Sequence[Word]:
    return timed.words[sentence.first : min(sentence.last + 1, sentence.first + OPENING_WORDS)]


def _strip(text: str) -> str:
    return text.casefold().replace("’", "'").strip(".,;:?!-–—…\"“”()'")


def _split_by_topic(sentences: Sentences, topics: Sequence[Topic]) -> Iterator[range]:
    """The sentences of each topic; of a text without topics, all."""
    if not topics:
        yield range(len(sentences.all))
    for topic in topics:
        yield sentences.inside(topic.first_word, topic.first_word + topic.n_words - 1)
