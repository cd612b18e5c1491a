"""A timed text as sentences: where a clip may begin and end.

Where the text has no punctuation to go by, what stands between pauses is a sentence.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.records import TimedText, Word
from pipeline.text.sentence_ends import closes_question, closes_sentence

WORDS_A_SENTENCE = 60
"""A text with fewer ends of sentences than one in so many words has no punctuation to go by."""

PAUSE_MS = 500
"""What parts sentences in such a text."""

_ABBREVIATION = re.compile(r"(?:mrs?|ms|dr|prof|st|vs|jr|sr|no|e\.g|i\.e|[a-z])\.$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words first..last (both included, both said), when, and in which turn.

    `is_whole` says that it ends as a sentence does; what is broken off, or has no punctuation,
    doesn't. `pause_ms` is how long nobody speaks after it.
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
        self.is_punctuated = _is_punctuated(timed.words)
        self.all: tuple[Sentence, ...] = tuple(_find_sentences(timed, self.is_punctuated))
        self._firsts = [sentence.first for sentence in self.all]

    def find(self, word: int) -> int:
        """The number of the sentence that a word is in, or comes after."""
        return max(0, bisect_right(self._firsts, word) - 1)

    def inside(self, first: int, last: int) -> range:
        """The numbers of the sentences that lie whole within words first..last."""
        begin = bisect_right(self._firsts, first - 1)
        end = begin
        while end < len(self.all) and self.all[end].last <= last:
            end += 1
        return range(begin, end)


def ends_sentence(text: str) -> bool:
    """Whether a word is a sentence's last."""
    return closes_sentence(text) and not _ABBREVIATION.fullmatch(text)


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
            is_question=closes_question(words[n].text),
            is_whole=ends_sentence(words[n].text),
            pause_ms=max(0, (next_ms or 0) - end_ms),
        )
        first, end_ms = None, 0


def _ends_here(timed: TimedText, n: int, after: int | None, is_punctuated: bool) -> bool:
    """Whether a sentence ends with word n, which `after` is the next to be said."""
    if after is None or timed.words[after].turn != timed.words[n].turn:
        return True
    if is_punctuated:
        # An end may be at a word that nobody said.
        return any(ends_sentence(timed.words[k].text) for k in range(n, after))
    return (timed.words[after].start_ms or 0) - (timed.words[n].end_ms or 0) >= PAUSE_MS
