"""Seals: `_done.json`, written last into a stage's folder, marks its files as complete.

A folder without a valid seal counts as not done. `ownership.py` says which files may be replaced.
"""

import stat
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import field, replace
from pathlib import Path

from pipeline.codec import format_record, read_record
from pipeline.errors import StepError
from pipeline.job.disk import flush, hash_file
from pipeline.job.ownership import (
    JOURNAL_NAME,
    MOVE_IT,
    SEAL_NAME,
    find_clash,
    find_obstacle,
    is_safe_name,
    read_own_names,
)
from pipeline.job.stage import Item, Stage, StepIdentity, StepRequest
from pipeline.records import record
from pipeline.records.base import check


@record
class SealedFile:
    """One file of a sealed folder.

    Invariants: `path` is relative to the folder and stays in it, with forward slashes.
    """

    path: str
    n_bytes: int
    sha256: str

    def __post_init__(self) -> None:
        check(is_safe_name(self.path), f"{self.path!r} is no file's place in a folder")


@record
class Seal:
    """_done.json: the request's identity, what the step chose itself (`used`), the files it wrote.

    The files named in `dropped` were sealed with the others and deleted later to save space.

    Invariants: nothing in it depends on the wall clock, the machine or the number of workers.
    """

    stage: str
    fingerprint: str
    identity: StepIdentity
    files: tuple[SealedFile, ...]
    used: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    version: int = 1

    @property
    def files_here(self) -> tuple[SealedFile, ...]:
        """The sealed files that were not dropped."""
        return tuple(file for file in self.files if file.path not in self.dropped)


@record
class Journal:
    """_files.json: names cuecast's files in a folder while it has no seal."""

    files: tuple[str, ...]
    version: int = 1


def read_seal(folder: Path) -> Seal | None:
    """The folder's seal if it is valid: readable, and each file exists with the sealed size.

    Cost: one stat per file; only `hashing.py` (`--verify`) compares digests.
    """
    try:
        if folder.is_symlink():
            return None
        seal = read_record(folder / SEAL_NAME, Seal)
        is_whole = all(_has_size(folder / file.path, file.n_bytes) for file in seal.files_here)
    except (StepError, OSError):
        return None
    return seal if is_whole else None


def seal_step(request: StepRequest, used: Mapping[str, str]) -> Seal:
    """Move a step's files from scratch into place, then write the seal, last of all.

    The old seal is removed first: whenever the machine stops, a reader finds the old folder whole,
    the new one whole, or none. Until the new seal is written a journal names the old and the new
    files, so that a later run knows them as cuecast's.

    Raises:
        StepError: a foreign file is at the path of one of them; nothing was moved.
    """
    names = sorted(path for path in request.paths.scratch.rglob("*") if path.is_file())
    files = tuple(_describe_file(path, request.paths.scratch) for path in names)
    seal = Seal(request.stage, request.identity.fingerprint, request.identity, files, dict(used))
    folder = request.paths.folder
    old, new = read_own_names(folder) or frozenset(), {file.path for file in files}
    if problem := find_obstacle(folder) or find_clash(folder, sorted(new), old):
        raise StepError(str(folder), problem, MOVE_IT)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder, JOURNAL_NAME, Journal(tuple(sorted(old | new))))
    (folder / SEAL_NAME).unlink(missing_ok=True)
    _remove_files(folder, old - new)
    for name in sorted(new):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (request.paths.scratch / name).replace(folder / name)
    for inner in {(folder / name).parent for name in new}:
        flush(inner)
    _write(folder, SEAL_NAME, seal)
    (folder / JOURNAL_NAME).unlink()
    flush(folder.parent)
    return seal


def unseal(folder: Path) -> None:
    """Remove a folder's seal, so that it counts as not done; a journal still names its files."""
    names = read_own_names(folder)
    if names is not None:
        _write(folder, JOURNAL_NAME, Journal(tuple(sorted(names))))
        (folder / SEAL_NAME).unlink(missing_ok=True)
        flush(folder)


def tidy_folders(item: Item, stages: Sequence[Stage], redone: Collection[str]) -> None:
    """Make an item's folders ready for a run.

    Args:
        redone: stages that count as not done from now on, however the run ends.
    """
    for stage in stages:
        folder = item.folder / stage.name
        if not stage.is_for(item):
            _clear(folder)
        elif stage.name in redone:
            unseal(folder)
        elif read_seal(folder):
            # A run killed right after sealing leaves both.
            (folder / JOURNAL_NAME).unlink(missing_ok=True)


def _clear(folder: Path) -> None:
    """Remove the files of a stage that the item no longer has, its seal included."""
    names = read_own_names(folder)
    if names is not None and find_obstacle(folder) is None:
        unseal(folder)
        _remove_files(folder, names)
        (folder / JOURNAL_NAME).unlink()
        if not any(folder.iterdir()):
            folder.rmdir()


def drop_file(folder: Path, name: str) -> None:
    """Delete a file of a sealed folder; the seal stays valid and lists it as dropped.

    The seal is rewritten first: if a kill leaves a dropped file undeleted, the next call
    deletes it.
    """
    seal = read_seal(folder)
    if seal is None or name not in {file.path for file in seal.files}:
        return
    if name not in seal.dropped:
        _write(folder, SEAL_NAME, replace(seal, dropped=(*seal.dropped, name)))
    (folder / name).unlink(missing_ok=True)


def _has_size(path: Path, n_bytes: int) -> bool:
    """Whether a path is a regular file, not a link, of this size."""
    found = path.lstat()
    return stat.S_ISREG(found.st_mode) and found.st_size == n_bytes


def _remove_files(folder: Path, names: Set[str]) -> None:
    """Remove files of a folder, and the folders in it that become empty."""
    for name in names:
        (folder / name).unlink(missing_ok=True)
    _remove_empty({parent for name in names for parent in Path(name).parents}, folder)


def _remove_empty(inner: set[Path], folder: Path) -> None:
    for path in sorted(inner - {Path()}, key=lambda path: len(path.parts), reverse=True):
        if (folder / path).is_dir() and not any((folder / path).iterdir()):
            (folder / path).rmdir()


def _write(folder: Path, name: str, content: Seal | Journal) -> None:
    """Write a seal or a journal atomically and flush it, so that later writes come after it."""
    fresh = folder / f"{name}.new"
    fresh.write_bytes(format_record(content))
    flush(fresh)
    fresh.replace(folder / name)
    flush(folder)


def _describe_file(path: Path, root: Path) -> SealedFile:
    flush(path)
    name = path.relative_to(root).as_posix()
    return SealedFile(name, path.stat().st_size, hash_file(path))
