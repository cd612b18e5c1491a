"""Sets of texts made of others, so that the true boundaries are known; and shuffled ones, of none.

Where the texts come from is `texts.py`'s to say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from boundaries.texts import Document
from pipeline.records import TimedText, Turn, Word

CHOI_SEGMENTS = 10
CHOI_RANGES = ((3, 11), (3, 5), (6, 8), (9, 11))
TALK_SEGMENTS = (8, 20)
TALK_WORDS = (300, 1500)
"""What a chapter of a talk has: two minutes to ten."""

WORD_MS = 300
SILENCE_MS = 50
"""Words come at an even pace, so that nothing but what they say tells topics apart."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text and the first word of each of its segments, the first 0."""

    timed: TimedText
    begins: tuple[int, ...]

    @property
    def n_words(self) -> int:
        return len(self.timed.words)


def make_choi(documents: Sequence[Document], lengths: tuple[int, int], random: Random) -> Sample:
    """Ten segments, each the first few sentences of another text.

    Source: Choi 2000, Advances in domain independent linear text segmentation, section 5.
    """
    long = [document for document in documents if len(document) >= lengths[1]]
    chosen = random.sample(long, CHOI_SEGMENTS)
    return join([document[: random.randint(*lengths)] for document in chosen])


def make_talk(documents: Sequence[Document], random: Random) -> Sample:
    """Whole texts, or as much of them as a chapter holds, one after the other."""
    least, most = TALK_WORDS
    long = [document for document in documents if count_words(document) >= least]
    chosen = random.sample(long, random.randint(*TALK_SEGMENTS))
    return join([_cut(document, random.randint(least, most)) for document in chosen])


def shuffle(sample: Sample, random: Random) -> Sample:
    """The sentences of a text in no order: a text without topics."""
    sentences: list[list[str]] = [[]]
    for word in sample.timed.words:
        sentences[-1].append(word.text)
        if word.text[-1] in ".?!":
            sentences.append([])
    random.shuffle(sentences)
    return join([[" ".join(sentence) for sentence in sentences if sentence]])


def join(documents: Sequence[Document]) -> Sample:
    """The texts one after the other, said by nobody, without a pause."""
    tokens: list[str] = []
    begins = []
    for document in documents:
        begins.append(len(tokens))
        tokens += " ".join(document).split()
    words = tuple(_make_words(tokens))
    turns = (Turn(None, None, 0, len(words)),)
    return Sample(TimedText("en", "none", len(words) * WORD_MS, turns, words), tuple(begins))


def count_words(document: Document) -> int:
    """How many words a document has."""
    return sum(len(sentence.split()) for sentence in document)


def _cut(document: Document, n_words: int) -> Document:
    """The first sentences, up to so many words."""
    kept: Document = []
    for sentence in document:
        if kept and count_words(kept) + len(sentence.split()) > n_words:
            break
        kept.append(sentence)
    return kept


def _make_words(tokens: Sequence[str]) -> Iterator[Word]:
    for index, token in enumerate(tokens):
        start_ms = index * WORD_MS
        yield Word(token, start_ms, start_ms + WORD_MS - SILENCE_MS, "aligned", 1.0, 0)
