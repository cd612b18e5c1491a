"""From a timed text to its named topics and subtopics.

How a stretch is split is in `split.py`, how topics are named in `titles.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.records import TimedText, Topic, TopicList
from pipeline.topics.boundaries import Boundary
from pipeline.topics.boundary_candidates import Candidate, find_candidates
from pipeline.topics.clauses import Spoken
from pipeline.topics.options import TopicOptions
from pipeline.topics.segment import number_stems
from pipeline.topics.split import Splitter, size_parts, size_topics
from pipeline.topics.titles import name_topics
from pipeline.topics.words import find_stems

LEAD_MS = 200
"""A topic starts this long before its first word, if the pause there is as long."""


Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Sentence embeddings: sentences to (n_sentences, n_dims) vectors of length 1."""


def find_topics(timed: TimedText, options: TopicOptions, embed: Embed | None = None) -> TopicList:
    """Find the topics of a text, from 0 to its end, with their subtopics; none without words.

    Args:
        embed: sentence embeddings, used as evidence beside words.
    Invariants: topics cover all words and all of the time without overlap, subtopics those of their
        topic; a given count is kept if the text has as many candidates for boundaries.
    Cost: units² × counts, half a second for two hours of talk.
    """
    if not timed.words:
        return TopicList(())
    tokens = [word.text for word in timed.words]
    speakers = {turn.speaker for turn in timed.turns if turn.speaker}
    text = Spoken(tokens, find_stems(tokens, timed.language), speakers)
    candidates = find_candidates(timed)
    meanings = _find_meanings(tokens, candidates, embed) if embed else None
    splitter = Splitter(number_stems(text.stems), candidates, meanings)
    sizes = size_topics(len(tokens), _count_asked_for(timed, options))
    boundaries = splitter.split(0, len(tokens), sizes)
    topics = _make_topics(text, boundaries, (0, max(timed.duration_ms, 1)), len(tokens))
    if options.levels == 1:
        return TopicList(topics)
    inside = [
        splitter.split(
            topic.first_word, topic.first_word + topic.n_words, size_parts(topic.n_words)
        )
        for topic in topics
    ]
    return TopicList(tuple(_add_parts(text, topics, inside)))


def _find_meanings(
    tokens: Sequence[str], candidates: Sequence[Candidate], embed: Embed
) -> NDArray[np.float32]:
    """The embedding of the text from each place to the next, with its number of words as length.

    The mean over the whole text is subtracted: it tells no part from another.
    """
    words = [*(candidate.word for candidate in candidates), len(tokens)]
    spoken = [" ".join(tokens[begin:end]) for begin, end in pairwise(words)]
    lengths = np.diff(words)[:, None]
    vectors = embed(spoken)
    centred = vectors - (vectors * lengths).sum(axis=0) / len(tokens)
    norms = np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    return np.asarray(centred / norms * lengths, np.float32)


def _count_asked_for(timed: TimedText, options: TopicOptions) -> int | None:
    """The count given, or that of `every_minutes`; None for `auto`."""
    if options.every_minutes is not None:
        return max(1, round(timed.duration_ms / (60_000 * options.every_minutes)))
    return None if options.count == "auto" else options.count


def _make_topics(
    text: Spoken, boundaries: Sequence[Boundary], span_ms: tuple[int, int], end: int
) -> tuple[Topic, ...]:
    """Topics without subtopics that cover a span of time."""
    begins = [boundary.candidate.word for boundary in boundaries]
    starts_ms = [span_ms[0], *(_start_ms(boundary.candidate) for boundary in boundaries[1:])]
    ends_ms = [*starts_ms[1:], max(span_ms[1], starts_ms[-1] + 1)]
    names = name_topics(text, begins)
    return tuple(
        Topic(
            title=name.title,
            start_ms=start_ms,
            end_ms=end_ms,
            first_word=begin,
            n_words=after - begin,
            keywords=name.keywords,
            score=boundary.score,
            evidence=boundary.evidence,
            subtitle=name.subtitle,
        )
        for boundary, name, begin, after, start_ms, end_ms in zip(
            boundaries, names, begins, [*begins[1:], end], starts_ms, ends_ms, strict=True
        )
    )


def _add_parts(
    text: Spoken, topics: Sequence[Topic], inside: Sequence[Sequence[Boundary]]
) -> Iterator[Topic]:
    """The topics with their subtopics, all of which are named together, so that titles differ."""
    end = topics[-1].first_word + topics[-1].n_words
    flat = [boundary for boundaries in inside for boundary in boundaries]
    parts = iter(_make_topics(text, flat, (0, topics[-1].end_ms), end))
    for topic, boundaries in zip(topics, inside, strict=True):
        own = [next(parts) for _ in boundaries]
        own[0] = replace(own[0], start_ms=topic.start_ms)
        own[-1] = replace(own[-1], end_ms=topic.end_ms)
        yield replace(topic, subtopics=tuple(own)) if len(own) > 1 else topic


def _start_ms(candidate: Candidate) -> int:
    """LEAD_MS before the first word, within the pause; never 0, where the first topic starts."""
    return max(candidate.pause_start_ms, candidate.at_ms - LEAD_MS) or candidate.at_ms
