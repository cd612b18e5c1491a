"""A small network that tells the recording's phones apart: what a frame and those around it are of.

It judges words, where mixtures place them: it looks at 150 ms at once, too much for an edge.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.aligners.recording.features import FRAME_MS, N_CEPSTRA, Floats

N_AROUND, STEP = 5, 15 // FRAME_MS
"""Frames looked at on each side, and how far apart they lie."""
N_HIDDEN = 256
N_ROUNDS = 8
MAX_FRAMES = 100_000
_BATCH = 256
_RATE, _MEMORY, _SQUARE_MEMORY = 2e-3, 0.9, 0.999
_DECAY = 1e-3
_BLOCK = 4_000
_SEED = 1986

Labels = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class PhoneClassifier:
    """Two layers of weights.

    Attributes:
        phones: (n_phones,) which phone each output stands for, increasing.
        inner, outer: (n_inputs, N_HIDDEN) and (N_HIDDEN, n_phones).
        inner_bias, outer_bias: what is added.
    """

    phones: Labels
    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats

    def find_logs(self, features: Floats) -> Floats:
        """(n_frames, n_phones) log-probabilities.

        Args:
            features: (n_frames, at least 13), the cepstra first.
        """
        logs = np.empty((len(features), len(self.phones)), np.float32)
        for first in range(0, len(features), _BLOCK):
            wanted = np.arange(first, min(first + _BLOCK, len(features)))
            hidden = np.maximum(look_around(features, wanted) @ self.inner + self.inner_bias, 0)
            scores = hidden @ self.outer + self.outer_bias
            scores -= scores.max(axis=1, keepdims=True)
            logs[wanted] = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return logs


def look_around(features: Floats, wanted: Labels) -> Floats:
    """(n_wanted, n_inputs): the cepstra of each frame wanted and of those around it."""
    shifts = np.arange(-N_AROUND, N_AROUND + 1) * STEP
    index = np.clip(wanted[:, None] + shifts, 0, len(features) - 1)
    return features[index, :N_CEPSTRA].reshape(len(wanted), -1)


def train_classifier(inputs: Floats, phones: Labels) -> PhoneClassifier:
    """Learn to tell phones apart.

    Args:
        inputs: (n_frames, n_inputs) as `look_around` makes them.
        phones: (n_frames,) the phone of each.
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


def _split(order: Labels) -> Iterator[Labels]:
    for first in range(0, len(order), _BATCH):
        yield order[first : first + _BATCH]


def _find_slopes(weights: Sequence[Floats], inputs: Floats, labels: Labels) -> list[Floats]:
    """The slope of the mean negative log-probability along every weight."""
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
