"""The recording's phone models as text for a JSON file, and back without loss.

Training is `phone_models.py`'s matter.
"""

from base64 import b64decode, b64encode
from io import BytesIO

import numpy as np

from pipeline.aligners.recording.classifier import PhoneClassifier
from pipeline.aligners.recording.mixtures import Mixture
from pipeline.aligners.recording.phone_models import PhoneModels

_CLASSIFIER = ("phones", "inner", "inner_bias", "outer", "outer_bias")


def pack_models(models: PhoneModels) -> str:
    """All arrays as a base64 .npz file; equal models give equal text."""
    states = sorted(models.mixtures)
    mixtures = [models.mixtures[state] for state in states]
    packed = BytesIO()
    np.savez(
        packed,
        noise=models.noise,
        mean=models.mean,
        scale=models.scale,
        silence=np.array(models.silence),
        states=np.array(states, np.int64).reshape(-1, 2),
        n_gaussians=np.array([len(each.constants) for each in mixtures], np.int64),
        squares=np.concatenate([each.squares for each in mixtures], axis=1),
        values=np.concatenate([each.values for each in mixtures], axis=1),
        constants=np.concatenate([each.constants for each in mixtures]),
        **{name: getattr(models.classifier, name) for name in _CLASSIFIER},
    )
    return b64encode(packed.getvalue()).decode("ascii")


def unpack_models(text: str) -> PhoneModels:
    """The models of `pack_models`'s text."""
    arrays = np.load(BytesIO(b64decode(text)))
    cuts = np.cumsum(arrays["n_gaussians"])[:-1]
    forms = (np.split(arrays[name], cuts, axis=-1) for name in ("squares", "values", "constants"))
    mixtures = (Mixture(*map(np.ascontiguousarray, form)) for form in zip(*forms, strict=True))
    states = ((int(phone), int(state)) for phone, state in arrays["states"])
    return PhoneModels(
        noise=arrays["noise"],
        mean=arrays["mean"],
        scale=arrays["scale"],
        mixtures=dict(zip(states, mixtures, strict=True)),
        classifier=PhoneClassifier(*(arrays[name] for name in _CLASSIFIER)),
        silence=int(arrays["silence"]),
    )
