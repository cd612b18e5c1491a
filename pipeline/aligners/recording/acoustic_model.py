"""What an aligner learnt of a recording's sound, kept to listen to parts of it again.

It knows how phones sound there, and no word's time: where words are, other sound has to say.
"""

import numpy as np

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.power import measure_power
from pipeline.records import record

RECORDING_MODEL_NAME = "learnt.json"
"""What it goes by among an aligner's files; there only if it learnt."""

LOUD_SHARE = 0.75
"""The level of sound is one that so much of it does not exceed: of speech with its pauses, that of
what is spoken."""
_FRAMES_PER_S = 100
_SILENCE_DB = -80.0


@record
class RecordingModel:
    """Whether the room is to be taken out, how loud speech is, phones' own models.

    `engine` learnt it; `models` is its own way to write them down.
    """

    engine: str
    is_echoing: bool
    level_db: float
    models: str
    version: int = 1


def measure_level(samples: Samples) -> float:
    """How loud speech is, in dB of full scale."""
    power = measure_power(samples, SAMPLE_RATE_HZ // _FRAMES_PER_S)
    if not len(power):
        return _SILENCE_DB
    return float(10 * np.log10(np.quantile(power, LOUD_SHARE) + 1e-10))


def match_level(samples: Samples, level_db: float) -> Samples:
    """The sound as loud as that which was learnt from: models know how loud phones are."""
    own_db = measure_level(samples)
    if own_db <= _SILENCE_DB:
        return samples
    louder = samples * np.float32(10 ** ((level_db - own_db) / 20))
    return np.clip(np.round(louder), -32768, 32767).astype(np.int16)
