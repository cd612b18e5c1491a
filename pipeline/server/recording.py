"""An item's own recording, which lies outside the served folder: found by its content alone.

A file is served only if its SHA-256 is the one that the item's `ingest` was sealed with. So whoever
can write into the folder can't have a file read that they don't know already.
"""

import threading
from pathlib import Path

from pipeline.codec import read_record
from pipeline.errors import MediaError, StepError
from pipeline.job.disk import hash_file
from pipeline.job.ownership import CACHE_NAME, SOURCES_NAME
from pipeline.job.sources import KnownSources, Traits, read_traits
from pipeline.job.store import read_seal
from pipeline.records import Media

RECORDING_NAME = "recording"
"""What an item's recording is called in its folder's address; no stage has that name."""

VIDEO_TYPES = {
    ".m4v": "video/mp4",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
}
"""Containers that browsers may play, with their MIME types; for others the page has the sound."""


class Recordings:
    """The recordings of the items below one folder; each file is hashed once, until it changes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._sha256_by_traits: dict[tuple[Path, Traits | None], str] = {}

    def find(self, folder: Path) -> Path | None:
        """Where the recording with a picture of the item in `folder` should be; not looked into."""
        try:
            media = read_record(folder / "ingest" / "media.json", Media)
            known = read_record(self._root / CACHE_NAME / SOURCES_NAME, KnownSources)
        except StepError:
            return None
        sha256 = self._find_digest(folder)
        paths = (Path(path) for path, one in known.sources.items() if one.sha256 == sha256)
        fitting = (path for path in paths if path.suffix.lower() in VIDEO_TYPES and path.is_file())
        return next(fitting, None) if media.video else None

    def find_verified(self, folder: Path) -> Path | None:
        """The recording of the item in `folder`, if its bytes are the sealed ones.

        Cost: a pass over the file, the first time and after each change of it.
        """
        path = self.find(folder)
        if path is None:
            return None
        with self._lock:
            known = (path, read_traits(path))
            try:
                sha256 = self._sha256_by_traits.get(known) or hash_file(path)
            except MediaError:
                return None
            self._sha256_by_traits[known] = sha256
        return path if sha256 == self._find_digest(folder) else None

    def _find_digest(self, folder: Path) -> str | None:
        """The SHA-256 of the recording that an item was made from."""
        seal = read_seal(folder / "ingest")
        return seal.identity.sources.get("media") if seal else None
