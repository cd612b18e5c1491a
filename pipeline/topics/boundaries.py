"""Each boundary put on the best place near it, with its score and what speaks for it.

Which boundaries there are is `segment.py`'s to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipeline.records import Evidence
from pipeline.topics.places import Place

REACH_WORDS = 80
"""How far a boundary may move: within that, vocabulary says little and cues say much."""

CUE_WEIGHT = 2.0
"""How much more cues weigh here than in the split."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where a topic begins; `score` is all of its evidence, in nats."""

    place: Place
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()


class Settler:
    """Moves boundaries and weighs them, over one stretch of a text.

    Args:
        stems: one a word of the text, numbered from 0; None for one that tells no topic apart.
        places: every place of the stretch where a topic may begin; the first is its own beginning.
        end: the word after the stretch.
        min_words: what a topic may not be shorter than.
    """

    def __init__(
        self, stems: Sequence[int | None], places: Sequence[Place], end: int, min_words: int
    ) -> None:
        self._places = places
        self._begin, self._end = places[0].word, end
        self._min_words = min_words
        inside = stems[self._begin : end]
        self._known = np.asarray([stem for stem in inside if stem is not None], np.intp)
        self._n_known = len(np.unique(self._known))
        is_known = [0, *(stem is not None for stem in inside)]
        self._offsets = np.cumsum(is_known)  # of a word of the stretch, in its known stems

    def settle(self, chosen: Sequence[Place]) -> list[Boundary]:
        """The chosen places moved to better ones near them, the first left alone; then weighed."""
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
                CUE_WEIGHT * place.bonus + self._measure_saved(begin, place.word, end),
                -place.word,
            ),
        )

    def _weigh(self, begin: int, place: Place, end: int) -> Boundary:
        saved = round(self._measure_saved(begin, place.word, end), 2)
        said = Evidence("words", "other words than before", saved)
        evidence = sorted((said, *place.evidence), key=lambda item: (-item.nats, item.cue))
        return Boundary(place, round(saved + place.bonus, 2), tuple(evidence))

    def _measure_saved(self, begin: int, at: int, end: int) -> float:
        """What a boundary at a word saves: the cost of one segment less that of two."""
        whole, left, right = (
            self._measure(*span) for span in ((begin, end), (begin, at), (at, end))
        )
        return whole - left - right

    def _measure(self, begin: int, end: int) -> float:
        """A segment's cost, as in `segment.measure_segments`."""
        first, last = self._offsets[begin - self._begin], self._offsets[end - self._begin]
        inside = self._known[first:last]
        counts = np.bincount(inside) if len(inside) else np.zeros(1)
        cost = len(inside) * np.log(max(1, len(inside) + self._n_known))
        return float(cost - (counts * np.log(counts + 1)).sum())
