"""Each boundary moved to the best place near it, with its score and evidence.

Boundaries are found in `segment.py`, to within a unit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipeline.records import Evidence
from pipeline.topics.boundary_candidates import Place
from pipeline.topics.segment import NATS_A_WORD, Floats

REACH_WORDS = 80
"""How far a boundary may move: so near, evidence decides better than vocabulary."""

CUE_WEIGHT = 2.0
"""Factor of evidence here; in the split it is 1."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where a topic begins; `score` is the sum of its evidence, in nats."""

    place: Place
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()


class Settler:
    """Moves and scores the boundaries of one stretch of a text.

    Args:
        stems: one for each word of the text, numbered from 0; None if it tells no topic apart.
        places: all candidates of the stretch; the first is its beginning.
        end: the word after the stretch.
        min_words: the shortest topic.
        meanings: embeddings from each place to the next, with the number of words as length.
    """

    def __init__(
        self,
        stems: Sequence[int | None],
        places: Sequence[Place],
        end: int,
        min_words: int,
        meanings: Floats | None = None,
    ) -> None:
        self._places = places
        self._begin, self._end = places[0].word, end
        self._min_words = min_words
        inside = stems[self._begin : end]
        self._known = np.asarray([stem for stem in inside if stem is not None], np.intp)
        self._n_known = len(np.unique(self._known))
        is_known = [0, *(stem is not None for stem in inside)]
        self._offsets = np.cumsum(is_known)  # from a word of the stretch to its index in _known
        self._index = {place.word: n for n, place in enumerate(places)} | {end: len(places)}
        self._meanings: Floats | None = None
        if meanings is not None:
            zero = np.zeros((1, meanings.shape[1]), np.float32)
            self._meanings = np.concatenate([zero, np.cumsum(meanings, axis=0)])

    def settle(self, chosen: Sequence[Place]) -> list[Boundary]:
        """Move the chosen places, but the first, to better ones near them; then score them."""
        words = [*(place.word for place in chosen), self._end]
        settled = list(chosen)
        for index in range(1, len(chosen)):
            begin = settled[index - 1].word
            settled[index] = self._move(begin, chosen[index], words[index + 1])
        ends = [*(place.word for place in settled[2:]), self._end]
        weighed = [
            self._weigh(left.word, right, end)
            for (left, right), end in zip(pairwise(settled), ends, strict=False)
        ]
        return [Boundary(settled[0]), *weighed]

    def _move(self, begin: int, at: Place, end: int) -> Place:
        near = [
            place
            for place in self._places
            if abs(place.word - at.word) <= REACH_WORDS
            and place.word - begin >= self._min_words
            and end - place.word >= self._min_words
        ]
        return max(
            near or [at],
            key=lambda place: (
                CUE_WEIGHT * place.bonus
                + self._measure_saved(self._measure, begin, place.word, end)
                + self._measure_saved(self._measure_spread, begin, place.word, end),
                -place.word,
            ),
        )

    def _weigh(self, begin: int, place: Place, end: int) -> Boundary:
        saved = round(self._measure_saved(self._measure, begin, place.word, end), 2)
        found = [Evidence("words", "other words than before", saved), *place.evidence]
        if self._meanings is not None:
            nats = round(self._measure_saved(self._measure_spread, begin, place.word, end), 2)
            found.append(Evidence("meaning", "sentences that mean other things", nats))
        evidence = sorted(found, key=lambda item: (-item.nats, item.cue))
        score = round(sum(item.nats for item in evidence), 2)
        return Boundary(place, score, tuple(evidence))

    def _measure_saved(
        self, measure: Callable[[int, int], float], begin: int, at: int, end: int
    ) -> float:
        """What a boundary at a word saves: the cost of one segment less that of the two."""
        return measure(begin, end) - measure(begin, at) - measure(at, end)

    def _measure_spread(self, begin: int, end: int) -> float:
        """A segment's cost, as in `segment.measure_spread`."""
        if self._meanings is None:
            return 0.0
        meaning = self._meanings[self._index[end]] - self._meanings[self._index[begin]]
        n_words = max(1, end - begin)
        return float(NATS_A_WORD * (n_words - (meaning @ meaning) / n_words))

    def _measure(self, begin: int, end: int) -> float:
        """A segment's cost, as in `segment.measure_segments`."""
        first, last = self._offsets[begin - self._begin], self._offsets[end - self._begin]
        inside = self._known[first:last]
        counts = np.bincount(inside) if len(inside) else np.zeros(1)
        cost = len(inside) * np.log(max(1, len(inside) + self._n_known))
        return float(cost - (counts * np.log(counts + 1)).sum())
