"""Adapt the acoustic model's means to a recording (MLLR, then MAP).

The statistics come from frames of words that are already aligned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from pipeline.aligners.hmm.likelihoods import SenoneScorer
from pipeline.aligners.hmm.model import AcousticModel
from pipeline.aligners.network import Floats, Indices

LEAST_FRAMES = 500
"""A class of phones with fewer frames keeps its means."""
PRIOR_FRAMES = 30.0
"""MAP prior: the weight of a Gaussian's mean after MLLR, in frames."""
_RIDGE = 1e-6

_CLASSES = (
    frozenset("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split()),
    frozenset("L M N NG R W Y".split()),
)
"""Phones that share an MLLR map: vowels, sonorants. Two more: obstruents, and fillers."""

_Sums = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SufficientStatistics:
    """Zeroth and first order statistics of each Gaussian.

    Attributes:
        counts: (n_streams, n_phones, n_densities) sums of posteriors.
        sums: (n_streams, n_phones, n_densities, 13) features weighted by them.
    """

    counts: _Sums
    sums: _Sums

    @classmethod
    def of(cls, parts: Sequence[Self]) -> Self:
        """The sum of several, added in order."""
        counts = np.sum([part.counts for part in parts], axis=0)
        return cls(counts, np.sum([part.sums for part in parts], axis=0))


def accumulate_statistics(
    scorer: SenoneScorer, features: Floats, senones: Indices
) -> SufficientStatistics:
    """Accumulate the statistics of frames whose senones are known.

    Args:
        features: (n_streams, n_frames, 13).
        senones: (n_frames,) the senone of each.
    """
    model = scorer.model
    shape = model.means.shape
    counts, sums = np.zeros(shape[:3]), np.zeros(shape)
    books = model.codebooks[senones]
    for phone in np.unique(books):
        frames = np.flatnonzero(books == phone)
        for stream in range(shape[0]):
            met = features[stream, frames]
            logs = scorer.log_densities(met, stream, int(phone))
            logs += model.log_weights[stream][:, senones[frames]].T
            shares = np.exp(logs - logs.max(axis=1, keepdims=True))
            shares /= shares.sum(axis=1, keepdims=True)
            counts[stream, phone] = shares.sum(axis=0)
            sums[stream, phone] = shares.T @ met
    return SufficientStatistics(counts, sums)


def adapt_means(model: AcousticModel, statistics: SufficientStatistics) -> Floats:
    """The model's means after one affine map (MLLR) for each class and stream, then MAP.

    Source: Leggetter & Woodland 1995, "Maximum likelihood linear regression for speaker adaptation
        of continuous density hidden Markov models", eq. 20; Gauvain & Lee 1994.
    """
    means = model.means.copy()
    for phones in _classify(model):
        for stream in range(len(means)):
            counts = statistics.counts[stream, phones].ravel()
            if counts.sum() < LEAST_FRAMES:
                continue
            old = model.means[stream, phones].reshape(len(counts), -1).astype(np.float64)
            precise = 1 / model.variances[stream, phones].reshape(old.shape)
            sums = statistics.sums[stream, phones].reshape(old.shape)
            moved = _move(old, precise, counts, sums)
            moved = (PRIOR_FRAMES * moved + sums) / (PRIOR_FRAMES + counts[:, None])
            means[stream, phones] = moved.reshape(means[stream, phones].shape)
    return means


def _move(old: _Sums, precise: _Sums, counts: _Sums, sums: _Sums) -> _Sums:
    """(n, 13) means after the affine map of maximum likelihood (MLLR)."""
    extended = np.concatenate([np.ones((len(old), 1)), old], axis=1)
    moved = np.empty_like(old)
    for value in range(old.shape[1]):
        weighted = extended * (counts * precise[:, value])[:, None]
        square = weighted.T @ extended
        square += np.eye(len(square)) * _RIDGE * np.trace(square) / len(square)
        row = np.linalg.solve(square, (sums[:, value] * precise[:, value]) @ extended)
        moved[:, value] = extended @ row
    return moved


def _classify(model: AcousticModel) -> list[Indices]:
    """The phones of each class."""
    kinds: list[list[int]] = [[] for _ in range(len(_CLASSES) + 2)]
    for phone, name in enumerate(model.phone_names):
        of_speech = (kind for kind, names in enumerate(_CLASSES) if name in names)
        other = len(_CLASSES) + (phone in model.fillers)
        kinds[next(of_speech, other)].append(phone)
    return [np.array(kind, np.intp) for kind in kinds]
