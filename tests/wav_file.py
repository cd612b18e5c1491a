"""Writes sound files for tests."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt


def write_samples(path: Path, samples: npt.NDArray[np.int16], sample_rate_hz: int) -> None:
    """Write (n_samples,) int16 as a mono WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate_hz)
        file.writeframes(samples.astype("<i2").tobytes())
