"""The SHA-256 of source files, remembered between runs.

A digest is taken again when a file's path, size, modification time or inode changed.
"""

import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from pipeline.codec import format_record, read_record
from pipeline.errors import MediaError, StepError
from pipeline.job.store import hash_file, write_atomically
from pipeline.records import record


@record
class KnownSource:
    """A file as it was when its digest was taken."""

    n_bytes: int
    mtime_ns: int
    inode: int
    sha256: str


@record
class KnownSources:
    """.cache/sources.json: digests by absolute path."""

    sources: Mapping[str, KnownSource] = field(default_factory=dict)
    version: int = 1


class SourceDigests:
    """Digests of source files; `save` keeps what was learned for the next run."""

    def __init__(self, output: Path) -> None:
        self._path = output / ".cache" / "sources.json"
        self._is_changed = False
        try:
            self._known = dict(read_record(self._path, KnownSources).sources)
        except StepError:
            self._known = {}

    def digest(self, path: Path) -> str:
        """The SHA-256 (hex) of a source file.

        Raises:
            MediaError: there is no such file, or it can't be read.
        """
        known = self._known.get(str(path))
        now = _stat(path)
        if known and now and (known.n_bytes, known.mtime_ns, known.inode) == _traits(now):
            return known.sha256
        sha256 = hash_file(path)
        if now is None:
            raise MediaError(str(path), "appeared while it was looked for", "run again")
        self._known[str(path)] = KnownSource(*_traits(now), sha256)
        self._is_changed = True
        return sha256

    def save(self) -> None:
        """Write down what was learned, if anything was."""
        if self._is_changed:
            ordered = dict(sorted(self._known.items()))
            write_atomically(self._path, format_record(KnownSources(ordered)))
            self._is_changed = False


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _traits(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_size, stat.st_mtime_ns, stat.st_ino
