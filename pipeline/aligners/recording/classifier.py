"""A small network that classifies the recording's frames by phone, each with those around it.

It scores words; mixtures place their boundaries, for which its context of 150 ms is too wide.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.aligners.network import Floats, Indices
from pipeline.aligners.recording.features import FRAME_MS, N_CEPSTRA

N_AROUND, STEP = 5, 15 // FRAME_MS
"""Context frames on each side, and their distance in frames."""
N_HIDDEN = 256
N_ROUNDS = 8
MAX_FRAMES = 100_000
_BATCH = 256
_RATE, _MEMORY, _SQUARE_MEMORY = 2e-3, 0.9, 0.999
_DECAY = 1e-3
_BLOCK = 4_000
_SEED = 1986


@dataclass(frozen=True, slots=True)
class PhoneClassifier:
    """The weights of a network with one hidden layer (ReLU).

    Attributes:
        phones: (n_phones,) the phone of each output, increasing.
        inner, outer: (n_inputs, N_HIDDEN) and (N_HIDDEN, n_phones).
        inner_bias, outer_bias: their biases.
    """

    phones: Indices
    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats

    def find_logs(self, features: Floats) -> Floats:
        """(n_frames, n_phones) log posteriors.

        Args:
            features: (n_frames, at least 13), the MFCC first.
        """
        logs = np.empty((len(features), len(self.phones)), np.float32)
        for first in range(0, len(features), _BLOCK):
            wanted = np.arange(first, min(first + _BLOCK, len(features)))
            hidden = np.maximum(splice_frames(features, wanted) @ self.inner + self.inner_bias, 0)
            scores = hidden @ self.outer + self.outer_bias
            scores -= scores.max(axis=1, keepdims=True)
            logs[wanted] = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return logs


def splice_frames(features: Floats, wanted: Indices) -> Floats:
    """(n_wanted, n_inputs): the MFCC of each frame wanted and of its context frames."""
    shifts = np.arange(-N_AROUND, N_AROUND + 1) * STEP
    index = np.clip(wanted[:, None] + shifts, 0, len(features) - 1)
    return features[index, :N_CEPSTRA].reshape(len(wanted), -1)


def train_classifier(inputs: Floats, phones: Indices) -> PhoneClassifier:
    """Train a classifier of phones by Adam, on mini-batches.

    Args:
        inputs: (n_frames, n_inputs) as `splice_frames` makes them.
        phones: (n_frames,) the label of each.
    Source: Rumelhart et al. 1986 (back-propagation); Kingma & Ba 2015 (Adam).
    """
    rng = np.random.default_rng(_SEED)
    if len(inputs) > MAX_FRAMES:
        chosen = np.sort(rng.choice(len(inputs), MAX_FRAMES, replace=False))
        inputs, phones = inputs[chosen], phones[chosen]
    known, labels = np.unique(phones, return_inverse=True)
    weights = [
        _draw(rng, inputs.shape[1], N_HIDDEN, 2.0),
        np.zeros(N_HIDDEN, np.float32),
        _draw(rng, N_HIDDEN, len(known), 1.0),
        np.zeros(len(known), np.float32),
    ]
    batches = [batch for _ in range(N_ROUNDS) for batch in _split(rng.permutation(len(inputs)))]
    means = [np.zeros_like(each) for each in weights]
    squares = [np.zeros_like(each) for each in weights]
    for turn, batch in enumerate(batches, start=1):
        slopes = _find_slopes(weights, inputs[batch], labels[batch])
        even = np.sqrt(1 - _SQUARE_MEMORY**turn) / (1 - _MEMORY**turn)
        rate = np.float32(_RATE * (1 - turn / (len(batches) + 1)) * even)
        for weight, slope, mean, square in zip(weights, slopes, means, squares, strict=True):
            mean += np.float32(1 - _MEMORY) * (slope - mean)
            square += np.float32(1 - _SQUARE_MEMORY) * (slope * slope - square)
            weight -= rate * mean / (np.sqrt(square) + np.float32(1e-8))
    return PhoneClassifier(known, *weights)


def _draw(rng: np.random.Generator, n_in: int, n_out: int, gain: float) -> Floats:
    weights: Floats = rng.standard_normal((n_in, n_out), np.float32) * np.float32(
        np.sqrt(gain / n_in)
    )
    return weights


def _split(order: Indices) -> Iterator[Indices]:
    for first in range(0, len(order), _BATCH):
        yield order[first : first + _BATCH]


def _find_slopes(weights: Sequence[Floats], inputs: Floats, labels: Indices) -> list[Floats]:
    """The gradients of the cross-entropy, with weight decay, by back-propagation."""
    inner, inner_bias, outer, outer_bias = weights
    hidden = np.maximum(inputs @ inner + inner_bias, 0)
    scores = hidden @ outer + outer_bias
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    shares[np.arange(len(labels)), labels] -= 1
    shares /= np.float32(len(labels))
    back = (shares @ outer.T) * (hidden > 0)
    decay = np.float32(_DECAY)
    return [
        inputs.T @ back + decay * inner,
        back.sum(axis=0),
        hidden.T @ shares + decay * outer,
        shares.sum(axis=0),
    ]
