"""A piece of sound as a recording's own models hear it: features to place edges by, phones'
probabilities to judge words by, and to look for them by.

What is made of them is `fit.py`'s matter, and the triphones' search's.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.aligners.recording.classifier import Labels
from pipeline.aligners.recording.features import Floats, measure_powers
from pipeline.aligners.recording.phone_models import PhoneModels
from pipeline.contracts import Samples

GARBAGE_LIKELIHOOD = -1.3
"""Of a frame in what is not in the text: so much less likely than its likeliest phone."""
LEAST_RATING = -8.0
_LEAST_SHARE = 1e-4
"""Of a piece's frames, a phone's share is not taken to be smaller."""


@dataclass(frozen=True, slots=True)
class Posteriors:
    """What is heard in a piece, at 5 ms.

    Attributes:
        features: (n_frames, 39).
        phones: (n_known,) those that the classifier knows, increasing.
        logs: (n_frames, n_known) their log-probabilities.
    """

    features: Floats
    phones: Labels
    logs: Floats


def compute_posteriors(models: PhoneModels, samples: Samples) -> Posteriors:
    """Listen to a piece."""
    features = models.make_features(measure_powers(samples))
    classifier = models.classifier
    return Posteriors(features, classifier.phones, classifier.find_logs(features))


def rate_phones(posteriors: Posteriors, n_phones: int) -> Floats:
    """(n_frames, n_phones + 1) how much less likely than the likeliest each phone makes a frame of
    10 ms; the last column is of anything, as are phones that the recording has not taught.

    Source: Bourlard & Morgan 1994, "Connectionist Speech Recognition" (a network's probabilities
        over the phones' own, as likelihoods in a search).
    """
    shares = np.exp(posteriors.logs).sum(axis=0) / max(1, len(posteriors.logs))
    ratings = posteriors.logs - np.log(shares + np.float32(_LEAST_SHARE))
    ratings -= ratings.max(axis=1, keepdims=True)
    np.maximum(ratings, np.float32(LEAST_RATING), out=ratings)
    n_frames = len(ratings) // 2
    rated = np.full((n_frames, n_phones + 1), GARBAGE_LIKELIHOOD, np.float32)
    early, late = ratings[: 2 * n_frames : 2], ratings[1 : 2 * n_frames : 2]
    rated[:, posteriors.phones] = (early + late) / 2
    return rated
