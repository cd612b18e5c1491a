"""Everything in a sample that is not speech: laughter, room, noise floor, levels.

All sound is float mono, -1..1. Every random draw comes from a generator handed in, so a sample is
the same each time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

SPEECH_DB = -18.0
NOISE_DB = -62.0
LAUGH_DB = -24.0
LIMIT = 0.5
PEAK = 0.85


def laugh(rate_hz: int, pitch_hz: float, rng: np.random.Generator) -> Samples:
    """Make a short laugh: five breathy `ha`s, falling, the first at sample 0."""
    bursts = []
    for number in range(5):
        n_samples = round(rate_hz * (0.15 + 0.01 * number))
        time_s = np.arange(n_samples) / rate_hz
        falling_hz = pitch_hz * (1.25 - 0.08 * number) * (1 - 0.5 * time_s)
        phase = np.cumsum(falling_hz) / rate_hz
        pulses = 2 * (phase % 1.0) - 1
        voicing = np.clip((time_s - 0.05) / 0.02, 0, 1)
        source = 0.35 * rng.standard_normal(n_samples) * (1.3 - voicing) + pulses * voicing
        shape = np.minimum(1, time_s / 0.008) * np.minimum(1, (time_s[-1] - time_s) / 0.05)
        bursts += [
            _sound_open(source, rate_hz) * shape * 0.85**number,
            np.zeros(round(rate_hz * 0.05)),
        ]
    samples = np.concatenate(bursts[:-1])
    return (samples * _gain(samples, LAUGH_DB)).astype(np.float32)


def level_speech(samples: Samples, is_speech: NDArray[np.bool_]) -> Samples:
    """Bring the speech in a track to SPEECH_DB rms."""
    return (samples * _gain(samples[is_speech], SPEECH_DB)).astype(np.float32)


def round_peaks(samples: Samples) -> Samples:
    """Bend what lies above LIMIT towards PEAK, each sample by itself: no delay, nothing clips."""
    over = np.maximum(np.abs(samples) - LIMIT, 0)
    bent = np.sign(samples) * (LIMIT + (PEAK - LIMIT) * np.tanh(over / (PEAK - LIMIT)))
    return np.where(over > 0, bent, samples).astype(np.float32)


def add_room(samples: Samples, rate_hz: int, rng: np.random.Generator) -> Samples:
    """Add a small furnished room: a quiet tail of 150 ms; the direct sound stays where it is."""
    time_s = np.arange(round(rate_hz * 0.15)) / rate_hz
    tail = rng.standard_normal(len(time_s)) * np.exp(-time_s / 0.03) * (time_s > 0.004)
    tail *= 10 ** (-16 / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    n_fft = 1 << (len(samples) + len(tail)).bit_length()
    wet = np.fft.irfft(np.fft.rfft(samples, n_fft) * np.fft.rfft(tail, n_fft), n_fft)
    return wet[: len(samples)].astype(np.float32)


def add_noise_floor(samples: Samples, rng: np.random.Generator) -> Samples:
    """Add soft noise at NOISE_DB, darker than white, so that no stretch is digital silence."""
    white = rng.standard_normal(len(samples) + 3)
    dark = np.convolve(white, np.ones(4) / 2, mode="valid")
    return (samples + dark * 10 ** (NOISE_DB / 20)).astype(np.float32)


def fade_edges(samples: Samples, rate_hz: int, fade_ms: int = 10) -> Samples:
    """Fade both ends of a piece, so that cutting it out of a longer one makes no click."""
    n_fade = min(len(samples) // 2, round(rate_hz * fade_ms / 1000))
    ramp = np.linspace(0, 1, n_fade, dtype=np.float32)
    faded = samples.copy()
    faded[:n_fade] *= ramp
    faded[len(faded) - n_fade :] *= ramp[::-1]
    return faded


def _sound_open(source: NDArray[np.float64], rate_hz: int) -> NDArray[np.float64]:
    """Colour a source like an open `a`: resonances at 850, 1400 and 2700 Hz."""
    spectrum = np.fft.rfft(source)
    frequency_hz = np.fft.rfftfreq(len(source), 1 / rate_hz)
    envelope = sum(
        gain / (1 + ((frequency_hz - centre_hz) / width_hz) ** 2)
        for centre_hz, width_hz, gain in ((850, 120, 1.0), (1400, 150, 0.6), (2700, 250, 0.2))
    )
    return np.fft.irfft(spectrum * envelope * (frequency_hz > 80), len(source))


def _gain(samples: NDArray[np.floating], wanted_db: float) -> float:
    """Return the factor that brings `samples` to `wanted_db` rms."""
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    return float(10 ** (wanted_db / 20) / max(rms, 1e-9))
