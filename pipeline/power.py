"""The power of sound, frame by frame; shared by packages that don't import each other."""

import numpy as np
import numpy.typing as npt

from pipeline.memory import let_go

FULL_SCALE = 32768
_BLOCK_SAMPLES = 1 << 22


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
