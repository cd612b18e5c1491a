"""How well each frame fits each senone: log-likelihoods under mixtures of Gaussians."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from pipeline.engines.triphones.model import AcousticModel, Floats, Indices

_BLOCK = 64
"""Frames worked on at a time: what belongs to them stays in the processor's cache."""
_TINY = np.float32(1e-30)


@dataclass(frozen=True, slots=True)
class SenoneScorer:
    """The model's Gaussians in a form that turns scoring into products of matrices.

    Attributes:
        coefficients: (n_streams, 27, n_phones · n_densities); a frame's squares, values and a one
            times these are its log-densities.
    """

    model: AcousticModel
    coefficients: Floats

    @classmethod
    def of(cls, model: AcousticModel, means: Floats | None = None) -> Self:
        """A scorer, with other means than the model's own if given."""
        return cls(model, _make_coefficients(model, model.means if means is None else means))

    def score(self, features: Floats, senones: Indices) -> Floats:
        """(n_frames, n_senones) log-likelihoods.

        Args:
            features: (n_streams, n_frames, 13).
            senones: which ones, increasing.
        Cost: frames × Gaussians; few senones cost little less than many.
        """
        n_frames = features.shape[1]
        scores = np.zeros((n_frames, len(senones)), np.float32)
        weights = self._gather_weights(senones)
        for first in range(0, n_frames, _BLOCK):
            block = slice(first, first + _BLOCK)
            for stream, stream_weights in enumerate(weights):
                self._add_stream(features[stream, block], stream, stream_weights, scores[block])
        return scores

    def log_densities(self, frames: Floats, stream: int, phone: int) -> Floats:
        """(n_frames, n_densities) log-densities of the Gaussians that a phone has in a stream."""
        n_densities = self.model.means.shape[2]
        own = slice(phone * n_densities, (phone + 1) * n_densities)
        densities: Floats = _extend(frames) @ self.coefficients[stream][:, own]
        return densities

    def _gather_weights(self, senones: Indices) -> list[list[tuple[int, Indices, Floats]]]:
        """For each stream: phone, columns of the scores, (n_densities, n_columns) weights."""
        books = self.model.codebooks[senones]
        columns = [(int(phone), np.flatnonzero(books == phone)) for phone in np.unique(books)]
        return [
            [(phone, where, np.exp(stream[:, senones[where]])) for phone, where in columns]
            for stream in self.model.log_weights
        ]

    def _add_stream(
        self,
        frames: Floats,
        stream: int,
        weights: list[tuple[int, Indices, Floats]],
        scores: Floats,
    ) -> None:
        n_phones = len(self.model.phone_names)
        densities = (_extend(frames) @ self.coefficients[stream]).reshape(len(frames), n_phones, -1)
        best = densities.max(axis=2)
        densities -= best[:, :, None]
        np.exp(densities, out=densities)
        for phone, columns, shares in weights:
            mixed = np.maximum(densities[:, phone] @ shares, _TINY)
            scores[:, columns] += np.log(mixed) + best[:, phone, None]


def _extend(frames: Floats) -> Floats:
    """(n_frames, 27): squares, values, one."""
    ones = np.ones((len(frames), 1), np.float32)
    return np.concatenate([frames * frames, frames, ones], axis=1)


def _make_coefficients(model: AcousticModel, means: Floats) -> Floats:
    """The quadratic form of each Gaussian: of x², of x, and its constant."""
    n_streams, n_phones, n_densities, n_values = means.shape
    shape = (n_streams, n_phones * n_densities, n_values)
    centre = means.reshape(shape).astype(np.float64)
    spread = model.variances.reshape(shape).astype(np.float64)
    constant = -0.5 * (np.log(2 * np.pi * spread) + centre * centre / spread).sum(axis=2)
    stacked = np.concatenate([-0.5 / spread, centre / spread, constant[:, :, None]], axis=2)
    return np.ascontiguousarray(stacked.swapaxes(1, 2), np.float32)
