"""The alignment of a window by phone, which recording adaptation starts from.

The search itself is `search.py`'s matter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.aligners.network import Indices

SILENT = -1
"""The arc of silence."""
GARBAGE_PHONE = -1
"""The garbage model's phone."""


@dataclass(frozen=True, slots=True)
class PhoneAlignment:
    """Consecutive phones without gaps, in frames of 10 ms.

    Attributes:
        first_frame: where the first phone begins, since the first sample of the segment.
        arcs: (n_phones,) the word arc each belongs to, SILENT for none.
        phones: (n_phones,) the model's phone, GARBAGE_PHONE for the garbage model.
        n_frames: (n_phones, 3) how many frames each of its states lasts.
        scores: (n_phones,) log-likelihood ratio, mean a frame.
        begins: (n_phones,) whether a word or a silence begins; None if no word follows itself.
    """

    first_frame: int
    arcs: Indices
    phones: Indices
    n_frames: Indices
    scores: npt.NDArray[np.float64]
    begins: npt.NDArray[np.bool_] | None = None

    def score(self, first: int, after: int) -> float:
        """The mean log-likelihood ratio a frame of phones `first` to `after`, exclusive."""
        n_frames = self.n_frames[first:after].sum(axis=1)
        return float(np.average(self.scores[first:after], weights=n_frames))

    def words(self) -> Iterator[tuple[int, int, int]]:
        """Each word's arc, its first phone, and the one after its last."""
        changes = np.flatnonzero(np.diff(self.arcs) if self.begins is None else self.begins[1:]) + 1
        for first, after in pairwise([0, *changes.tolist(), len(self.arcs)]):
            if first < after and self.arcs[first] != SILENT:
                yield int(self.arcs[first]), first, after
