"""Levels of a recording over time, by which starts after pauses and cuts of the speech are set."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of a recording: (n_frames,) dB, `per_s` a second."""

    db: npt.NDArray[np.float32]
    per_s: int

    def frame(self, time_ms: float) -> int:
        """The frame at a time, inside the recording."""
        return min(max(0, round(time_ms * self.per_s / 1000)), len(self.db))
