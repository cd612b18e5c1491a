"""Which files of an output tree are cuecast's own, and which foreign files block a run.

A file in a stage's folder is cuecast's if the folder's seal, or the journal that a killed step
left, names it. Any other file is foreign and is never changed or removed.
"""

import json
import os
import stat
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path, PurePosixPath

from pipeline.errors import ConfigError
from pipeline.job.stage import LOGS_NAME, Item, Job, Stage, choose_stages

SEAL_NAME = "_done.json"
JOURNAL_NAME = "_files.json"
"""Names cuecast's files while a folder has no seal: it is being sealed, or was unsealed."""
RESERVED_NAMES = (SEAL_NAME, JOURNAL_NAME, f"{SEAL_NAME}.new", f"{JOURNAL_NAME}.new")
"""Files that the job engine itself writes into a stage's folder."""

SCRATCH_NAME = ".scratch"
CACHE_NAME, LOCK_NAME, SOURCES_NAME = ".cache", "lock", "sources.json"
REPORT_NAME, SUMMARY_NAME = "run.json", "summary.csv"

MOVE_IT = "move that away, or choose another output folder"


def is_safe_name(name: str) -> bool:
    """Whether a file name from a seal stays inside the seal's folder."""
    path = PurePosixPath(name)
    is_plain = "\0" not in name and name == path.as_posix() and name not in RESERVED_NAMES
    return is_plain and bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def read_own_names(folder: Path) -> frozenset[str] | None:
    """The files that a folder's seal and journal name, whether or not they exist.

    Seals of other versions are read too.

    Returns:
        None if there is neither, or one of them can't be parsed.
    """
    names: set[str] = set()
    is_known = False
    for listing in (folder / SEAL_NAME, folder / JOURNAL_NAME):
        if not os.path.lexists(listing):
            continue
        try:
            files = json.loads(listing.read_bytes())["files"]
            found = {file if isinstance(file, str) else file["path"] for file in files}
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None
        if not all(isinstance(name, str) and is_safe_name(name) for name in found):
            return None
        names |= found
        is_known = True
    return frozenset(names) if is_known else None


def find_obstacle(folder: Path) -> str | None:
    """The foreign file that keeps a step from writing into a stage's folder.

    Returns:
        The problem, as worded in the error, or None.
    """
    try:
        if not os.path.lexists(folder):
            return None
        if folder.is_symlink() or not folder.is_dir():
            return "is no folder, and cuecast needs one of this name"
        for name in RESERVED_NAMES:
            if _find_wrong_kind(folder / name, is_folder=False):
                return f"holds {name!r}, which is no file"
        names = read_own_names(folder)
        if names is not None:
            return find_clash(folder, (), names)
        foreign = sorted(path.name for path in folder.iterdir() if path.name not in RESERVED_NAMES)
        is_sealed = any(os.path.lexists(folder / name) for name in RESERVED_NAMES)
        why = "and its seal can't be read" if is_sealed else "which no seal names"
        return f"holds {foreign[0]!r}, {why}" if foreign else None
    except OSError as error:
        return f"can't be read ({error.strerror})"


def find_clash(folder: Path, new: Iterable[str], own: Collection[str]) -> str | None:
    """The foreign file or folder at the path of a file that is ours (`own`) or will be (`new`)."""
    for name in (*own, *new):
        path = folder / name
        above = [folder.joinpath(*Path(name).parts[:n]) for n in range(1, len(Path(name).parts))]
        blocked = next((one for one in above if _kind(one) not in (None, stat.S_IFDIR)), None)
        if blocked is not None:
            return f"needs a folder where {blocked.name!r} is none"
        kind = _kind(path)
        if kind == stat.S_IFDIR or (kind is not None and name not in own):
            return f"holds {name!r}, which no seal names"
    return None


def find_item_obstacle(
    job: Job, item: Item, stages: Sequence[Stage]
) -> tuple[str, ConfigError] | None:
    """The first stage of an item that can't write its files, and the error."""
    first = stages[0].name
    for path in (item.folder, item.folder / SCRATCH_NAME, job.log_path(item, first).parent):
        if problem := _find_wrong_kind(path, is_folder=True):
            return first, ConfigError(str(path), problem, MOVE_IT)
    homes = (item.folder, item.folder.resolve())
    for stage in stages:
        folders = {home / stage.name for home in homes}
        if inside := [path for path in item.sources.values() if folders.intersection(path.parents)]:
            what = "lies where the job writes its own files"
            name = stage.name if stage.is_for(item) else first
            return name, ConfigError(str(inside[0]), what, "copy it elsewhere first")
        if not stage.is_for(item):
            continue
        log, folder = job.log_path(item, stage.name), item.folder / stage.name
        if problem := _find_wrong_kind(log, is_folder=False):
            return stage.name, ConfigError(str(log), problem, MOVE_IT)
        if problem := find_obstacle(folder):
            return stage.name, ConfigError(str(folder), problem, MOVE_IT)
    return None


def check_output(job: Job, stages: Sequence[Stage]) -> None:
    """Refuse an output folder in which a run would overwrite foreign files.

    A lock file shows that a run has used the folder before.

    Raises:
        ConfigError: it is no folder, holds a file that a run would overwrite, or all of the chosen
            items are blocked by foreign files.
    """
    try:
        _check_kinds(job.output)
        if not (job.output / CACHE_NAME / LOCK_NAME).exists():
            _check_first_run(job, stages)
    except OSError as error:
        problem = f"can't be read ({error.strerror})"
        raise ConfigError(str(job.output), problem, "choose another output folder") from error
    obstacles = (find_item_obstacle(job, item, stages) for item in job.chosen)
    first = next(obstacles, None)
    if first and all(obstacles):
        raise first[1]


def _check_kinds(output: Path) -> None:
    """Refuse a file where a folder should be, and the other way round."""
    cache = output / CACHE_NAME
    folders = (output, cache, output / LOGS_NAME)
    files = (output / REPORT_NAME, output / SUMMARY_NAME, cache / SOURCES_NAME, cache / LOCK_NAME)
    for path in (*folders, *files):
        if problem := _find_wrong_kind(path, path in folders):
            raise ConfigError(str(path), problem, MOVE_IT)


def _check_first_run(job: Job, stages: Sequence[Stage]) -> None:
    """Refuse a folder that no run has used but that holds files of names a run would write."""
    written = [job.output / REPORT_NAME, job.output / SUMMARY_NAME]
    if (job.output / LOGS_NAME).exists():
        written += [
            job.log_path(item, stage.name)
            for item in job.chosen
            for stage in choose_stages(stages, item)
        ]
    for path in written:
        if os.path.lexists(path):
            raise ConfigError(str(path), "is not cuecast's, and a run would replace it", MOVE_IT)


def _find_wrong_kind(path: Path, is_folder: bool) -> str | None:
    """The problem if a path is of the wrong kind; a folder may be a symlink, a file may not."""
    try:
        is_right = _kind(path) in (None, stat.S_IFDIR if is_folder else stat.S_IFREG)
        if is_right or (is_folder and path.is_dir()):
            return None
        return f"is no {'folder' if is_folder else 'file'}, and a run needs one here"
    except OSError as error:
        return f"can't be read ({error.strerror})"


def _kind(path: Path) -> int | None:
    """The file type of a path (`stat.S_IFMT`), symlinks not followed; None if nothing is there."""
    try:
        return stat.S_IFMT(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return None
