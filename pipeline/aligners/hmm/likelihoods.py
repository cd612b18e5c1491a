"""How well each frame fits each senone: log-likelihoods under mixtures of Gaussians."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from pipeline.aligners.hmm.model import AcousticModel, Floats, Indices

_BLOCK = 1024
"""Frames worked on at a time: what belongs to them and a phone stays in the processor's cache."""
_TINY = np.float32(1e-30)
_UNIT = np.float32(2**23 / math.log(2))
"""A nat, in steps of a float's bits where they are read as an integer."""
_ONE = np.float32(127 * 2**23 - 366_393)
"""The bits of 1.0, less what makes the exponential's mean error the least."""
_REACH = np.float32(87) * _UNIT
"""What is so much less likely than a phone's best Gaussian is as likely as this."""


@dataclass(frozen=True, slots=True)
class SenoneScorer:
    """The model's Gaussians in a form that turns scoring into products of matrices.

    Attributes:
        coefficients: (n_streams, n_phones, n_densities, 27); these times a frame's squares, values
            and a one are its log-densities.
    """

    model: AcousticModel
    coefficients: Floats

    @classmethod
    def of(cls, model: AcousticModel, means: Floats | None = None) -> Self:
        """A scorer, with other means than the model's own if given."""
        return cls(model, _make_coefficients(model, model.means if means is None else means))

    def score(self, features: Floats, senones: Indices) -> Floats:
        """(n_senones, n_frames) log-likelihoods, within .05 of what they are.

        Args:
            features: (n_streams, n_frames, 13).
            senones: which ones, increasing.
        Cost: frames × Gaussians of the phones that the senones are of; few senones cost little
            less than many.
        """
        scores = np.zeros((len(senones), features.shape[1]), np.float32)
        books = self.model.codebooks[senones]
        extended = [_extend(frames) for frames in features]
        for phone in np.unique(books):
            rows = np.flatnonzero(books == phone)
            own = self.coefficients[:, phone] * _UNIT
            shares = np.exp(self.model.log_weights[:, :, senones[rows]]).swapaxes(1, 2)
            for first in range(0, features.shape[1], _BLOCK):
                block = slice(first, first + _BLOCK)
                values = [frames[:, block] for frames in extended]
                scores[rows, block] = _mix(values, own, shares)
        return scores

    def log_densities(self, frames: Floats, stream: int, phone: int) -> Floats:
        """(n_frames, n_densities) log-densities of the Gaussians that a phone has in a stream."""
        densities: Floats = (self.coefficients[stream, phone] @ _extend(frames)).T
        return densities


def _mix(values: Sequence[Floats], coefficients: Floats, shares: Floats) -> Floats:
    """(n_senones, n_frames) log-likelihoods of senones of one phone.

    The exponentials are read off the bits of integers, within 6 %, at a third of the time.

    Args:
        values: of each stream, as `_extend` makes them.
        coefficients: (n_streams, n_densities, 27), in `_UNIT`s.
        shares: (n_streams, n_senones, n_densities) the weights of mixtures.
    Source: Schraudolph 1999, "A fast, compact approximation of the exponential function".
    """
    total = np.zeros((shares.shape[1], values[0].shape[1]), np.float32)
    for extended, own, weights in zip(values, coefficients, shares, strict=True):
        logs = own @ extended
        best = logs.max(axis=0)
        np.maximum(logs, best - _REACH, out=logs)
        logs -= best - _ONE
        densities = logs.astype(np.int32).view(np.float32)
        total += np.log(np.maximum(weights @ densities, _TINY)) + best / _UNIT
    return total


def _extend(frames: Floats) -> Floats:
    """(27, n_frames): squares, values, one."""
    values = frames.T
    return np.concatenate([values * values, values, np.ones((1, len(frames)), np.float32)])


def _make_coefficients(model: AcousticModel, means: Floats) -> Floats:
    """The quadratic form of each Gaussian: of x², of x, and its constant."""
    centre = means.astype(np.float64)
    spread = model.variances.astype(np.float64)
    constant = -0.5 * (np.log(2 * np.pi * spread) + centre * centre / spread).sum(axis=-1)
    return np.concatenate(
        [-0.5 / spread, centre / spread, constant[..., None]], axis=-1, dtype=np.float32
    )
