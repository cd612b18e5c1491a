"""Phone posteriors of a segment by the recording's classifier, and scaled likelihoods from them.

`goodness.py` scores words by the posteriors; the triphone search adds the scaled likelihoods.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.aligners.network import Floats, Indices
from pipeline.aligners.recording.features import measure_powers
from pipeline.aligners.recording.phone_models import PhoneModels
from pipeline.contracts import Samples

GARBAGE_LIKELIHOOD = -1.3
"""The garbage model's scaled log-likelihood, LEAST_RATING any phone's floor: both relative to the
frame's best phone. Garbage at -2 flags fewer wrong words, at -1 more true ones (decision 34)."""
LEAST_RATING = -8.0
_LEAST_SHARE = 1e-4
"""Added to each phone's prior."""


@dataclass(frozen=True, slots=True)
class Posteriors:
    """A segment's features and phone posteriors, one frame every 5 ms.

    Attributes:
        features: (n_frames, 39).
        phones: (n_known,) the classifier's phones, increasing.
        logs: (n_frames, n_known) their log posteriors.
    """

    features: Floats
    phones: Indices
    logs: Floats


def compute_posteriors(models: PhoneModels, samples: Samples) -> Posteriors:
    """The posteriors of a segment."""
    features = models.make_features(measure_powers(samples))
    classifier = models.classifier
    return Posteriors(features, classifier.phones, classifier.find_logs(features))


def rate_phones(posteriors: Posteriors, n_phones: int) -> Floats:
    """(n_frames, n_phones + 1) scaled log-likelihoods at 10 ms a frame, the frame's best phone 0.

    The last column is the garbage model's; phones that the classifier lacks have the same value.
    Source: Bourlard & Morgan 1994, "Connectionist Speech Recognition" (posteriors divided by
        priors, as likelihoods in a search).
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
