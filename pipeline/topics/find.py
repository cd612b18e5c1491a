"""A timed text to its topics: split, boundaries settled, named.

Each step is a module of its own; this one says in which order, and in what sizes.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.records import TimedText, Topic, TopicList
from pipeline.topics.boundaries import Settler
from pipeline.topics.count import choose_count, expect_count
from pipeline.topics.options import TopicOptions
from pipeline.topics.places import Place, find_places
from pipeline.topics.segment import Units, find_splits, measure_segments, number_stems
from pipeline.topics.titles import name_topics
from pipeline.topics.words import find_stems

log = logging.getLogger(__name__)

MIN_WORDS = 200
SHORTEST_WORDS = 60
MIN_SHARE = 12
"""No topic is shorter than 200 words, or a twelfth of a short text, or 60 words of a tiny one."""

UNIT_WORDS = 30
UNITS_A_TOPIC = 4
MAX_UNITS = 1000
"""Boundaries are first looked for so many words apart, closer where topics are short."""

MAX_OVER_EXPECTED = 3
ROOM = 2
"""A count that is found is at most so many times the usual one for the length, and leaves topics
room: with all at their shortest there is nothing to choose."""

LEAD_MS = 200
"""How much of the pause before its first word belongs to a topic."""


@dataclass(frozen=True, slots=True)
class _Sizes:
    """How many topics to try for, and how short they may be."""

    max_count: int
    min_words: int
    unit_words: int


def find_topics(timed: TimedText, options: TopicOptions) -> TopicList:
    """The topics of a text, from 0 to its end; none if it has no words.

    Invariants: topics share out the words and the time; a given count is obeyed where the text
        has as many places for a topic to begin.
    Cost: units² × counts, a second for two hours of talk.
    """
    if not timed.words:
        return TopicList(())
    tokens = [word.text for word in timed.words]
    stems = find_stems(tokens, timed.language)
    numbers = number_stems(stems)
    places = find_places(timed)
    sizes = _choose_sizes(len(tokens), options)
    chosen = _choose_places(numbers, places, sizes, options)
    boundaries = Settler(numbers, places, sizes.min_words).settle(chosen)
    names = name_topics(tokens, stems, [boundary.place.word for boundary in boundaries])
    starts_ms = [0, *(_start_ms(boundary.place) for boundary in boundaries[1:])]
    ends_ms = [*starts_ms[1:], max(timed.duration_ms, starts_ms[-1] + 1)]
    ends = [*(boundary.place.word for boundary in boundaries[1:]), len(tokens)]
    return TopicList(
        tuple(
            Topic(
                title=name.title,
                start_ms=start_ms,
                end_ms=end_ms,
                first_word=boundary.place.word,
                n_words=end - boundary.place.word,
                keywords=name.keywords,
                score=boundary.score,
                evidence=boundary.evidence,
            )
            for name, boundary, start_ms, end_ms, end in zip(
                names, boundaries, starts_ms, ends_ms, ends, strict=True
            )
        )
    )


def _choose_sizes(n_words: int, options: TopicOptions) -> _Sizes:
    min_words = min(MIN_WORDS, max(SHORTEST_WORDS, n_words // MIN_SHARE))
    if options.count == "auto":
        usual = MAX_OVER_EXPECTED * expect_count(n_words)
        max_count = max(1, min(round(usual), n_words // (ROOM * min_words)))
    else:
        max_count = options.count
        min_words = max(1, min(min_words, n_words // (2 * max_count)))
    unit_words = min(UNIT_WORDS, n_words // (UNITS_A_TOPIC * max_count))
    return _Sizes(max_count, min_words, max(1, unit_words, n_words // MAX_UNITS))


def _choose_places(
    numbers: Sequence[int | None],
    places: Sequence[Place],
    sizes: _Sizes,
    options: TopicOptions,
) -> list[Place]:
    """Where the topics begin, to within a unit."""
    candidates = _thin_out(places, sizes.unit_words)
    units = _make_units(numbers, candidates)
    costs = measure_segments(units)
    splits = find_splits(units, costs, sizes.max_count, sizes.min_words)
    if options.count == "auto":
        count = choose_count(units, splits, sizes.min_words)
    elif splits.n_possible < options.count:
        candidates = list(places)
        units = _make_units(numbers, candidates)
        splits = find_splits(units, measure_segments(units), sizes.max_count, 1)
        count = min(options.count, splits.n_possible)
        if count < options.count:
            log.warning("%s topics asked for, room for %s alone", options.count, count)
    else:
        count = options.count
    return [candidates[index] for index in splits.trace(count)]


def _thin_out(places: Sequence[Place], unit_words: int) -> list[Place]:
    """The likeliest place of every so many words, and the first."""
    best: dict[int, Place] = {}
    for place in places[1:]:
        block = place.word // unit_words
        if block not in best or place.bonus > best[block].bonus:
            best[block] = place
    return [places[0], *best.values()]


def _make_units(numbers: Sequence[int | None], places: Sequence[Place]) -> Units:
    """The text cut at every place."""
    ends = [*(place.word for place in places[1:]), len(numbers)]
    spans = [(place.word, end) for place, end in zip(places, ends, strict=True)]
    return Units(
        stems=tuple(
            tuple(stem for stem in numbers[begin:end] if stem is not None) for begin, end in spans
        ),
        n_words=tuple(end - begin for begin, end in spans),
        bonuses=tuple(place.bonus for place in places),
    )


def _start_ms(place: Place) -> int:
    """In the pause before the first word, near the word; never 0, where the first topic starts."""
    return max(place.pause_start_ms, place.at_ms - LEAD_MS) or place.at_ms
