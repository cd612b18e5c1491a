"""The hub's cache on this machine: models that are complete, partial or broken.

A file gets its final name only once it is complete and its checksum is right, a model its snapshot
folder only once all of its files have theirs. Downloading is `hub.py`'s matter.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pipeline.records import record

CHUNK_BYTES = 1 << 20


@record
class HubFile:
    """A file of a model: its name, size, and SHA-256 (git's SHA-1 for small files)."""

    name: str
    n_bytes: int
    checksum: str


def cache_folder() -> Path:
    """The folder of all hub models."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def find_snapshot(repo: str, is_whole: Callable[[Path], bool]) -> Path | None:
    """The folder of a hub model, if it is complete on this machine."""
    folder = folder_of(repo)
    try:
        commit = (folder / "refs" / "main").read_text("utf-8").strip()
    except (OSError, ValueError):
        return None
    snapshot = folder / "snapshots" / commit
    return snapshot if commit and snapshot.is_dir() and is_whole(snapshot) else None


def list_repos() -> Iterator[str]:
    """The names of the hub models on this machine, complete or not."""
    for folder in sorted(cache_folder().glob("models--*--*")):
        yield folder.name.removeprefix("models--").replace("--", "/", 1)


def count_partial(repo: str) -> int:
    """Bytes of interrupted downloads that can be resumed; not those of the hub's own client."""
    parts = (folder_of(repo) / "blobs").glob("*.incomplete")
    return sum(path.stat().st_size for path in parts if path.name.count(".") == 1)


def drop_broken(snapshot: Path) -> tuple[str, ...]:
    """Delete the files of a model that don't match their checksum; returns their names."""
    broken = []
    for path in sorted(snapshot.rglob("*")):
        blob = path.resolve()
        if path.is_symlink() and blob.is_file() and has_wrong_sum(blob, blob.name):
            blob.unlink()
            path.unlink()
            broken.append(path.relative_to(snapshot).as_posix())
    return tuple(broken)


def publish(folder: Path, commit: str, files: Sequence[HubFile]) -> Path:
    """Publish complete files as a model's newest snapshot, and return its folder."""
    snapshot = folder / "snapshots" / commit
    for file in files:
        path = snapshot / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        target = os.path.relpath(folder / "blobs" / file.checksum, path.parent)
        # A correct link stays: another process may be about to read it.
        if not path.is_symlink() or str(path.readlink()) != target:
            path.unlink(missing_ok=True)
            path.symlink_to(target)
    fresh = folder / "refs" / "main.new"
    fresh.write_text(commit, "utf-8")
    fresh.replace(folder / "refs" / "main")
    return snapshot


def folder_of(repo: str) -> Path:
    """The folder of a model, complete or not, whether or not it exists."""
    return cache_folder() / f"models--{repo.replace('/', '--')}"


def has_wrong_sum(path: Path, checksum: str) -> bool:
    """Whether a file does not match its SHA-256 (64 digits) or git's SHA-1 of a blob (40)."""
    if len(checksum) == 64:
        digest = hashlib.sha256()
    elif len(checksum) == 40:
        digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    else:
        return False
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest() != checksum
