"""Logistic regression of "right, and within 100 ms" on the evidence for a word."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from pipeline.alignment.calibration import Calibration, Evidence, Rescoring, Weight

Floats = npt.NDArray[np.float64]

RIDGE = 1.0
"""Weight of the squares of all weights, so that few words of one kind decide nothing alone."""
N_STEPS, ENOUGH = 50, 1e-6


FEATURES = (
    Weight("likelihood", 0, most=3),
    Weight("goodness", 0, least=-5),
    Weight("agreement", 0),
    Weight("collocation", 0),
    Weight("deletions", 0),
    Weight("extra_speech", 0),
)
"""What goes into the regression, within these bounds."""
LEAST_RATIO = -15.0


def fit_calibration(
    evidence: Sequence[Evidence], ratios: Floats, trusts: Floats, targets: Floats
) -> tuple[float, tuple[Weight, ...], Rescoring]:
    """Bias and weights without the second recogniser, and what its answers change.

    Args:
        ratios: (n_words,) of the second recogniser; NaN where it was not asked.
        trusts: (n_words,) `measure_trust` of each word's recording.
        targets: (n_words,) 1 where a word is spoken and near enough, else 0.
    """
    bias, weights = _fit_weights(evidence, targets)
    plain = Calibration((), bias, weights, None, 0.0)
    log_odds = np.array([plain.weigh(one) for one in evidence])
    asked = ~np.isnan(ratios)
    bounded = np.clip(ratios, LEAST_RATIO, 0)
    columns = np.stack([log_odds, bounded, bounded * trusts, trusts], axis=1)[asked]
    figures = map(_round, fit_logistic(columns, targets[asked]))
    return bias, weights, Rescoring(*figures, least=LEAST_RATIO)


def _fit_weights(evidence: Sequence[Evidence], targets: Floats) -> tuple[float, tuple[Weight, ...]]:
    """The bias, and the weight of each feature, with an offset where it may be unknown."""
    columns: list[Floats] = []
    for bounded in FEATURES:
        known = np.array([bounded.feature in one for one in evidence], float)
        values = np.array([one.get(bounded.feature, 0.0) for one in evidence])
        columns += [np.clip(values, bounded.least, bounded.most) * known, known]
    fitted = fit_logistic(np.stack(columns, axis=1), targets)
    weights = tuple(
        replace(bounded, weight=_round(weight), offset=_round(offset))
        for bounded, weight, offset in zip(FEATURES, fitted[0:-1:2], fitted[1:-1:2], strict=True)
    )
    return _round(fitted[-1]), weights


def _round(figure: float) -> float:
    return round(float(figure), 3)


def fit_logistic(columns: Floats, targets: Floats) -> Floats:
    """Weights of the columns, and a bias last, that make the targets likeliest.

    Args:
        columns: (n_words, n_columns). targets: (n_words,) 0 or 1.
    Source: Bishop 2006, Pattern Recognition and Machine Learning, 4.3.3 (Newton's method).
    """
    full = np.column_stack([columns, np.ones(len(columns))])
    ridge = np.append(np.full(columns.shape[1], RIDGE), 1e-6)
    weights = np.zeros(full.shape[1])
    for _ in range(N_STEPS):
        likely = 1 / (1 + np.exp(-full @ weights))
        slope = full.T @ (targets - likely) - ridge * weights
        curve = (full * (likely * (1 - likely))[:, None]).T @ full + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < ENOUGH:
            break
    return weights
