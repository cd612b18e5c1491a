"""GMMs with diagonal covariances: trained on frames, and scoring frames.

Which frames belong to which state is `phone_models.py`'s matter.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from pipeline.aligners.network import Floats

FRAMES_EACH = 30
"""Training frames needed for each Gaussian."""
_ROUNDS = 6
_PRIOR_FRAMES = 5
_SPREAD_ADDED, _LEAST_SPREAD = 0.05, 0.02
"""Added to the prior variance, and the variance floor, of features of variance 1."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """A GMM in a form that makes scoring a matrix product.

    Attributes:
        squares, values: (n_values, n_gaussians) coefficients of x² and x.
        constants: (n_gaussians,).
    """

    squares: Floats
    values: Floats
    constants: Floats

    @classmethod
    def of(cls, weights: Floats, means: Floats, variances: Floats) -> Self:
        """From (n,) weights, (n, n_values) means and variances."""
        spread = np.log(2 * np.pi * variances) + means * means / variances
        constants = np.log(weights + 1e-9) - 0.5 * spread.sum(axis=1)
        forms = (-0.5 / variances).T, (means / variances).T, constants
        return cls(*(np.ascontiguousarray(form, np.float32) for form in forms))

    def score(self, frames: Floats) -> Floats:
        """(n_frames,) log-likelihoods."""
        logs = self.score_each(frames)
        best = logs.max(axis=1)
        scores: Floats = best + np.log(np.exp(logs - best[:, None]).sum(axis=1))
        return scores

    def score_each(self, frames: Floats) -> Floats:
        """(n_frames, n_gaussians) log-likelihoods, the mixture weights included."""
        logs: Floats = (frames * frames) @ self.squares + frames @ self.values + self.constants
        return logs


def fit_mixture(frames: Floats, n_most: int, rng: np.random.Generator) -> Mixture:
    """A GMM with one Gaussian for every FRAMES_EACH frames, `n_most` at most.

    Args:
        frames: (n_frames, n_values), at least two.
    Source: Dempster et al. 1977 (expectation maximisation), with random frames as first means.
    """
    n_gaussians = max(1, min(n_most, len(frames) // FRAMES_EACH))
    overall = frames.var(axis=0) + np.float32(_SPREAD_ADDED)
    if n_gaussians == 1:
        return Mixture.of(np.ones(1, np.float32), frames.mean(axis=0)[None], overall[None])
    chosen = rng.choice(len(frames), n_gaussians, replace=False)
    weights = np.full(n_gaussians, 1 / n_gaussians, np.float32)
    mixture = Mixture.of(weights, frames[chosen], np.tile(overall, (n_gaussians, 1)))
    for _ in range(_ROUNDS):
        mixture = _improve(mixture, frames, overall)
    return mixture


def _improve(mixture: Mixture, frames: Floats, overall: npt.NDArray[np.float32]) -> Mixture:
    """One EM iteration; variances are smoothed by _PRIOR_FRAMES frames of the overall variance."""
    logs = mixture.score_each(frames)
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    counts = shares.sum(axis=0) + np.float32(1e-3)
    means = (shares.T @ frames + np.float32(1e-3) * frames.mean(axis=0)) / counts[:, None]
    variances = (shares.T @ (frames * frames)) / counts[:, None] - means * means
    weighted = variances * counts[:, None] + overall * _PRIOR_FRAMES
    variances = np.maximum(weighted / (counts[:, None] + _PRIOR_FRAMES), _LEAST_SPREAD)
    return Mixture.of(counts / counts.sum(), means, variances)
