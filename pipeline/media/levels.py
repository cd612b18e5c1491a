"""How loud a recording is from moment to moment: where sound sets in, which channel it is on.

Not the loudness people perceive (see `sound.py`).
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.media.wav import Samples
from pipeline.power import measure_power

LEVELS_PER_S = 400
"""A level every 2.5 ms."""

CHANNEL_LEVELS_NAME = "channels.s16"
CHANNEL_LEVELS_PER_S = 100
"""Ingest's file of how loud each channel is: amplitudes, channel beside channel, no header."""


def measure_levels(samples: Samples, sample_rate_hz: int) -> npt.NDArray[np.float32]:
    """Mean power in dB of full scale, each over 7.5 ms around its 2.5 ms: (n_frames,) float32.

    Cost: linear.
    """
    power = measure_power(samples, sample_rate_hz // LEVELS_PER_S)
    padded = np.pad(power, 1, mode="edge") if len(power) else power
    smooth = (padded[:-2] + padded[1:-1] + padded[2:]) / 3 if len(power) else power
    return (10 * np.log10(smooth + 1e-10)).astype(np.float32)


def read_channel_levels(path: Path, n_channels: int) -> npt.NDArray[np.int16]:
    """The mean amplitude of each channel over 10 ms: (n_frames, n_channels)."""
    amplitudes = np.fromfile(path, "<i2")
    return amplitudes[: len(amplitudes) // n_channels * n_channels].reshape(-1, n_channels)
