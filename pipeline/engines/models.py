"""Where Whisper models lie, which are here, and how to get one. Loading them is the recogniser's.

A folder without `tokenizer.json` would make faster-whisper ask the network and take the vocabulary
of another model, so every folder is checked first.
"""

from pathlib import Path

from pipeline.errors import EngineError
from pipeline.records import record

NEEDED_FILES = ("model.bin", "config.json", "tokenizer.json")


@record
class ModelStatus:
    """One model that can be named in `transcribe.model`."""

    name: str
    is_here: bool
    folder: str | None
    size_bytes: int


def find_model(model: str) -> Path | None:
    """The folder of a model given by path or by name, if it is on this machine.

    Raises:
        EngineError: the folder given is missing, or lacks a file of a CTranslate2 Whisper model.
    """
    folder = Path(model).expanduser()
    if model.startswith(("/", ".", "~")) and not folder.is_dir():
        raise EngineError(model, "no such folder", "check transcribe.model, or give a model's name")
    if folder.is_dir():
        lacking = missing_files(folder)
        if lacking:
            raise EngineError(
                str(folder), f"is no Whisper model: {', '.join(lacking)} missing",
                "convert it with ct2-transformers-converter --copy_files tokenizer.json",
            )  # fmt: skip
        return folder
    cached = _find_cached(model)
    return cached if cached and not missing_files(cached) else None


def missing_files(folder: Path) -> tuple[str, ...]:
    """The files that a model folder should hold and doesn't."""
    return tuple(name for name in NEEDED_FILES if not (folder / name).is_file())


def list_models() -> tuple[ModelStatus, ...]:
    """The models faster-whisper knows by name, and whether they are here."""
    from faster_whisper import available_models

    return tuple(_status(name) for name in available_models())


def get_model(name: str) -> Path:
    """Download a model; what is already here is not fetched again.

    Raises:
        EngineError: no such model, or it can't be reached.
    """
    from faster_whisper import available_models, download_model

    if name not in available_models() and "/" not in name:
        raise EngineError(f"model {name}", "is not known", "see `cuecast models list`")
    try:
        folder = Path(download_model(name))
    except Exception as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise EngineError(
            f"model {name}", f"can't be downloaded ({reason})",
            "check the network, or name a folder in transcribe.model",
        ) from error  # fmt: skip
    return folder


def _find_cached(name: str) -> Path | None:
    from faster_whisper import available_models, download_model

    if name not in available_models() and "/" not in name:
        return None
    try:
        return Path(download_model(name, local_files_only=True))
    except (OSError, ValueError):
        return None


def _status(name: str) -> ModelStatus:
    folder = find_model(name)
    if folder is None:
        return ModelStatus(name, is_here=False, folder=None, size_bytes=0)
    size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    return ModelStatus(name, is_here=True, folder=str(folder), size_bytes=size)
