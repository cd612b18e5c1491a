"""How well a window's frames fit the states of its network, against any speech at all."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from pipeline.aligners.hmm.model import Floats, Indices
from pipeline.aligners.hmm.network import NO_SENONE


@dataclass(frozen=True, slots=True)
class StateScores:
    """Log-likelihood ratios of a window's frames in a network's states.

    Attributes:
        ratios: (n_frames, n_known + 1) of the senones there are, and of anything.
        rows: (n_states,) which of them is each state's.
    """

    ratios: Floats
    rows: Indices

    @classmethod
    def of(cls, ratios: Floats, known: Indices, senones: Indices, anything: float) -> Self:
        """The scores of states by their senones.

        Args:
            ratios: (n_known, n_frames) of the senones that are known, increasing.
        """
        of_anything = np.full_like(ratios[:1], anything)
        rows = np.where(senones == NO_SENONE, len(known), np.searchsorted(known, senones))
        return cls(np.ascontiguousarray(np.concatenate([ratios, of_anything]).T), rows)

    def of_states(self) -> Floats:
        """(n_frames, n_states)."""
        return self.ratios.take(self.rows, axis=1)

    def along(self, states: Indices) -> Floats:
        """(n_frames,) each frame's in the state it is in."""
        return self.ratios[np.arange(len(states)), self.rows[states]]
