"""Energy of a recording over time: for onsets, and per channel for speaker attribution.

Not perceived loudness (see `mastering.py`).
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
"""Ingest's file of channel levels: int16 amplitudes, channels interleaved, no header."""


def measure_levels(samples: Samples, sample_rate_hz: int) -> npt.NDArray[np.float32]:
    """Mean power in dBFS over 7.5 ms around each 2.5 ms frame: (n_frames,) float32.

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
