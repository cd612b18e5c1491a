"""The acoustic model's features: MFCC and deltas at 100 frames a second.

Every constant is that of the model's training (`feat.params` in its folder).
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from pipeline.aligners.network import Floats
from pipeline.contracts import SAMPLE_RATE_HZ, Samples

FRAME_MS = 10
N_CEPSTRA = 13
_HOP = SAMPLE_RATE_HZ * FRAME_MS // 1000
_FRAME = 410
_N_FFT = 512
_N_FILTERS = 25
_LOWEST_HZ, _HIGHEST_HZ = 130.0, 6_800.0
_PREEMPHASIS = 0.97
_LIFTER = 22
_BLOCK = 2_000
"""Frames computed at a time, to bound memory."""
_FLOOR = 1e-4

_STRETCH, _LEAD = 1_000, 200
"""Frames of a block that is computed beside others, and those before it that estimate noise."""
_POWER_MEMORY = 0.7
_RISE, _FALL = 0.995, 0.5
_PEAK_MEMORY, _MASKED = 0.85, 0.2
_MOST_GAIN = 20.0
_SMOOTHED = 4
"""Filters on each side over which a gain is averaged."""

_Powers = npt.NDArray[np.float64]


def make_cepstra(sound: Samples) -> Floats:
    """(n_frames, 13) MFCC of int16 sound at 16 kHz after noise removal, mean not subtracted."""
    return _transform(_remove_noise(_filter_powers(sound)))


def add_slopes(cepstra: Floats) -> Floats:
    """(3, n_frames, 13): MFCC, deltas and delta-deltas.

    Source: CMU Sphinx, feature type `1s_c_d_dd`.
    """
    n_frames = len(cepstra)
    padded = np.pad(cepstra, ((3, 3), (0, 0)), mode="edge")

    def at(shift: int) -> Floats:
        return padded[3 + shift : 3 + shift + n_frames]

    slope = at(2) - at(-2)
    curve = (at(3) - at(-1)) - (at(1) - at(-3))
    return np.stack([cepstra, slope, curve]).astype(np.float32)


def _filter_powers(sound: Samples) -> _Powers:
    """(n_frames, 25) power in each mel filter."""
    if len(sound) < _FRAME:
        return np.zeros((0, _N_FILTERS))
    wave = sound.astype(np.float64)
    wave[1:] -= _PREEMPHASIS * wave[:-1]
    frames = np.lib.stride_tricks.sliding_window_view(wave, _FRAME)[::_HOP]
    window = np.hamming(_FRAME)
    return np.concatenate(
        [
            np.abs(np.fft.rfft(frames[first : first + _BLOCK] * window, _N_FFT)) ** 2 @ _filters()
            for first in range(0, len(frames), _BLOCK)
        ]
    )


@cache
def _filters() -> _Powers:
    """(257, 25) triangular mel filters of equal area, with corners on bins of the spectrum."""
    bin_hz = SAMPLE_RATE_HZ / _N_FFT
    lowest, highest = (2595 * np.log10(1 + hz / 700) for hz in (_LOWEST_HZ, _HIGHEST_HZ))
    mels = np.linspace(lowest, highest, _N_FILTERS + 2)
    corners = np.round(700 * (10 ** (mels / 2595) - 1) / bin_hz) * bin_hz
    hz = np.arange(_N_FFT // 2 + 1)[:, None] * bin_hz
    left, top, right = corners[:-2], corners[1:-1], corners[2:]
    rising, falling = (hz - left) / (top - left), (right - hz) / (right - top)
    triangles: _Powers = np.maximum(0, np.minimum(rising, falling)) * 2 / (right - left)
    return triangles


def _remove_noise(powers: _Powers) -> _Powers:
    """Filter powers after removal of the background noise.

    Source: CMU Sphinx's front end (`remove_noise`): a noise floor tracked from below in each
        filter, and temporal masking by louder frames just before. The recursion goes frame by
        frame, so blocks are computed in parallel, each started _LEAD frames early.
    """
    sounds = _cut_stretches(np.maximum(powers, 1.0))
    smooth = _neighbours()
    clean = np.empty_like(sounds)
    power = noise = sounds[0]
    floor, peak = power / _MOST_GAIN, np.zeros_like(power)
    for index, now in enumerate(sounds):
        power = _POWER_MEMORY * power + (1 - _POWER_MEMORY) * now
        noise = _follow_below(power, noise)
        signal = np.maximum(power - noise, 1.0)
        floor = _follow_below(signal, floor)
        peak = peak * _PEAK_MEMORY
        unmasked = np.where(signal < _PEAK_MEMORY * peak, peak * _MASKED, signal)
        peak = np.maximum(peak, signal)
        gain = np.clip(np.maximum(unmasked, floor) / power, 1 / _MOST_GAIN, _MOST_GAIN)
        clean[index] = now * (gain @ smooth)
    whole: _Powers = clean[_LEAD:].swapaxes(0, 1).reshape(-1, _N_FILTERS)
    return whole[: len(powers)]


def _cut_stretches(powers: _Powers) -> _Powers:
    """(_LEAD + _STRETCH, n_stretches, 25): consecutive blocks, each with the frames before it.

    Before the first come its own frames in reverse; the last is padded with power 1.
    """
    n_stretches = max(1, -(-len(powers) // _STRETCH))
    first = np.arange(n_stretches) * _STRETCH
    index = np.arange(-_LEAD, _STRETCH)[:, None] + first
    padded = np.concatenate([powers, np.ones((1, _N_FILTERS))])
    stretches: _Powers = padded[np.clip(np.abs(index), 0, len(powers))]
    return stretches


def _follow_below(power: _Powers, floor: _Powers) -> _Powers:
    """A floor that rises slowly and falls fast."""
    memory = np.where(power >= floor, _RISE, _FALL)
    lower: _Powers = memory * floor + (1 - memory) * power
    return lower


@cache
def _neighbours() -> _Powers:
    """(25, 25): column f averages the filters around f."""
    index = np.arange(_N_FILTERS)
    is_near = np.abs(index[:, None] - index) <= _SMOOTHED
    weights: _Powers = is_near / is_near.sum(axis=0)
    return weights


def _transform(powers: _Powers) -> Floats:
    """MFCC of filter powers: logarithm, cosine transform, liftering."""
    index = np.arange(N_CEPSTRA)
    waves = np.cos(np.pi / _N_FILTERS * np.outer(np.arange(_N_FILTERS) + 0.5, index))
    waves *= np.where(index == 0, np.sqrt(1 / _N_FILTERS), np.sqrt(2 / _N_FILTERS))
    lift = 1 + _LIFTER / 2 * np.sin(index * np.pi / _LIFTER)
    return (np.log(np.maximum(powers, _FLOOR)) @ waves * lift).astype(np.float32)
