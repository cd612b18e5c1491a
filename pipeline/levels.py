"""The power of sound, frame by frame, and its levels in dB: for onsets, emphasis, speakers.

Not perceived loudness, which `pipeline/media/mastering.py` measures.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.memory import let_go

FULL_SCALE = 32768
LEVELS_PER_S = 400
"""A level every 2.5 ms."""
_BLOCK_SAMPLES = 1 << 22


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of a recording in dB, (n_frames,) or (n_frames, n_channels), `per_s` a second."""

    db: npt.NDArray[np.float32]
    per_s: int

    def frame(self, time_ms: float) -> int:
        """The frame at a time, inside the recording."""
        return min(max(0, round(time_ms * self.per_s / 1000)), len(self.db))


def measure_levels(samples: npt.NDArray[np.int16], sample_rate_hz: int) -> Levels:
    """Mean power in dBFS over 7.5 ms around each 2.5 ms frame.

    Cost: linear.
    """
    power = measure_power(samples, sample_rate_hz // LEVELS_PER_S)
    padded = np.pad(power, 1, mode="edge") if len(power) else power
    smooth = (padded[:-2] + padded[1:-1] + padded[2:]) / 3 if len(power) else power
    return Levels((10 * np.log10(smooth + 1e-10)).astype(np.float32), LEVELS_PER_S)


def measure_power(samples: npt.NDArray[np.int16], n_hop: int) -> npt.NDArray[np.float32]:
    """Mean power of each whole frame of `n_hop` samples, 1 at full scale: (n_frames,) float32.

    Cost: linear; block by block, as a long recording in floats would fill memory.
    """
    n_frames = len(samples) // n_hop
    n_block = max(1, _BLOCK_SAMPLES // n_hop)
    power = np.empty(n_frames, np.float32)
    for first in range(0, n_frames, n_block):
        last = min(first + n_block, n_frames)
        block = samples[first * n_hop : last * n_hop].astype(np.float32) / FULL_SCALE
        let_go(samples)
        power[first:last] = np.mean(np.square(block.reshape(-1, n_hop)), axis=1)
    return power
