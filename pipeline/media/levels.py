"""How loud a recording is from moment to moment: where sound sets in, which channel it is on.

Not the loudness people perceive (see `sound.py`).
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.media.wav import Samples

LEVELS_PER_S = 400
"""A level every 2.5 ms."""

CHANNEL_LEVELS_NAME = "channels.s16"
CHANNEL_LEVELS_PER_S = 100
"""Ingest's file of how loud each channel is: amplitudes, channel beside channel, no header."""

_BLOCK_FRAMES = 60 * LEVELS_PER_S


def measure_levels(samples: Samples, sample_rate_hz: int) -> npt.NDArray[np.float32]:
    """Mean power in dB of full scale, each over 7.5 ms around its 2.5 ms: (n_frames,) float32.

    Cost: linear; the samples are read a minute at a time.
    """
    hop = sample_rate_hz // LEVELS_PER_S
    n_frames = len(samples) // hop
    power = np.empty(n_frames, np.float32)
    for first in range(0, n_frames, _BLOCK_FRAMES):
        last = min(first + _BLOCK_FRAMES, n_frames)
        block = samples[first * hop : last * hop].astype(np.float32).reshape(-1, hop) / 32768
        power[first:last] = np.mean(block * block, axis=1)
    padded = np.pad(power, 1, mode="edge") if n_frames else power
    smooth = (padded[:-2] + padded[1:-1] + padded[2:]) / 3 if n_frames else power
    return (10 * np.log10(smooth + 1e-10)).astype(np.float32)


def read_channel_levels(path: Path, n_channels: int) -> npt.NDArray[np.int16]:
    """The mean amplitude of each channel over 10 ms: (n_frames, n_channels)."""
    amplitudes = np.fromfile(path, "<i2")
    return amplitudes[: len(amplitudes) // n_channels * n_channels].reshape(-1, n_channels)
