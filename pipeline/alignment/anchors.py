"""Anchors: runs of equal words in text and first pass, in the same order in both.

Final times come from decoding the windows between them (`aligner.py`).
"""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import LCSseq

from pipeline.alignment.conflicts import find_heaviest_increasing
from pipeline.records import RecognizedWord, record

MIN_RUN = 3
"""Words. Shorter runs occur by chance: the first pass has a trigram model of the text."""
TRUSTED_RUN = 8
"""Words. A run this long is kept even where it implies an implausible speaking rate."""
MS_PER_LETTER = 65
"""Average speaking time of a letter, 15 letters a second."""

_UNIQUE_NGRAMS = (6, 5, 4, 3)
_SMALL = 250_000
"""Up to this product of lengths, the longest common subsequence is computed directly."""
_LARGEST = 4_000_000_000
"""Above this product, the longest common subsequence would take half a gigabyte of memory."""

logger = logging.getLogger(__name__)


@record
class Run:
    """`n_words` equal words; indices are into the text (`first_spoken`) and the first pass."""

    first_spoken: int
    first_recognized: int
    n_words: int


def find_anchors(spoken: Sequence[str], recognized: Sequence[RecognizedWord]) -> tuple[Run, ...]:
    """Runs of equal words that can be trusted, in order in both sequences.

    Args:
        spoken: the text's spoken words.
        recognized: the words of the first pass.
    Source: Moreno et al. 1998, "A recursive algorithm for the forced alignment of very long audio
        segments" (anchors between text and recognition, then recursion between them).
    Cost: linear where the text has phrases that occur only once.
    """
    return choose_anchors(find_equal_runs(spoken, recognized), spoken, recognized)


def choose_anchors(
    runs: Sequence[Run], spoken: Sequence[str], recognized: Sequence[RecognizedWord]
) -> tuple[Run, ...]:
    """The equal runs that are long enough, plausible in time and unambiguous."""
    long = [run for run in runs if run.n_words >= MIN_RUN]
    plausible = _drop_implausible(long, spoken, recognized)
    return tuple(_drop_ambiguous(plausible, spoken, recognized))


def find_equal_runs(spoken: Sequence[str], recognized: Sequence[RecognizedWord]) -> tuple[Run, ...]:
    """All runs of equal words, single ones included."""
    pairs = _match(spoken, [word.text for word in recognized])
    return tuple(_join_runs(pairs))


