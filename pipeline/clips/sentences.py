"""What clips are chosen from: a recording, and its text as sentences, where a clip begins and ends.

In a text without punctuation, pauses separate sentences.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.levels import Levels
from pipeline.records import TimedText, Topic, Word
from pipeline.text.sentence_ends import ends_question, ends_sentence

WORDS_A_SENTENCE = 60
"""A text with fewer sentence ends than one in this many words counts as unpunctuated."""

PAUSE_MS = 500
"""Pause that ends a sentence in such a text."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording's words and topics; `sound` if its levels were measured."""

    timed: TimedText
    topics: tuple[Topic, ...] = ()
    sound: Levels | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words first..last (both included, both timed), with their span and turn.

    `is_whole`: it ends in a sentence's punctuation, so is not broken off. `pause_ms` is the pause
    after it.
    """

    first: int
    last: int
    start_ms: int
    end_ms: int
    turn: int
    is_question: bool
    is_whole: bool
    pause_ms: int


class Sentences:
    """All sentences of a text, in order, and which one a word is in."""

    def __init__(self, timed: TimedText) -> None:
        self.timed = timed
        self.is_punctuated = _is_punctuated(timed.words)
        self.all: tuple[Sentence, ...] = tuple(_find_sentences(timed, self.is_punctuated))
        self._firsts = [sentence.first for sentence in self.all]

    def find(self, word: int) -> int:
        """The number of the sentence that a word is in, or else of the one before it."""
        return max(0, bisect_right(self._firsts, word) - 1)

    def inside(self, first: int, last: int) -> range:
        """The numbers of the sentences that lie whole within words first..last."""
        begin = bisect_right(self._firsts, first - 1)
        end = begin
        while end < len(self.all) and self.all[end].last <= last:
            end += 1
        return range(begin, end)


def _is_punctuated(words: Sequence[Word]) -> bool:
    n_ends = sum(ends_sentence(word.text) for word in words)
    return n_ends * WORDS_A_SENTENCE >= len(words)


def _find_sentences(timed: TimedText, is_punctuated: bool) -> Iterator[Sentence]:
    words = timed.words
    spoken = [n for n, word in enumerate(words) if word.start_ms is not None]
    first, end_ms = None, 0
    for index, n in enumerate(spoken):
        first = n if first is None else first
        end_ms = max(end_ms, words[n].end_ms or 0)
        after = spoken[index + 1] if index + 1 < len(spoken) else None
        if not _ends_here(timed, n, after, is_punctuated):
            continue
        next_ms = words[after].start_ms if after is not None else timed.duration_ms
        yield Sentence(
            first=first,
            last=n,
            start_ms=words[first].start_ms or 0,
            end_ms=end_ms,
            turn=words[n].turn,
            is_question=ends_question(words[n].text),
            is_whole=ends_sentence(words[n].text),
            pause_ms=max(0, (next_ms or 0) - end_ms),
        )
        first, end_ms = None, 0


def _ends_here(timed: TimedText, n: int, after: int | None, is_punctuated: bool) -> bool:
    """Whether a sentence ends with word n; `after` is the next timed word."""
    if after is None or timed.words[after].turn != timed.words[n].turn:
        return True
    if is_punctuated:
        # The punctuation may be on an unspoken word.
        return any(ends_sentence(timed.words[k].text) for k in range(n, after))
    return (timed.words[after].start_ms or 0) - (timed.words[n].end_ms or 0) >= PAUSE_MS
