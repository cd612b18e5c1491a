"""The passage that is most about a query of a few words.

A word of the query matches similar words too: other endings, small mistakes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from pipeline.clips.passages import Passage, find_passages, rate_edges, rate_length
from pipeline.clips.quotes import normalize
from pipeline.clips.sentences import Recording, Sentences
from pipeline.errors import MediaError

LIKE = 84.0
"""Similarity (rapidfuzz ratio, 0 to 100) from which a word matches one of the query's."""

SATURATION = 1.2
LENGTH_SHARE = 0.4
FULL_WORDS = 150
"""BM25's k1 (saturation of term frequency), b (length normalisation) and mean length in words."""

CLEAN_SHARE = 0.1
"""Factor added to a passage's score for each of a clean beginning and end."""

N_NEAREST = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A passage, the words of the query that are spoken in it, and those that are not.

    `focus` is the word where the rarest of them first occurs.
    """

    passage: Passage
    focus: int
    terms: tuple[str, ...]
    missing: tuple[str, ...]


def find_about(
    recording: Recording, sentences: Sentences, query: str, lengths_ms: tuple[int, int], what: str
) -> Found:
    """Find the passage that matches the query best; rare words weigh more.

    Raises:
        MediaError: none of its words is spoken, or no passage keeps the lengths.
    Source: weights after BM25, Robertson and Zaragoza 2009, The probabilistic relevance framework.
    Cost: passages × words of the query.
    """
    timed = recording.timed
    terms = tuple(dict.fromkeys(normalize(query).split()))
    spoken = [normalize(word.text) if word.start_ms is not None else "" for word in timed.words]
    hits = {term: _mark(spoken, term) for term in terms}
    spoken_terms = [term for term in terms if hits[term].any()]
    if not spoken_terms:
        problem = f'nobody says anything of "{query}"{_name_nearest(spoken, terms)}'
        raise MediaError(what, problem, "ask for words that are said")
    passages = list(find_passages(sentences, recording.topics, lengths_ms))
    if not passages:
        problem = f"no passage lasts {lengths_ms[0] / 1000:g} to {lengths_ms[1] / 1000:g} s"
        raise MediaError(what, problem, "ask for other lengths with min_s and max_s")
    scores = _rate(passages, [hits[term] for term in spoken_terms])
    starts, ends = rate_edges(sentences)
    for index, passage in enumerate(passages):
        clean = CLEAN_SHARE * (starts[passage.first] + ends[passage.last])
        scores[index] *= 1 - rate_length(passage) + clean
    best = passages[int(np.argmax(scores))]
    inside = tuple(term for term in spoken_terms if hits[term][best.words].any())
    rarest = max(inside, key=lambda term: _weigh(hits[term]))
    focus = best.first_word + int(np.argmax(hits[rarest][best.words]))
    return Found(best, focus, inside, tuple(term for term in terms if term not in inside))


def _rate(passages: Sequence[Passage], hits: Sequence[NDArray[np.bool_]]) -> NDArray[np.float64]:
    """BM25 score of each passage, (n_passages,)."""
    firsts = np.asarray([passage.first_word for passage in passages])
    ends = np.asarray([passage.last_word for passage in passages]) + 1
    room = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * (ends - firsts) / FULL_WORDS)
    scores = np.zeros(len(passages))
    for is_hit in hits:
        sums = np.concatenate([[0], np.cumsum(is_hit)])
        counts = sums[ends] - sums[firsts]
        scores += _weigh(is_hit) * counts * (1 + SATURATION) / (counts + room)
    return scores


def _mark(spoken: Sequence[str], term: str) -> NDArray[np.bool_]:
    """Whether each word matches the term, (n_words,)."""
    vocabulary = sorted(set(spoken) - {""})
    alike = {word for word in vocabulary if _is_like(word, term)}
    return np.asarray([word in alike for word in spoken], bool)


def _is_like(word: str, term: str) -> bool:
    """Whether two words are equal, differ in their ending, or if long in a letter or two."""
    short, long = sorted((word, term), key=len)
    if word == term or (len(short) >= 4 and long.startswith(short) and len(long) - len(short) <= 3):
        return True
    return len(short) >= 5 and fuzz.ratio(word, term) >= LIKE


def _weigh(hits: NDArray[np.bool_]) -> float:
    """Inverse document frequency of a term, with chunks of FULL_WORDS words as documents."""
    chunks = [hits[begin : begin + FULL_WORDS].any() for begin in range(0, len(hits), FULL_WORDS)]
    n_with = sum(map(bool, chunks))
    return log(1 + (len(chunks) - n_with + 0.5) / (n_with + 0.5))


def _name_nearest(spoken: Sequence[str], terms: Sequence[str]) -> str:
    """The spoken words most similar to the query, for an error message."""
    vocabulary = sorted({word for word in spoken if len(word) > 3})
    near = [process.extractOne(term, vocabulary, scorer=fuzz.ratio) for term in terms]
    ranked = sorted((n for n in near if n and n[1] >= 50), key=lambda n: -n[1])[:N_NEAREST]
    return f" (nearest: {', '.join(dict.fromkeys(n[0] for n in ranked))})" if ranked else ""
