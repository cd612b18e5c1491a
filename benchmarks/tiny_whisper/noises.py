"""Sound that is no speech: noise of several colours, hum, chords and clicks, as log-mel frames.

They are what `<|nospeech|>` is learned from, and what lies under speech.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.tiny_whisper.speech import RATE_HZ, measure_mel

Signal = NDArray[np.float64]
N_CLIPS = 120
CLIP_S = 6


def make_noises(seed: int) -> NDArray[np.float16]:
    """(n_frames, 80) log10 power, clip after clip, each with a mean power of about one."""
    chance = np.random.default_rng(seed)
    kinds: list[Callable[[np.random.Generator, Signal], Signal]]
    kinds = [_coloured, _coloured, _hum, _chords, _chords, _clicks]
    time_s = np.arange(CLIP_S * RATE_HZ) / RATE_HZ
    frames = []
    for index in range(N_CLIPS):
        signal = kinds[index % len(kinds)](chance, time_s)
        signal /= np.sqrt(np.mean(np.square(signal))) + 1e-9
        frames.append(measure_mel(signal.astype(np.float32) * 0.1))
    return np.concatenate(frames).astype(np.float16)


def _coloured(chance: np.random.Generator, time_s: Signal) -> Signal:
    """White to brown, at times swelling."""
    spectrum = np.fft.rfft(chance.standard_normal(len(time_s)))
    spectrum /= np.maximum(1, np.arange(len(spectrum))) ** chance.uniform(0, 1)
    swell = 1 + chance.uniform(0, 0.9) * np.sin(2 * np.pi * chance.uniform(0.1, 3) * time_s)
    return np.asarray(np.fft.irfft(spectrum, len(time_s)) * swell)


def _hum(chance: np.random.Generator, time_s: Signal) -> Signal:
    base_hz = chance.uniform(45, 200)
    hum = sum(np.sin(2 * np.pi * base_hz * k * time_s) / k for k in range(1, 8))
    return np.asarray(hum + 0.1 * chance.standard_normal(len(time_s)))


def _chords(chance: np.random.Generator, time_s: Signal) -> Signal:
    """Two or three notes with overtones, another chord every half second or so."""
    signal = np.zeros_like(time_s)
    start = 0
    while start < len(time_s):
        end = start + int(chance.uniform(0.2, 1.2) * RATE_HZ)
        span_s = time_s[start:end] - time_s[start]
        fade = np.exp(-span_s * chance.uniform(0.2, 5)) * np.minimum(1, span_s / 0.01)
        base_hz = 110 * 2 ** (chance.integers(0, 30) / 12)
        for interval in chance.choice([0, 3, 4, 7, 9, 12, 16], size=3, replace=False):
            note_hz = base_hz * 2 ** (interval / 12)
            for overtone in range(1, 6):
                loudness = fade / overtone ** chance.uniform(0.8, 2)
                signal[start:end] += loudness * np.sin(2 * np.pi * note_hz * overtone * span_s)
        start = end
    return signal


def _clicks(chance: np.random.Generator, time_s: Signal) -> Signal:
    """Knocks: short bursts of noise with a decay, over a faint floor."""
    signal = 0.01 * chance.standard_normal(len(time_s))
    for _ in range(chance.integers(3, 25)):
        start = chance.integers(0, len(time_s) - RATE_HZ)
        n_samples = int(chance.uniform(0.01, 0.3) * RATE_HZ)
        decay = np.exp(-np.linspace(0, 6, n_samples))
        signal[start : start + n_samples] += decay * chance.standard_normal(n_samples)
    return signal
