"""Dereverberation by WPE: late echoes blur where words begin and end.

What remains of them in a frame's power, `aligners/recording/features.py` subtracts.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from pipeline.contracts import SAMPLE_RATE_HZ, Samples

_FRAME, _HOP = 512, 256
"""Samples of a frame (32 ms) and of the hop between frames."""
_N_TAPS, _DELAY = 10, 2
"""Frames that predict the echo in a frame, and the prediction delay in frames: nearer frames hold
the direct sound."""
_N_ROUNDS = 2
_BINS_AT_ONCE = 32
"""Frequencies computed together, to bound memory."""
_LEAST_SHARE = 1e-3
"""Floor of a frame's power in the weights, as a share of the frequency's mean power."""
_RIDGE = 1e-6
LEAST_S = 20
"""Shorter sound is never taken for reverberant: chance predicts as much as a small room."""
ECHOING_DB = 0.1
"""A recording is reverberant if WPE removes at least this much power: of dry speech, noisy or not,
0.03 dB at most; of speech with the direct sound 3 dB above its echoes 0.3 dB."""
_SPEECH_BINS = slice(8, 120)
"""250 to 3,750 Hz."""

_Spectrum = npt.NDArray[np.complex64]


def dereverberate(sound: Samples) -> Samples:
    """The sound less what is linearly predicted from 32 to 176 ms before.

    Args:
        sound: (n_samples,) int16 at 16 kHz, a minute or two in an unchanging room.
    Returns:
        As many samples.
    Source: Nakatani et al. 2010, "Speech dereverberation based on variance-normalized delayed
        linear prediction" (WPE), for one microphone.
    Cost: linear; about 200 times real time on one core.
    """
    if len(sound) < _FRAME * (_N_TAPS + _DELAY):
        return sound
    dry = _join(_filter_late_echoes(_analyse(sound)), len(sound))
    return np.clip(np.round(dry), -32768, 32767).astype(np.int16)


def is_echoing(sound: Samples) -> bool:
    """Whether a minute of sound is reverberant; False if it is shorter than LEAST_S."""
    if len(sound) < LEAST_S * SAMPLE_RATE_HZ:
        return False
    spectrum = _analyse(sound)[:, _SPEECH_BINS]
    before, after = (_power(each).sum(axis=0) for each in (spectrum, _filter_late_echoes(spectrum)))
    gains_db = 10 * np.log10((before + 1) / (after + 1))
    return bool(np.median(gains_db) >= ECHOING_DB)


def _filter_late_echoes(spectrum: _Spectrum) -> _Spectrum:
    """(n_frames, n_bins): each frequency less its prediction."""
    return np.concatenate(list(_filter_bins(spectrum)), axis=1)


def _filter_bins(spectrum: _Spectrum) -> Iterator[_Spectrum]:
    for first in range(0, spectrum.shape[1], _BINS_AT_ONCE):
        recognized = np.ascontiguousarray(spectrum[:, first : first + _BINS_AT_ONCE].T)
        before = np.zeros((*recognized.shape, _N_TAPS), np.complex64)
        for tap in range(_N_TAPS):
            lag = _DELAY + tap
            before[:, lag:, tap] = recognized[:, :-lag]
        dry = recognized
        for _ in range(_N_ROUNDS):
            dry = recognized - (before @ _fit(recognized, before, _smooth(_power(dry))))[:, :, 0]
        yield dry.T


def _fit(recognized: _Spectrum, before: _Spectrum, power: npt.NDArray[np.float32]) -> _Spectrum:
    """(n_bins, n_taps, 1): prediction filters, by least squares weighted by inverse power."""
    least = _LEAST_SHARE * power.mean(axis=1, keepdims=True) + 1
    weighted = (before / np.maximum(power, least)[:, :, None]).conj().swapaxes(1, 2)
    square = weighted @ before
    ridge = _RIDGE * np.trace(square, axis1=1, axis2=2).real / _N_TAPS + _RIDGE
    square += ridge[:, None, None] * np.eye(_N_TAPS, dtype=np.complex64)
    fitted: _Spectrum = np.linalg.solve(square, weighted @ recognized[:, :, None])
    return fitted


def _power(spectrum: _Spectrum) -> npt.NDArray[np.float32]:
    return spectrum.real**2 + spectrum.imag**2


def _smooth(power: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The mean of each frame and its neighbours."""
    padded = np.pad(power, ((0, 0), (1, 1)), mode="edge")
    return (padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]) / np.float32(3)


def _window() -> npt.NDArray[np.float32]:
    """A window whose squares add up to 1 where frames overlap."""
    return np.sin(np.pi * (np.arange(_FRAME) + 0.5) / _FRAME).astype(np.float32)


def _analyse(sound: Samples) -> _Spectrum:
    """(n_frames, n_bins); the first frame begins half a frame before the sound."""
    n_frames = -(-len(sound) // _HOP) + 1
    padded = np.zeros((n_frames + 1) * _HOP, np.float32)
    padded[_HOP : _HOP + len(sound)] = sound
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP]
    return np.fft.rfft(frames * _window(), axis=1).astype(np.complex64)


def _join(spectrum: _Spectrum, n_samples: int) -> npt.NDArray[np.float32]:
    """(n_samples,) by overlap-add of the frames."""
    frames = np.fft.irfft(spectrum, _FRAME, axis=1).astype(np.float32) * _window()
    joined = np.zeros((len(frames) + 1, _HOP), np.float32)
    joined[:-1] += frames[:, :_HOP]
    joined[1:] += frames[:, _HOP:]
    return joined.reshape(-1)[_HOP : _HOP + n_samples]
