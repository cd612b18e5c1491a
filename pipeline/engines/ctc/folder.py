"""Where a CTC model lies: a folder, or a name in the hub's cache. Never the network.

What is in the folder is read by `letters.py` and `emissions.py`.
"""

from pathlib import Path

from pipeline.engines.ctc.letters import VOCABULARY
from pipeline.errors import EngineError

PREPROCESSOR = "preprocessor_config.json"
NEEDED_FILES = ("model.bin", "vocabulary.json", VOCABULARY, PREPROCESSOR)
HOW_TO_CONVERT = (
    "convert one: ct2-transformers-converter --model NAME --output_dir FOLDER "
    f"--copy_files {VOCABULARY} tokenizer_config.json {PREPROCESSOR}"
)
"""NAME: a checkpoint with layer norms throughout (`do_stable_layer_norm`), as all large ones."""


def find_ctc_model(model: str) -> Path | None:
    """The folder of a model given by path or by name, if it is on this machine.

    Raises:
        EngineError: the folder given is missing, or lacks a file of a converted model.
    """
    folder = Path(model).expanduser()
    if model.startswith(("/", ".", "~")) and not folder.is_dir():
        raise EngineError(model, "no such folder", f"check align.model, or {HOW_TO_CONVERT}")
    if model and folder.is_dir():
        lacking = _missing_files(folder)
        if lacking:
            problem = f"is no converted Wav2Vec2 model: {', '.join(lacking)} missing"
            raise EngineError(str(folder), problem, HOW_TO_CONVERT)
        return folder
    cached = _find_cached(model)
    return cached if cached and not _missing_files(cached) else None


def need_ctc_model(model: str) -> Path:
    """The folder of the model asked for.

    Raises:
        EngineError: none is asked for, or it is not on this machine.
    """
    folder = find_ctc_model(model) if model else None
    if folder is None:
        problem = f"model {model!r} is not on this machine" if model else "needs a model"
        raise EngineError("ctc", problem, f"set align.model to a folder; {HOW_TO_CONVERT}")
    return folder


def list_ctc_models() -> tuple[str, ...]:
    """The converted models in the hub's cache, by name; those in other folders nobody can list."""
    from huggingface_hub import CacheNotFound, scan_cache_dir

    try:
        repositories = scan_cache_dir().repos
    except CacheNotFound:
        return ()
    return tuple(
        sorted(
            one.repo_id
            for one in repositories
            if any(not _missing_files(revision.snapshot_path) for revision in one.revisions)
        )
    )


def _missing_files(folder: Path) -> tuple[str, ...]:
    return tuple(name for name in NEEDED_FILES if not (folder / name).is_file())


def _find_cached(name: str) -> Path | None:
    from huggingface_hub import snapshot_download

    if "/" not in name:
        return None
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):
        return None
