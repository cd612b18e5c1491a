"""What each kind of evidence weighs in a token's confidence: data, one file an aligner.

The files lie in `pipeline/aligners/calibrations/`, and `benchmarks/calibrate.py` writes them; what
they weigh is collected in `confidence.py`.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from pipeline.records import record

WITHIN_MS = 100
LEVEL = 0.95
"""A start this near counts as right; a guarantee holds with this probability."""
RECOGNIZED_RATIO = -1.0
"""From this ratio on a second recogniser counts as having recognised a token."""
LEAST_TRUSTED, MOST_TRUSTED = 0.5, 0.97
"""Bounds of the share of tokens that it recognises, so that few answers don't decide on trust."""

Feature = Literal[
    "likelihood",
    "goodness",
    "agreement",
    "collocation",
    "deletions",
    "extra_speech",
]
"""Evidence for a token, each a number that may be unknown:

- likelihood: mean acoustic score per frame, a logarithm.
- goodness: of pronunciation, under the models of the recording; unknown where it has none.
- agreement: 1 where the first pass recognised the token there too, SKIPPED_AGREEMENT in speech that
  it did not decode, else 0.
- collocation: PMI with the neighbours that were found, in nats.
- deletions: adjacent tokens that were not found, at most MAX_DELETIONS on each side.
- extra_speech: 1 where speech that the text lacks lies between the token and a likelier neighbour,
  else 0.
"""
Evidence = Mapping[Feature, float]
"""The features of one token that are known."""


@record
class Weight:
    """A feature's part of the log-odds: weight · value + offset, and nothing where it is unknown.

    Values outside `least` and `most` count as these.
    """

    feature: Feature
    weight: float
    offset: float = 0.0
    least: float | None = None
    most: float | None = None

    def weigh(self, evidence: Evidence) -> float:
        """Its part of a token's log-odds."""
        value = evidence.get(self.feature)
        if value is None:
            return 0.0
        value = value if self.least is None else max(self.least, value)
        value = value if self.most is None else min(self.most, value)
        return self.weight * value + self.offset


@record
class Rescoring:
    """What a second recogniser changes in the log-odds of the tokens that it was asked about.

    scale · log-odds + (weight + trusted_weight · trust) · ratio + trust_offset · trust + offset.
    The ratio is the logarithm of a token's likelihood over that of what was recognised in its
    place: 0 where the token itself was, else negative. Below `least` it counts as that. Trust is
    the log-odds that it recognises a token of this recording: where it is seldom wrong, its answer
    says more.
    """

    scale: float
    weight: float
    trusted_weight: float
    trust_offset: float
    offset: float
    least: float

    def rescore(self, log_odds: float, ratio: float, trust: float) -> float:
        """The log-odds after its answer."""
        ratio = min(0.0, max(self.least, ratio))
        weight = self.weight + self.trusted_weight * trust
        return self.scale * log_odds + weight * ratio + self.trust_offset * trust + self.offset


def measure_trust(ratios: Sequence[float]) -> float:
    """The log-odds that a second recogniser recognises a token, by its answers in a recording."""
    share = sum(ratio >= RECOGNIZED_RATIO for ratio in ratios) / max(1, len(ratios))
    share = min(MOST_TRUSTED, max(LEAST_TRUSTED, share))
    return math.log(share / (1 - share))


@record
class Calibration:
    """A logistic regression of "the token is spoken, and starts within WITHIN_MS of its time".

    Attributes:
        shortfall: how far fewer words may be right than expected, in standard errors: the quantile
            LEVEL over recordings that the figures were not fitted on. None if unknown.
        fitted_on: recordings that the figures come from.
        unspoken_below: the confidence below which a token counts as unspoken.
    Source: Platt 1999, "Probabilistic outputs for support vector machines" (a logistic function of
        a score as its probability).
    """

    fitted_on: tuple[str, ...]
    bias: float
    weights: tuple[Weight, ...]
    rescoring: Rescoring | None
    unspoken_below: float
    shortfall: float | None = None

    def weigh(self, evidence: Evidence) -> float:
        """The log-odds of a token, before a second recogniser is asked."""
        return self.bias + math.fsum(weight.weigh(evidence) for weight in self.weights)

    def guarantee(self, confidences: Sequence[float]) -> float | None:
        """The share of tokens that are right at least, at LEVEL; None if that is unknown.

        Args:
            confidences: of the tokens that have a time.
        Source: Vovk et al. 2005, Algorithmic Learning in a Random World (conformal prediction),
            split between recordings.
        """
        if self.shortfall is None or not confidences:
            return None
        expected = math.fsum(confidences) / len(confidences)
        return max(0.0, expected - self.shortfall * standard_error(expected, len(confidences)))


def standard_error(share: float, n_tokens: int) -> float:
    """Of a share of tokens; as if one more token were wrong, so that it is never 0."""
    return math.sqrt((share * (1 - share) + 1 / n_tokens) / n_tokens)


UNCALIBRATED = Calibration((), 0.0, (), None, 0.0)
"""Weighs nothing and refuses nothing: for times that no decoder found."""
