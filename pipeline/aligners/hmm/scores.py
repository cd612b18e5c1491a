"""Log-likelihood ratios of a window's frames in its network's states, against the phone loop."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from pipeline.aligners.hmm.builder import NO_SENONE
from pipeline.aligners.network import Floats, Indices


@dataclass(frozen=True, slots=True)
class StateScores:
    """Log-likelihood ratios of a window's frames in a network's states.

    Attributes:
        ratios: (n_frames, n_known + 1) of each senone scored, and of the garbage model.
        rows: (n_states,) the column of `ratios` of each state.
    """

    ratios: Floats
    rows: Indices

    @classmethod
    def of(cls, ratios: Floats, known: Indices, senones: Indices, garbage: float) -> Self:
        """The scores of states by their senones.

        Args:
            ratios: (n_known, n_frames) of the senones in `known`, which increase.
        """
        of_garbage = np.full_like(ratios[:1], garbage)
        rows = np.where(senones == NO_SENONE, len(known), np.searchsorted(known, senones))
        return cls(np.ascontiguousarray(np.concatenate([ratios, of_garbage]).T), rows)

    def of_states(self) -> Floats:
        """(n_frames, n_states) ratios of all states."""
        return self.ratios.take(self.rows, axis=1)

    def along(self, states: Indices) -> Floats:
        """(n_frames,) ratios along a path of one state a frame."""
        return self.ratios[np.arange(len(states)), self.rows[states]]
