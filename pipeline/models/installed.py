"""Find the models on this machine, by name or folder, and download missing ones.

Without `tokenizer.json` in a folder, faster-whisper would download another model's vocabulary, so
every folder is checked first. Loading models is the engines' matter.
"""

import difflib
import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from pipeline.errors import EngineError, did_you_mean
from pipeline.models import packaged
from pipeline.models.hub import Tell, fetch
from pipeline.models.hub_cache import (
    cache_folder,
    count_partial,
    drop_broken,
    find_snapshot,
    list_repos,
)
from pipeline.models.kinds import KINDS, WHISPER, ModelKind, find_kind, list_files
from pipeline.models.model_packages import assemble, explain_lack, find_packaged, locate
from pipeline.records import record

TELL_EVERY_S = 0.1
LINE_STEP = 0.1
"""A step that downloads a model reports each further share of this size in a line."""
SIZES_MB = {
    "tiny": 78, "tiny.en": 78, "base": 148, "base.en": 148, "small": 486, "small.en": 486,
    "medium": 1530, "medium.en": 1530, "large-v1": 3090, "large-v2": 3090, "large-v3": 3090,
    "large": 3090, "large-v3-turbo": 1620, "turbo": 1620, "distil-small.en": 335,
    "distil-medium.en": 792, "distil-large-v2": 1515, "distil-large-v3": 1515,
    "distil-large-v3.5": 1515,
}  # fmt: skip
"""Approximate download in MB (10^6 bytes): two bytes a weight, and the tokenizer. Source:
Radford et al. 2022, table 1 (39, 74, 244, 769, 1550 million weights); Gandhi et al. 2023, table 3.
"""


@record
class ModelStatus:
    """One model that a job can name, or that comes with a package.

    `kind` tells which option names it; `partial_bytes` is the size of an interrupted download.
    """

    name: str
    is_here: bool
    folder: str | None
    size_bytes: int
    kind: str
    partial_bytes: int = 0


def find_model(model: str, kind: ModelKind = WHISPER) -> Path | None:
    """The folder of a model given by path or by name, if it is complete on this machine.

    Raises:
        EngineError: the folder given is missing, or lacks a file of such a model; or a package's
            file has a wrong checksum.
    """
    folder = Path(model).expanduser()
    if model.startswith(("/", ".", "~")) and not folder.is_dir():
        raise EngineError(model, "no such folder", f"check {kind.option}, or give a model's name")
    if model and folder.is_dir():
        if lacking := kind.missing(list_files(folder)):
            problem = f"is no {kind.name} model: {', '.join(lacking)} missing"
            raise EngineError(str(folder), problem, kind.remedy)
        return folder
    repo = _find_repo(model)
    if repo is None:
        return None
    snapshot = find_snapshot(repo, lambda folder: not kind.missing(list_files(folder)))
    packaged_model = find_packaged(model) if kind is WHISPER else None
    return snapshot or (assemble(packaged_model) if packaged_model else None)


def require_model(model: str, option: str = "transcribe.model") -> Path:
    """The folder of the Whisper model that an option names; never touches the network.

    Raises:
        EngineError: the name is unknown, the model is missing, or the folder is no model.
    """
    folder = find_model(model)
    if folder is None:
        need_repo(model, option)
        raise EngineError(option, *explain_missing(model))
    return folder


def explain_missing(model: str) -> tuple[str, str]:
    """What is wrong where a model is not on this machine, and what to do."""
    problem, get = f"{model} is not on this machine", f"`cuecast models get {model}`"
    if row := find_packaged(model):
        return f"{problem}: {explain_lack(row)}", f"`{row.command}`, or {get}"
    return problem, f"{get}, or `engine: faster_whisper`, which fetches it"


def need_repo(model: str, option: str) -> str:
    """The hub model that a name stands for.

    Raises:
        EngineError: the name is unknown.
    """
    repo = _find_repo(model)
    if repo is None:
        remedy = did_you_mean(model, sorted(_named_whispers()), "models")
        raise EngineError(option, f"{model!r} is not known", remedy)
    return repo


def obtain_model(model: str, tell: Callable[[str], None]) -> Path:
    """The folder of a Whisper model, downloaded if it is not on this machine.

    Waits for another process that already downloads it.

    Args:
        tell: called with lines of progress.
    Raises:
        EngineError: no such model, or it can't be reached, stored or used.
    """
    told = -LINE_STEP

    def tell_of(n_done: int, n_bytes: int) -> None:
        nonlocal told
        share = n_done / max(1, n_bytes)
        if share >= told + LINE_STEP:
            told = share
            tell(f"fetching model {model}: {n_done / 1e6:.0f} of {n_bytes / 1e6:.0f} MB")

    return find_model(model) or _fetch(model, tell_of, waits=True)


def describe_fetch(name: str, repo: str) -> str:
    """A line on the download that a missing model needs, as far as that is known offline.

    Raises:
        EngineError: the hub's client is set to stay offline.
    """
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        problem = "is not on this machine, and HF_HUB_OFFLINE is set"
        raise EngineError(f"model {name}", problem, "unset it")
    size = f", about {SIZES_MB[name]} MB," if name in SIZES_MB else ""
    n_here = count_partial(repo)
    here = f" ({n_here / 1e6:.0f} MB are here)" if n_here else ""
    return f"model {name}{size} will be fetched into {cache_folder()}{here}"


