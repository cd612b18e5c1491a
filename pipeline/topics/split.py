"""Splits one stretch of a text into topics.

The steps are in `segment.py` (splits), `count.py` (how many) and `boundaries.py` (where exactly).
"""

import logging
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.topics.boundaries import Boundary, BoundaryRefiner
from pipeline.topics.boundary_candidates import Candidate
from pipeline.topics.count import choose_count, expect_count
from pipeline.topics.segment import Floats, Unit, find_splits, measure_segments

log = logging.getLogger(__name__)

MIN_WORDS = 200
SHORTEST_WORDS = 40
MIN_SHARE = 30
"""The shortest topic has 1/MIN_SHARE of the words, but SHORTEST_WORDS to MIN_WORDS."""

MIN_PART_WORDS = 120
"""The shortest subtopic, in words: three quarters of a minute."""

PART_COPIES = 6
"""Most shuffled copies for subtopics (topics: `Sizes.max_copies`), to save time."""

GIVEN_SHARE = 4
"""With the count given, a topic may be as short as the mean divided by this."""

UNIT_WORDS = 30
UNITS_IN_ALL = 400
UNITS_A_TOPIC = 16
MAX_UNITS = 1000
"""Units have UNIT_WORDS words, fewer in short texts; a text has at most about MAX_UNITS."""

MAX_OVER_EXPECTED = 3
ROOM = 1.5
"""A count that is found is at most MAX_OVER_EXPECTED times `expect_count`, and the mean topic is at
least ROOM times the shortest: else the split has no choice left."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many topics a stretch may have, and how short they may be.

    If `count` is None it is to be found, with at most `max_copies` shuffled copies.
    """

    count: int | None
    max_count: int
    min_words: int
    unit_words: int
    max_copies: int = 24


def size_topics(n_words: int, count: int | None) -> Sizes:
    """The sizes of a whole text's topics."""
    least = min(MIN_WORDS, max(SHORTEST_WORDS, n_words // MIN_SHARE))
    if count is not None:
        least = max(1, min(least, n_words // (GIVEN_SHARE * count)))
        unit_words = min(UNIT_WORDS, n_words // (UNITS_A_TOPIC * count))
        return Sizes(count, count, least, max(1, unit_words, n_words // MAX_UNITS))
    room = max(1, int(n_words / (ROOM * least)))
    most = max(1, min(room, round(MAX_OVER_EXPECTED * expect_count(n_words))))
    unit_words = min(UNIT_WORDS, n_words // UNITS_IN_ALL)
    return Sizes(None, most, least, max(1, unit_words, n_words // MAX_UNITS))


def size_parts(n_words: int) -> Sizes:
    """The sizes of the subtopics of one topic."""
    most = max(1, int(n_words / (ROOM * MIN_PART_WORDS)))
    unit_words = max(UNIT_WORDS // 2, n_words // MAX_UNITS)
    return Sizes(None, most, MIN_PART_WORDS, unit_words, PART_COPIES)


class Splitter:
    """Splits stretches of one text.

    Args:
        stems: one for each word, numbered from 0; None if it tells no topic from another.
        candidates: every place where a topic may begin; the first is word 0.
        meanings: embeddings from each place to the next, (n_places, n_dims), with the number of
            words as length; or None.
    """

    def __init__(
        self,
        stems: Sequence[int | None],
        candidates: Sequence[Candidate],
        meanings: Floats | None = None,
    ) -> None:
        self._stems = stems
        self._candidates = candidates
        self._meanings = meanings

    def split(self, begin: int, end: int, sizes: Sizes) -> list[Boundary]:
        """The topics of the words from `begin` to `end`; the first begins at `begin`.

        `begin` is the word of a candidate.
        Cost: units² × counts.
        """
        inside = [n for n, each in enumerate(self._candidates) if begin <= each.word < end]
        chosen = self._choose(inside, end, sizes)
        near = [self._candidates[n] for n in inside]
        meanings = None if self._meanings is None else self._meanings[inside]
        refiner = BoundaryRefiner(self._stems, near, end, sizes.min_words, meanings)
        return refiner.refine([self._candidates[n] for n in chosen])

    def _choose(self, inside: Sequence[int], end: int, sizes: Sizes) -> list[int]:
        """Indices of the candidates where topics begin, to within a unit."""
        if sizes.max_count == 1:
            return [inside[0]]
        candidates = list(self._thin_out(inside, sizes.unit_words))
        units = list(self._make_units(candidates, end))
        splits = find_splits(units, measure_segments(units), sizes.max_count, sizes.min_words)
        count = sizes.count
        if count is None:
            count = choose_count(units, splits, sizes.min_words, sizes.max_copies)
        elif splits.n_possible < count:
            candidates = list(inside)
            units = list(self._make_units(candidates, end))
            splits = find_splits(units, measure_segments(units), count, 1)
            if splits.n_possible < count:
                log.warning("%s topics asked for, room for only %s", count, splits.n_possible)
                count = splits.n_possible
        return [candidates[index] for index in splits.trace(count)]

    def _thin_out(self, inside: Sequence[int], unit_words: int) -> Iterator[int]:
        """The first candidate, and the one with the most evidence in each `unit_words` words."""
        yield inside[0]
        begin = self._candidates[inside[0]].word
        best: dict[int, int] = {}
        for n in inside[1:]:
            block = (self._candidates[n].word - begin) // unit_words
            if block not in best or self._candidates[n].bonus > self._candidates[best[block]].bonus:
                best[block] = n
        yield from best.values()

    def _make_units(self, chosen: Sequence[int], end: int) -> Iterator[Unit]:
        """The stretch cut into units at the chosen candidates."""
        own = [self._candidates[n] for n in chosen]
        ends = [*(each.word for each in own[1:]), end]
        meanings = self._add_meanings(chosen, end)
        for each, last, meaning in zip(own, ends, meanings, strict=True):
            inside = [stem for stem in self._stems[each.word : last] if stem is not None]
            stems, n_spoken = np.unique(np.asarray(inside, np.int32), return_counts=True)
            n_words = last - each.word
            counts = n_spoken.astype(np.int32)
            yield Unit(stems, counts, n_words, each.bonus, each.is_inside, meaning)

    def _add_meanings(self, chosen: Sequence[int], end: int) -> Sequence[Floats | None]:
        """The embeddings from each chosen place to the next, summed."""
        if self._meanings is None:
            return [None] * len(chosen)
        last = bisect_left(self._candidates, end, key=lambda candidate: candidate.word)
        return list(np.add.reduceat(self._meanings[:last], list(chosen), axis=0))
