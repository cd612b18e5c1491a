"""The acoustic model of a recording as a record, kept to align clips cut from it (spot checks).

It holds how phones sound in the recording, and no word's time.
"""

import numpy as np

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.levels import measure_power
from pipeline.records import record

RECORDING_MODEL_NAME = "learnt.json"
"""Its file name in the align stage's folder; absent if nothing was adapted."""

LOUD_SHARE = 0.75
"""The level of a sound is this quantile of its frames' power: with pauses in between, the level of
the speech."""
_FRAMES_PER_S = 100
_SILENCE_DB = -80.0


@record
class RecordingModel:
    """Whether to dereverberate (WPE), how loud speech is in dB of full scale, the phone models.

    `engine`: the aligner that trained it; `models`: in that aligner's own format.
    """

    engine: str
    is_echoing: bool
    level_db: float
    models: str
    version: int = 1


def measure_level(samples: Samples) -> float:
    """The level of speech, in dB of full scale."""
    power = measure_power(samples, SAMPLE_RATE_HZ // _FRAMES_PER_S)
    if not len(power):
        return _SILENCE_DB
    return float(10 * np.log10(np.quantile(power, LOUD_SHARE) + 1e-10))


def match_level(samples: Samples, level_db: float) -> Samples:
    """The sound scaled to the level of the training data: the models depend on it."""
    own_db = measure_level(samples)
    if own_db <= _SILENCE_DB:
        return samples
    louder = samples * np.float32(10 ** ((level_db - own_db) / 20))
    return np.clip(np.round(louder), -32768, 32767).astype(np.int16)
