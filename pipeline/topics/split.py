"""One stretch of a text split into topics: in what sizes, how many, and where exactly.

Each step is a module of its own (`segment.py`, `count.py`, `boundaries.py`).
"""

import logging
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.topics.boundaries import Boundary, Settler
from pipeline.topics.boundary_candidates import Place
from pipeline.topics.count import choose_count, expect_count
from pipeline.topics.segment import Floats, Units, find_splits, measure_segments

log = logging.getLogger(__name__)

MIN_WORDS = 200
SHORTEST_WORDS = 40
MIN_SHARE = 30
"""No topic is shorter than 200 words, or a thirtieth of a short text, or 40 words of a tiny one."""

MIN_PART_WORDS = 120
"""No subtopic is shorter: three quarters of a minute."""

PART_COPIES = 6
"""What is inside a topic is worth less of a search."""

GIVEN_SHARE = 4
"""With the count given, a topic may be as short as a quarter of the mean."""

UNIT_WORDS = 30
UNITS_IN_ALL = 400
UNITS_A_TOPIC = 16
MAX_UNITS = 1000
"""Boundaries are first looked for so many words apart, closer in short texts and topics."""

MAX_OVER_EXPECTED = 3
ROOM = 1.5
"""A count that is found is at most so many times the usual one for the length, and leaves topics
room: with all at their shortest there is nothing to choose."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many topics a stretch may have, and how short they may be.

    `count` None is to be found, by so many copies at most.
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
        stems: one a word, numbered from 0; None for a word that tells no topic from another.
        places: every place a topic may begin; the first is word 0.
        meanings: of what is said from each place to the next, (n_places, n_dims), each as long as
            it has words; or nothing.
    """

    def __init__(
        self,
        stems: Sequence[int | None],
        places: Sequence[Place],
        meanings: Floats | None = None,
    ) -> None:
        self._stems = stems
        self._places = places
        self._meanings = meanings

    def split(self, begin: int, end: int, sizes: Sizes) -> list[Boundary]:
        """The topics of words begin to end; the first begins there, whatever speaks for it.

        `begin` is the word of a place.
        Cost: units² × counts.
        """
        inside = [n for n, place in enumerate(self._places) if begin <= place.word < end]
        chosen = self._choose(inside, end, sizes)
        near = [self._places[n] for n in inside]
        meanings = None if self._meanings is None else self._meanings[inside]
        settler = Settler(self._stems, near, end, sizes.min_words, meanings)
        return settler.settle([self._places[n] for n in chosen])

    def _choose(self, inside: Sequence[int], end: int, sizes: Sizes) -> list[int]:
        """The places that topics begin at, to within a unit."""
        if sizes.max_count == 1:
            return [inside[0]]
        candidates = list(self._thin_out(inside, sizes.unit_words))
        units = self._make_units(candidates, end)
        splits = find_splits(units, measure_segments(units), sizes.max_count, sizes.min_words)
        count = sizes.count
        if count is None:
            count = choose_count(units, splits, sizes.min_words, sizes.max_copies)
        elif splits.n_possible < count:
            candidates = list(inside)
            units = self._make_units(candidates, end)
            splits = find_splits(units, measure_segments(units), count, 1)
            if splits.n_possible < count:
                log.warning("%s topics asked for, room for %s alone", count, splits.n_possible)
                count = splits.n_possible
        return [candidates[index] for index in splits.trace(count)]

    def _thin_out(self, inside: Sequence[int], unit_words: int) -> Iterator[int]:
        """The first place, and the likeliest of every so many words."""
        yield inside[0]
        begin = self._places[inside[0]].word
        best: dict[int, int] = {}
        for n in inside[1:]:
            block = (self._places[n].word - begin) // unit_words
            if block not in best or self._places[n].bonus > self._places[best[block]].bonus:
                best[block] = n
        yield from best.values()

    def _make_units(self, chosen: Sequence[int], end: int) -> Units:
        """The stretch cut at the places chosen."""
        words = [self._places[n].word for n in chosen]
        spans = list(zip(words, [*words[1:], end], strict=True))
        counted = [
            np.unique(
                np.asarray(
                    [stem for stem in self._stems[first:last] if stem is not None], np.int32
                ),
                return_counts=True,
            )
            for first, last in spans
        ]
        return Units(
            stems=tuple(stems for stems, _ in counted),
            n_spoken=tuple(n_spoken.astype(np.int32) for _, n_spoken in counted),
            n_words=tuple(last - first for first, last in spans),
            bonuses=tuple(self._places[n].bonus for n in chosen),
            goes_on=tuple(self._places[n].is_inside for n in chosen),
            meanings=self._add_meanings(chosen, end),
        )

    def _add_meanings(self, chosen: Sequence[int], end: int) -> Floats | None:
        """What is said from each chosen place to the next, summed."""
        if self._meanings is None:
            return None
        last = bisect_left(self._places, end, key=lambda place: place.word)
        return np.add.reduceat(self._meanings[:last], list(chosen), axis=0)