def _match(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Equal positions, increasing on both sides: unique phrases first, then what lies between."""
    if not left or not right:
        return []
    if len(left) * len(right) > _SMALL:
        for n in _UNIQUE_NGRAMS:
            pairs = _unique_ngrams(left, right, n)
            if chosen := find_heaviest_increasing([j for _, j in pairs], [1] * len(pairs)):
                fixed = [pairs[index] for index in chosen]
                return list(_match_between(left, right, fixed, n))
    if len(left) * len(right) > _LARGEST:
        logger.warning(
            "%d words of text and %d of first pass have no phrase in common", len(left), len(right)
        )
        return []
    blocks = LCSseq.opcodes(left, right)
    return [
        (block.src_start + step, block.dest_start + step)
        for block in blocks
        if block.tag == "equal"
        for step in range(block.src_end - block.src_start)
    ]


def _match_between(
    left: Sequence[str], right: Sequence[str], fixed: Sequence[tuple[int, int]], n: int
) -> Iterator[tuple[int, int]]:
    """The matches of each gap between unique phrases, and the phrases themselves."""
    done_left = done_right = 0
    for i, j in [*fixed, (len(left), len(right))]:
        gap = (
            _match(left[done_left:i], right[done_right:j])
            if i > done_left and j > done_right
            else []
        )
        yield from ((done_left + a, done_right + b) for a, b in gap)
        if i == len(left):
            return
        for step in range(n):
            if i + step >= done_left and j + step >= done_right:
                yield i + step, j + step
        done_left, done_right = max(done_left, i + n), max(done_right, j + n)


def _unique_ngrams(left: Sequence[str], right: Sequence[str], n: int) -> list[tuple[int, int]]:
    """Positions of the phrases of n words that occur exactly once on each side."""
    phrases = [[tuple(side[i : i + n]) for i in range(len(side) - n + 1)] for side in (left, right)]
    counts = [Counter(side) for side in phrases]
    place = {phrase: j for j, phrase in enumerate(phrases[1]) if counts[1][phrase] == 1}
    return [
        (i, place[phrase])
        for i, phrase in enumerate(phrases[0])
        if counts[0][phrase] == 1 and phrase in place
    ]


def _join_runs(pairs: Sequence[tuple[int, int]]) -> Iterator[Run]:
    start = 0
    for index in range(1, len(pairs) + 1):
        if index < len(pairs) and all(
            now == then + 1 for then, now in zip(pairs[index - 1], pairs[index], strict=True)
        ):
            continue
        yield Run(*pairs[start], index - start)
        start = index


def _drop_implausible(
    runs: Sequence[Run], spoken: Sequence[str], recognized: Sequence[RecognizedWord]
) -> list[Run]:
    """Drop short runs whose time contradicts the runs before and after them.

    A run contradicts them if there is far too much time for the words on one side of it, and too
    little on the other.
    """
    letters = [0]
    for word in spoken:
        letters.append(letters[-1] + len(word) + 1)

    def surplus_ms(a: Run, b: Run) -> float:
        """Time between two runs less the average speaking time of the words between them."""
        end, start = a.first_spoken + a.n_words, b.first_spoken
        gap_ms = (
            recognized[b.first_recognized].start_ms
            - recognized[a.first_recognized + a.n_words - 1].end_ms
        )
        return gap_ms - (letters[start] - letters[end]) * MS_PER_LETTER

    retained = list(runs)
    while True:
        odd = [
            index
            for index in range(1, len(retained) - 1)
            if retained[index].n_words < TRUSTED_RUN
            and _is_misplaced(
                surplus_ms(retained[index - 1], retained[index]),
                surplus_ms(retained[index], retained[index + 1]),
            )
        ]
        if not odd:
            return retained
        weakest = {
            index
            for index in odd
            if all(
                retained[index].n_words < retained[other].n_words
                or (retained[index].n_words == retained[other].n_words and index < other)
                for other in (index - 1, index + 1)
                if other in odd
            )
        }
        retained = [run for index, run in enumerate(retained) if index not in (weakest or set(odd))]


def _is_misplaced(before_ms: float, after_ms: float) -> bool:
    """Whether there are more than 8 s too much on one side and 3 s too little on the other."""
    return (before_ms > 8000 and after_ms < -3000) or (before_ms < -3000 and after_ms > 8000)


def _drop_ambiguous(
    runs: Sequence[Run], spoken: Sequence[str], recognized: Sequence[RecognizedWord]
) -> Iterator[Run]:
    """Drop runs whose words occur a second time, in text or first pass, between their neighbours.

    Where a speaker repeats a phrase, the first pass may have recognised either occurrence. Of runs
    longer than MIN_RUN, all words but the first, and all but the last, must be unambiguous.
    """
    left, right = list(spoken), [word.text for word in recognized]
    ends = [(0, 0), *((a.first_spoken + a.n_words, a.first_recognized + a.n_words) for a in runs)]
    starts = [*((a.first_spoken, a.first_recognized) for a in runs[1:]), (len(left), len(right))]
    for run, end, start in zip(runs, ends, starts, strict=False):
        words = left[run.first_spoken : run.first_spoken + run.n_words]
        phrases = (words,) if run.n_words == MIN_RUN else (words[1:], words[:-1])
        around = left[end[0] : start[0]], right[end[1] : start[1]]
        own = [_count(phrase, words) for phrase in phrases]
        if all([_count(phrase, side) for phrase in phrases] == own for side in around):
            yield run


def _count(phrase: list[str], words: list[str]) -> int:
    """How often a phrase occurs in a sequence of words."""
    places = range(len(words) - len(phrase) + 1)
    return sum(words[place : place + len(phrase)] == phrase for place in places)
