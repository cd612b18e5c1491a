"""Sealed folders: how a stage's files come to count as done, and how that is read back.

Knows nothing of options or plans. A folder without a valid `_done.json` is not there.
"""

import glob
import hashlib
import os
import shutil
import stat
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path

from pipeline.codec import read_record, write_record
from pipeline.errors import MediaError, StepError
from pipeline.job.stage import Item, StepIdentity, StepRequest
from pipeline.records import record

SEAL_NAME = "_done.json"
SCRATCH_NAME = ".scratch"
FINGERPRINT_SHOWN = 12
"""Digits of the fingerprint in a scratch folder's name."""


@record
class SealedFile:
    """One file of a sealed folder; `path` is relative to it, with forward slashes."""

    path: str
    n_bytes: int
    sha256: str


@record
class Seal:
    """_done.json: what was asked, what was used where the request left it open, what came of it.

    The files named in `dropped` were sealed with the others and removed since, to save space.

    Invariants: nothing in it depends on the wall clock, the machine or the number of workers.
    """

    stage: str
    fingerprint: str
    identity: StepIdentity
    files: tuple[SealedFile, ...]
    used: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    version: int = 1


def scratch_path(item: Item, stage: str, fingerprint: str) -> Path:
    """Where a step writes before its files are sealed."""
    return item.folder / SCRATCH_NAME / f"{stage}-{fingerprint[:FINGERPRINT_SHOWN]}"


def make_scratch(request: StepRequest) -> None:
    """Make an empty scratch folder, whatever an interrupted step left there.

    What it kept stays if it was asked for the same; else it goes.
    """
    name = request.scratch.name
    _remove(request.scratch)
    for left in request.scratch.parent.glob(f"{request.stage}-*"):
        if not left.name.startswith(name):
            _remove(left)
    request.scratch.mkdir(parents=True)


def kept_path(scratch: Path, name: str) -> Path:
    """Where a step keeps what is to outlast its end before its files are sealed."""
    return scratch.with_name(f"{scratch.name}.kept") / name


def drop_folder(folder: Path) -> None:
    """Remove a folder and all in it, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)


def drop_scratch(scratch: Path) -> None:
    """Remove a step's scratch folder and what it noted and kept beside it.

    The folder around it stays: another step of the item may be about to write there.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    for note in scratch.parent.glob(f"{scratch.name}.*"):
        _remove(note)


def read_seal(folder: Path) -> Seal | None:
    """The folder's seal if it is valid: readable, and each file there with the size it had.

    Files that were dropped on purpose need not be there.  Cost: one stat a file.
    """
    try:
        seal = read_record(folder / SEAL_NAME, Seal)
        is_whole = all(
            (folder / file.path).stat().st_size == file.n_bytes
            for file in seal.files
            if file.path not in seal.dropped
        )
    except (StepError, OSError):
        return None
    return seal if is_whole else None


def seal_step(request: StepRequest, used: Mapping[str, str]) -> Seal:
    """Move a step's files from scratch into place, then write the seal, last of all.

    What was in place before loses its seal first: whenever the machine stops, a reader finds
    the old folder whole, the new one whole, or none.
    """
    names = sorted(path for path in request.scratch.rglob("*") if path.is_file())
    files = tuple(_describe_file(path, request.scratch) for path in names)
    seal = Seal(request.stage, request.fingerprint, request.identity, files, dict(used))
    folder = request.folder
    unseal(folder)
    if folder.exists():
        shutil.rmtree(folder)
    request.scratch.rename(folder)
    _write_seal(folder, seal)
    _flush(folder.parent)
    return seal


def unseal(folder: Path) -> None:
    """Have a sealed folder count as not there."""
    (folder / SEAL_NAME).unlink(missing_ok=True)


def drop_file(folder: Path, name: str) -> None:
    """Remove a file of a sealed folder; the seal stays valid and says so.

    The seal is rewritten first: a file that is still there though it counts as dropped is
    removed the next time.
    """
    seal = read_seal(folder)
    if seal is None or name not in {file.path for file in seal.files}:
        return
    if name not in seal.dropped:
        _write_seal(folder, replace(seal, dropped=(*seal.dropped, name)))
    (folder / name).unlink(missing_ok=True)


def hash_file(path: Path) -> str:
    """The SHA-256 (hex) of a file's bytes.

    Raises:
        MediaError: there is no such file, or it can't be read.
    """
    try:
        # Opening a pipe waits for its other end, and a device may have no end.
        if not stat.S_ISREG(mode := path.stat().st_mode) and not stat.S_ISDIR(mode):
            raise MediaError(str(path), "a pipe or a device", "save it as a file first")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except IsADirectoryError as error:
        raise MediaError(str(path), "is a folder", "name a file in it, or use a glob") from error
    except FileNotFoundError as error:
        problem = "no file matches" if glob.has_magic(path.name) else "no such file"
        raise MediaError(str(path), problem, "check the path") from error
    except OSError as error:
        problem = f"can't be read ({error.strerror})"
        raise MediaError(str(path), problem, "check the file and who may read it") from error


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _write_seal(folder: Path, seal: Seal) -> None:
    fresh = folder / f"{SEAL_NAME}.new"
    write_record(fresh, seal)
    _flush(fresh)
    fresh.replace(folder / SEAL_NAME)
    _flush(folder)


def _describe_file(path: Path, root: Path) -> SealedFile:
    _flush(path)
    name = path.relative_to(root).as_posix()
    return SealedFile(name, path.stat().st_size, hash_file(path))


def _flush(path: Path) -> None:
    """Have the system put a file or a folder on the disk before anything after it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
