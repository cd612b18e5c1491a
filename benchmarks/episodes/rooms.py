"""A room, a noise, music before the speech: what a clean recording is not.

All of it works on a stream of blocks of any length, so memory does not grow with the episode.
"""

import numpy as np
import sounds
from numpy.typing import NDArray

RT60_S = 0.35
DIRECT_TO_REVERBERANT_DB = 3.0
FIRST_REFLECTION_S = 0.003
PINK_TAPS = 4096
LOWEST_NOISE_HZ = 40
BLOCK_SAMPLES = 1 << 18
MUSIC_DB = -20.0
MUSIC_FADE_MS = 1500
BEATS_PER_S, BEATS_PER_CHORD = 1.8, 4
CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
"""Semitones above the key note."""
KEY_HZ = 110.0
PARTIAL_GAINS = (1.0, 0.5, 0.25, 0.12)


class StreamFilter:
    """A finite impulse response over a stream, without delay.  Cost: an FFT a block."""

    def __init__(self, kernel: NDArray[np.floating]) -> None:
        self._kernel = kernel
        self._carry = np.zeros(len(kernel) - 1)

    def apply(self, block: NDArray[np.floating]) -> sounds.Samples:
        """The next block, filtered; what rings on comes with the blocks after it."""
        parts = [
            self._apply_short(block[start : start + BLOCK_SAMPLES])
            for start in range(0, len(block), BLOCK_SAMPLES)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def _apply_short(self, block: NDArray[np.floating]) -> sounds.Samples:
        n_full = len(block) + len(self._carry)
        n_fft = 1 << (n_full - 1).bit_length()
        spectrum = np.fft.rfft(block, n_fft) * np.fft.rfft(self._kernel, n_fft)
        full = np.fft.irfft(spectrum, n_fft)[:n_full]
        full[: len(self._carry)] += self._carry
        self._carry = full[len(block) :]
        return full[: len(block)].astype(np.float32)


def make_room(rate_hz: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """An impulse response: the direct sound at sample 0, then noise that dies out in RT60_S."""
    time_s = np.arange(round(rate_hz * RT60_S * 1.2)) / rate_hz
    response = rng.standard_normal(len(time_s)) * 10 ** (-3 * time_s / RT60_S)
    response *= time_s >= FIRST_REFLECTION_S
    response *= 10 ** (-DIRECT_TO_REVERBERANT_DB / 20) / np.sqrt(np.sum(response**2))
    response[0] = 1.0
    return response


def make_pink(rate_hz: int) -> NDArray[np.float64]:
    """A filter that makes white noise fall by 3 dB an octave and keeps its level."""
    frequency_hz = np.fft.rfftfreq(PINK_TAPS, 1 / rate_hz)
    gain = np.where(
        frequency_hz < LOWEST_NOISE_HZ, 0, 1 / np.sqrt(np.maximum(frequency_hz, LOWEST_NOISE_HZ))
    )
    kernel = np.roll(np.fft.irfft(gain), PINK_TAPS // 2) * np.hanning(PINK_TAPS)
    return kernel / np.sqrt(np.sum(kernel**2))


def make_music(duration_s: float, rate_hz: int, rng: np.random.Generator) -> sounds.Samples:
    """Chords, a bass and a melody over them, faded in and out."""
    samples = np.zeros(round(duration_s * rate_hz), np.float32)
    for beat in range(int(duration_s * BEATS_PER_S)):
        at = round(beat / BEATS_PER_S * rate_hz)
        chord = CHORDS[beat // BEATS_PER_CHORD % len(CHORDS)]
        notes = [(int(rng.choice(chord)) + 24, 0.5, 1.0)]
        if beat % BEATS_PER_CHORD == 0:
            length_s = BEATS_PER_CHORD / BEATS_PER_S
            notes += [(step + 12, 0.3, length_s) for step in chord] + [(chord[0], 0.6, length_s)]
        for step, gain, length_s in notes:
            note = _play_note(KEY_HZ * 2 ** (step / 12), length_s, rate_hz)[: len(samples) - at]
            samples[at : at + len(note)] += np.float32(gain) * note
    level = np.sqrt(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 1.0
    levelled = samples * np.float32(10 ** (MUSIC_DB / 20) / max(level, 1e-9))
    return sounds.fade_edges(levelled, rate_hz, MUSIC_FADE_MS)


def _play_note(pitch_hz: float, length_s: float, rate_hz: int) -> sounds.Samples:
    """A plucked tone with a few partials."""
    time_s = np.arange(round(length_s * rate_hz)) / rate_hz
    tone = sum(
        gain * np.sin(2 * np.pi * pitch_hz * number * time_s)
        for number, gain in enumerate(PARTIAL_GAINS, 1)
    )
    shape = np.minimum(1, time_s / 0.01) * np.exp(-2.5 * time_s / length_s)
    return np.asarray(tone * shape, np.float32)
