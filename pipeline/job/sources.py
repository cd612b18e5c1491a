"""The SHA-256 digests of source files, cached between runs.

A file is hashed again when its path, size, modification time or inode changed.
"""

import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path

from pipeline.codec import format_record, read_record
from pipeline.errors import MediaError, StepError
from pipeline.job.disk import check_file, hash_file, write_atomically
from pipeline.job.ownership import CACHE_NAME, SOURCES_NAME
from pipeline.records import record

Traits = tuple[int, int, int]
"""Size in bytes, modification time in ns, inode; if none changed, the file is taken as the same."""

READ_IN_PASSING_BYTES = 16_000_000
"""Files up to this size are hashed in the runner's process: that takes hundredths of a second,
while a step of its own takes a second to start its process."""


@record
class KnownSource:
    """A file's traits when it was hashed, and its digest."""

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
    """Digests of source files; `save` writes them for the next run."""

    def __init__(self, output: Path) -> None:
        self._path = output / CACHE_NAME / SOURCES_NAME
        self._is_changed = False
        try:
            self._known = dict(read_record(self._path, KnownSources).sources)
        except StepError:
            self._known = {}

    def find(self, path: Path) -> str | None:
        """The cached SHA-256 (hex) of a source file, None if it changed or was never hashed.

        Raises:
            MediaError: there is no such file, or it can't be opened.
        """
        found = check_file(path)
        is_same = self.traits(path) == _traits(found)
        return self._known[_key(path)].sha256 if is_same else None

    def digest(self, path: Path) -> str:
        """The SHA-256 (hex) of a source file, hashed now if it is not cached.

        Raises:
            MediaError: there is no such file, it can't be read, or changed meanwhile.
        """
        known = self.find(path)
        if known is not None:
            return known
        before = read_traits(path)
        sha256 = hash_file(path)
        self.learn(path, before, sha256)
        return sha256

    def read_small(self, paths: Iterable[Path]) -> dict[str, Path]:
        """Hash the small files among some sources; returns the large ones not hashed yet, by path.

        A file that can't be read is left out; the step that needs it raises the error.
        """
        large: dict[str, Path] = {}
        for path in dict.fromkeys(paths):
            with contextlib.suppress(MediaError):
                if self.find(path) is None and path.stat().st_size > READ_IN_PASSING_BYTES:
                    large[str(path)] = path
                else:
                    self.digest(path)
        return large

    def traits(self, path: Path) -> Traits | None:
        """The traits that a source had when it was hashed."""
        known = self._known.get(_key(path))
        return (known.n_bytes, known.mtime_ns, known.inode) if known else None

    def learn(self, path: Path, before: Traits | None, sha256: str) -> None:
        """Cache a digest with the traits that the file had before it was hashed.

        Raises:
            MediaError: its traits changed meanwhile.
        """
        if before is None or read_traits(path) != before:
            raise MediaError(str(path), "changed while it was read", "run again")
        self._known[_key(path)] = KnownSource(*before, sha256)
        self._is_changed = True

    def save(self) -> None:
        """Write the cache if it changed.

        Raises:
            StepError: it can't be written.
        """
        if self._is_changed:
            ordered = dict(sorted(self._known.items()))
            write_atomically(self._path, format_record(KnownSources(ordered)))
            self._is_changed = False


def _key(path: Path) -> str:
    """A path as text for JSON; bytes that are not UTF-8 are escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def read_traits(path: Path) -> Traits | None:
    """A file's present traits; None if there is no such file."""
    try:
        return _traits(path.stat())
    except OSError:
        return None


def is_unchanged(path: Path, before: Traits | None, sha256: str) -> bool:
    """Whether a source is unchanged: by its digest if it is small or its traits changed.

    Raises:
        MediaError: it is gone or can't be read.
    """
    found = check_file(path)
    if found.st_size > READ_IN_PASSING_BYTES and _traits(found) == before:
        return True
    return hash_file(path) == sha256


def _traits(stat: os.stat_result) -> Traits:
    return stat.st_size, stat.st_mtime_ns, stat.st_ino
