"""Models that lie in Python packages: where Moonshine's is, if its wheel is installed.

Models in folders and in the hub's cache are `installed.py`'s matter.
"""

from importlib.util import find_spec
from pathlib import Path

from pipeline.errors import EngineError

NAME = "base-en"
MODEL = f"models/{NAME}"
PACKAGE = "moonshine_cpp"
"""Its wheel is taken for the model in it alone."""


def find_folder() -> Path | None:
    """Where the model lies, if its wheel is installed."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / MODEL
    return folder if folder.is_dir() else None


def require_folder() -> Path:
    """Where the model lies.

    Raises:
        EngineError: its wheel is not installed.
    """
    folder = find_folder()
    if folder is None:
        remedy = "pip install moonshine-cpp, or `transcribe: {engine: pocketsphinx}`"
        raise EngineError("moonshine", "its model is not installed", remedy)
    return folder