def survey_models(folders: tuple[str, ...]) -> tuple[tuple[ModelStatus, ...], str]:
    """The models in these folders, or else all named ones; and the folder of downloads."""
    return list_models(folders), str(cache_folder())


def list_models(folders: tuple[str, ...] = ()) -> tuple[ModelStatus, ...]:
    """The models in these folders; without any, all that have names, and where each is.

    Raises:
        EngineError: a folder is missing, or holds no model.
    """
    if folders:
        return tuple(_describe_folder(Path(folder).expanduser()) for folder in folders)
    named = _named_whispers()
    rows = [_describe(name, repo, WHISPER) for name, repo in named.items()]
    return (*_list_embedded(), *rows, *_list_others(set(named.values())))


def get_model(name: str, progress_path: str | None = None) -> Path:
    """Download a model, resuming an interrupted download; a complete one is only checked.

    Args:
        progress_path: a file that progress is written to: bytes so far, bytes in all.
    Raises:
        EngineError: no such model, or it can't be reached, stored or used.
    """
    return _fetch(name, _write_to(Path(progress_path)) if progress_path else lambda *_: None)


def _fetch(name: str, tell: Tell, waits: bool = False) -> Path:
    repo = _find_repo(name)
    if repo is None:
        close = difflib.get_close_matches(name, _named_whispers(), n=1)
        remedy = f"did you mean {close[0]}?" if close else "see `cuecast models list`"
        raise EngineError(f"model {name}", "is not known", remedy)
    snapshot = find_snapshot(repo, lambda folder: find_kind(list_files(folder)) is not None)
    if snapshot and not drop_broken(snapshot):
        return snapshot
    if (row := find_packaged(name)) and (folder := assemble(row)):
        return folder

    def choose(names: Collection[str]) -> tuple[str, ...]:
        kind = find_kind(names)
        if kind is None:
            kinds = ", ".join(one.name for one in KINDS)
            problem = f"holds no model of a kind that is used here ({kinds})"
            raise EngineError(f"model {name}", problem, f"for a Whisper, {WHISPER.remedy}")
        return kind.choose(names)

    return fetch(repo, choose, tell, waits)


def _find_repo(name: str) -> str | None:
    """The hub model that a name stands for; None if it is unknown."""
    return name if name.count("/") == 1 else _named_whispers().get(name)


def _named_whispers() -> Mapping[str, str]:
    """The hub models that faster-whisper has short names for."""
    from faster_whisper.utils import _MODELS

    return dict(_MODELS)


def _describe(name: str, repo: str, kind: ModelKind) -> ModelStatus:
    folder = find_snapshot(repo, lambda snapshot: not kind.missing(list_files(snapshot)))
    if folder is None:
        if (row := find_packaged(name)) and (place := locate(row)):
            return ModelStatus(name, True, str(place[0]), place[1], kind.name)
        return ModelStatus(name, False, None, 0, kind.name, count_partial(repo))
    return ModelStatus(name, True, str(folder), _measure(folder), kind.name)


def _describe_folder(folder: Path) -> ModelStatus:
    if not folder.is_dir():
        raise EngineError(str(folder), "no such folder", "give the folder of a model, or none")
    names = list_files(folder)
    kind = find_kind(names)
    if kind is None:
        lacking = (f"{one.name}: {', '.join(one.missing(names))}" for one in KINDS)
        problem = f"is no model; missing for {'; for '.join(lacking)}"
        raise EngineError(str(folder), problem, "give the folder of a converted model")
    return ModelStatus(str(folder), True, str(folder), _measure(folder), kind.name)


def _list_embedded() -> Iterator[ModelStatus]:
    """The models that come with PocketSphinx and Moonshine."""
    from pocketsphinx import get_model_path

    known = (
        ("en-us", Path(get_model_path("en-us")), "PocketSphinx"),
        (packaged.NAME, packaged.find_folder(), "Moonshine"),
    )
    for name, folder, kind in known:
        if folder:
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            yield ModelStatus(name, True, str(folder), size, kind)


def _list_others(known: set[str]) -> Iterator[ModelStatus]:
    """Hub models without a short name, complete or not, that a job could use."""
    for repo in list_repos():
        folder = find_snapshot(repo, lambda snapshot: bool(find_kind(list_files(snapshot))))
        if repo in known:
            continue
        if folder and (kind := find_kind(list_files(folder))):
            yield ModelStatus(repo, True, str(folder), _measure(folder), kind.name)
        elif n_bytes := count_partial(repo):
            yield ModelStatus(repo, False, None, 0, "", n_bytes)


def _measure(folder: Path) -> int:
    return sum((folder / name).stat().st_size for name in list_files(folder))


def _write_to(path: Path) -> Tell:
    """A callback that writes progress to a file atomically."""
    fresh = path.with_suffix(".new")
    told_s = 0.0

    def tell(n_done: int, n_bytes: int) -> None:
        nonlocal told_s
        if n_done < n_bytes and time.monotonic() < told_s + TELL_EVERY_S:
            return
        told_s = time.monotonic()
        fresh.write_text(json.dumps([n_done, n_bytes]))
        fresh.replace(path)

    return tell
