"""Each boundary moved to the best place near it, with its score and evidence.

Boundaries are found in `segment.py`, to within a unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipeline.records import Evidence
from pipeline.topics.boundary_candidates import Candidate
from pipeline.topics.segment import NATS_A_WORD, Floats

REACH_WORDS = 80
"""How far a boundary may move: so near, evidence decides better than vocabulary."""

CUE_WEIGHT = 2.0
"""Factor of evidence here; in the split it is 1."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where a topic begins; `score` is the sum of its evidence, in nats."""

    candidate: Candidate
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()


class BoundaryRefiner:
    """Moves and scores the boundaries of one stretch of a text.

    Args:
        stems: one for each word of the text, numbered from 0; None if it tells no topic apart.
        candidates: all candidates of the stretch; the first is its beginning.
        end: the word after the stretch.
        min_words: the shortest topic.
        meanings: embeddings from each place to the next, with the number of words as length.
    """

    def __init__(
        self,
        stems: Sequence[int | None],
        candidates: Sequence[Candidate],
        end: int,
        min_words: int,
        meanings: Floats | None = None,
    ) -> None:
        self._candidates = candidates
        self._begin, self._end = candidates[0].word, end
        self._min_words = min_words
        inside = stems[self._begin : end]
        self._known = np.asarray([stem for stem in inside if stem is not None], np.intp)
        self._n_known = len(np.unique(self._known))
        is_known = [0, *(stem is not None for stem in inside)]
        self._offsets = np.cumsum(is_known)  # from a word of the stretch to its index in _known
        self._index = {each.word: n for n, each in enumerate(candidates)} | {end: len(candidates)}
        self._meanings: Floats | None = None
        if meanings is not None:
            zero = np.zeros((1, meanings.shape[1]), np.float32)
            self._meanings = np.concatenate([zero, np.cumsum(meanings, axis=0)])

    def refine(self, chosen: Sequence[Candidate]) -> list[Boundary]:
        """Move the chosen candidates, but the first, to better ones near them; then score them."""
        words = [*(candidate.word for candidate in chosen), self._end]
        refined = list(chosen)
        for index in range(1, len(chosen)):
            begin = refined[index - 1].word
            refined[index] = self._move(begin, chosen[index], words[index + 1])
        ends = [*(candidate.word for candidate in refined[2:]), self._end]
        scored = [
            self._score(left.word, right, end)
            for (left, right), end in zip(pairwise(refined), ends, strict=False)
        ]
        return [Boundary(refined[0]), *scored]

    def _move(self, begin: int, at: Candidate, end: int) -> Candidate:
        near = [
            each
            for each in self._candidates
            if abs(each.word - at.word) <= REACH_WORDS
            and each.word - begin >= self._min_words
            and end - each.word >= self._min_words
        ]

        def weigh(each: Candidate) -> tuple[float, int]:
            words, meaning = self._measure_saved(begin, each.word, end)
            return CUE_WEIGHT * each.bonus + words + meaning, -each.word

        return max(near or [at], key=weigh)

    def _score(self, begin: int, candidate: Candidate, end: int) -> Boundary:
        words, meaning = self._measure_saved(begin, candidate.word, end)
        found = [Evidence("words", "other words than before", round(words, 2)), *candidate.evidence]
        if self._meanings is not None:
            found.append(Evidence("meaning", "sentences that mean other things", round(meaning, 2)))
        evidence = sorted(found, key=lambda item: (-item.nats, item.cue))
        score = round(sum(item.nats for item in evidence), 2)
        return Boundary(candidate, score, tuple(evidence))

    def _measure_saved(self, begin: int, at: int, end: int) -> tuple[float, float]:
        """What a boundary at a word saves, by words and by meanings: the cost of one segment less
        that of the two."""
        words, meaning = (
            measure(begin, end) - measure(begin, at) - measure(at, end)
            for measure in (self._measure, self._measure_spread)
        )
        return words, meaning

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
