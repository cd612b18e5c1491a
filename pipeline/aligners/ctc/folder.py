"""Find the folder of a CTC model, by path or by name in the hub's cache; never the network.

Its files are read by `letters.py` and `emissions.py`.
"""

from pathlib import Path

from pipeline.errors import EngineError
from pipeline.models.installed import find_model
from pipeline.models.kinds import WAV2VEC2

PREPROCESSOR = "preprocessor_config.json"
HOW_TO_CONVERT = WAV2VEC2.remedy


def find_ctc_model(model: str) -> Path | None:
    """The folder of a model given by path or by name, if it is on this machine.

    Raises:
        EngineError: the folder given is missing, or lacks a file of a converted model.
    """
    return find_model(model, WAV2VEC2)


def need_ctc_model(model: str) -> Path:
    """The folder of the model asked for.

    Raises:
        EngineError: none is named, or it is not on this machine.
    """
    folder = find_ctc_model(model) if model else None
    if folder is None:
        problem = f"model {model!r} is not on this machine" if model else "needs a model"
        raise EngineError("ctc", problem, f"set align.model to a folder; {HOW_TO_CONVERT}")
    return folder
