"""Models in Python packages: Moonshine's, if its wheel is installed.

Models in folders and in the hub's cache are `installed.py`'s matter.
"""

from importlib.util import find_spec
from pathlib import Path

from pipeline.errors import EngineError

NAME = "base-en"
MODEL = f"models/{NAME}"
PACKAGE = "moonshine_cpp"
"""Of its wheel, only the model is used."""


def find_folder() -> Path | None:
    """The model's folder, if its wheel is installed."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / MODEL
    return folder if folder.is_dir() else None


def require_folder() -> Path:
    """The model's folder.

    Raises:
        EngineError: its wheel is not installed.
    """
    folder = find_folder()
    if folder is None:
        remedy = "pip install moonshine-cpp, or `transcribe: {engine: pocketsphinx}`"
        raise EngineError("moonshine", "its model is not installed", remedy)
    return folder
