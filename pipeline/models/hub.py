"""Downloads from the hub into its cache, resumed after an interruption and checked.

The hub's own client neither resumes nor checks downloads by plain HTTP. The cache itself is
`hub_cache.py`'s matter, which files make up a model `kinds.py`'s.
"""

import fcntl
import logging
import os
import shutil
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import EngineError
from pipeline.models.devices import first_line
from pipeline.models.hub_cache import HubFile, folder_of, has_wrong_sum, publish

Tell = Callable[[int, int], None]
"""Callback of progress: bytes downloaded so far, bytes in all."""

PARTIAL_CONTENT, RANGE_NOT_SATISFIABLE = 206, 416
ASK_TIMEOUT_S = 20.0
"""Timeout of a connection, for no data from the hub."""
N_TRIES = 3
"""Consecutive connections without any data before giving up."""
RETRY_WAIT_S = 1.0
AGAIN = "try again: it goes on from there"

logger = logging.getLogger(__name__)


def fetch(
    repo: str,
    choose: Callable[[Collection[str]], Sequence[str]],
    tell: Tell,
    waits: bool = False,
) -> Path:
    """Download the files of a hub model that `choose` picks by name; returns its folder.

    Args:
        waits: wait for another process that downloads one of them, instead of giving up.
    Raises:
        EngineError: there is no such model, the hub can't be reached, or it can't be stored.
    """
    where = f"model {repo}"
    commit, files = _list_files(repo)
    wanted = [files[name] for name in choose(files)]
    folder = folder_of(repo)
    try:
        for name in ("blobs", "refs", "snapshots"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        _check_room(folder, wanted)
        fetcher = _Fetcher(repo, commit, folder / "blobs", wanted, tell)
        for file in wanted:
            fetcher.fetch(file, waits)
        return publish(folder, commit, wanted)
    except OSError as error:
        if error.errno is None:
            raise _explain(repo, error) from error
        remedy = "mend that, or set HF_HOME to another folder"
        problem = f"can't be stored in {folder} ({error.strerror})"
        raise EngineError(where, problem, remedy) from error


class _Fetcher:
    """Downloads the files of one commit."""

    def __init__(
        self, repo: str, commit: str, blobs: Path, files: Sequence[HubFile], tell: Tell
    ) -> None:
        self._repo = repo
        self._commit = commit
        self._blobs = blobs
        self._n_done = 0
        self._n_bytes = sum(file.n_bytes for file in files)
        self._tell = tell

    def fetch(self, file: HubFile, waits: bool) -> None:
        """Download one file, or the rest of it; a part with a wrong checksum is deleted.

        Raises:
            EngineError: it can't be downloaded, or its checksum is wrong.
            OSError: it can't be stored.
        """
        where = f"model {self._repo}: {file.name}"
        blob = self._blobs / file.checksum
        partial = self._blobs / f"{file.checksum}.incomplete"
        with partial.open("ab") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
            except BlockingIOError as error:
                problem = "is being downloaded by another process"
                raise EngineError(where, problem, "wait for that one to end") from error
            if not blob.is_file():
                n_before = handle.tell()
                self._fill(file, handle)
                if n_before and has_wrong_sum(partial, file.checksum):
                    handle.truncate(0)
                    self._fill(file, handle)
                if has_wrong_sum(partial, file.checksum):
                    partial.unlink()
                    problem = "came with a wrong checksum, and was thrown away"
                    raise EngineError(where, problem, "try again, or later")
                partial.replace(blob)
            else:
                # The process that was waited for has renamed it to its final name.
                partial.unlink(missing_ok=True)
        self._n_done += file.n_bytes
        self._tell(self._n_done, self._n_bytes)

    def _fill(self, file: HubFile, handle: BinaryIO) -> None:
        """Resume at the end of the partial file, over as many connections as needed."""
        if handle.tell() > file.n_bytes:
            handle.truncate(0)
        n_tries = 0
        while (n_here := _size(handle)) < file.n_bytes:
            try:
                self._read(file, handle)
            except (OSError, EngineError):
                raise
            except Exception as error:  # the session's own kinds have no base that is not its own
                n_tries = n_tries + 1 if _size(handle) == n_here else 0
                if n_tries == N_TRIES:
                    raise _explain(self._repo, error, (n_here, file)) from error
                time.sleep(RETRY_WAIT_S)
            else:
                if _size(handle) < file.n_bytes:
                    problem = f"ended after {_size(handle)} of {file.n_bytes} bytes"
                    raise EngineError(f"model {self._repo}: {file.name}", problem, AGAIN)

    def _read(self, file: HubFile, handle: BinaryIO) -> None:
        """Append the data of one connection; restart if the server does not support ranges."""
        from huggingface_hub import get_session, hf_hub_url
        from huggingface_hub.utils import (  # type: ignore[attr-defined]
            build_hf_headers,
            hf_raise_for_status,
        )

        url = hf_hub_url(self._repo, file.name, revision=self._commit)
        headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
        if n_here := _size(handle):
            headers["Range"] = f"bytes={n_here}-"
        with get_session().stream("GET", url, headers=headers, timeout=ASK_TIMEOUT_S) as response:
            if response.status_code == RANGE_NOT_SATISFIABLE:
                handle.truncate(0)
                problem = f"has no more than {n_here} of {file.n_bytes} bytes there: thrown away"
                raise EngineError(
                    f"model {self._repo}: {file.name}", problem, "try again, or later"
                )
            hf_raise_for_status(response)
            if n_here and response.status_code != PARTIAL_CONTENT:
                handle.truncate(0)
            for chunk in response.iter_bytes():
                handle.write(chunk)
                self._tell(self._n_done + _size(handle), self._n_bytes)


def _list_files(repo: str) -> tuple[str, dict[str, HubFile]]:
    """The newest commit of a model, and its files by name."""
    from huggingface_hub import HfApi

    try:
        found = HfApi().model_info(repo, files_metadata=True, timeout=ASK_TIMEOUT_S)
    except Exception as error:  # the session's own kinds have no base that is not its own
        raise _explain(repo, error) from error
    files = {}
    for file in found.siblings or ():
        checksum = file.lfs.sha256 if file.lfs else file.blob_id
        if checksum and file.size is not None:
            files[file.rfilename] = HubFile(file.rfilename, file.size, checksum)
    if not found.sha:
        raise EngineError(f"model {repo}", "has no commit on the hub", "try again, or later")
    return found.sha, files


def _check_room(folder: Path, files: Sequence[HubFile]) -> None:
    """Reject a download that does not fit on the disk, before it starts."""
    n_bytes = sum(file.n_bytes for file in files)
    n_needed = n_bytes - sum(_measure_part(folder / "blobs", file) for file in files)
    n_free = shutil.disk_usage(folder).free
    if n_needed > n_free:
        problem = f"needs {n_needed / 1e6:.0f} MB, and {folder} has room for {n_free / 1e6:.0f}"
        remedy = "free some, or set HF_HOME to a folder on another disk"
        raise EngineError(f"model {folder.name}", problem, remedy)
    logger.info("%.1f of %.1f MB are to be downloaded to %s", n_needed / 1e6, n_bytes / 1e6, folder)


def _measure_part(blobs: Path, file: HubFile) -> int:
    """Bytes of a file downloaded so far."""
    for path in (blobs / file.checksum, blobs / f"{file.checksum}.incomplete"):
        if path.is_file():
            return min(path.stat().st_size, file.n_bytes)
    return 0


def _size(handle: BinaryIO) -> int:
    """The size of an open file that is only appended to."""
    handle.flush()
    return os.fstat(handle.fileno()).st_size


def _explain(repo: str, error: Exception, broken: tuple[int, HubFile] | None = None) -> EngineError:
    """Translate an error of the hub's client to one line that says what to do."""
    from huggingface_hub import errors

    where, spoken = f"model {repo}", first_line(error)
    match error:
        case errors.GatedRepoError():
            remedy = "accept them on its page, and set HF_TOKEN"
            return EngineError(where, "has terms that you have not accepted", remedy)
        case errors.RepositoryNotFoundError():
            remedy = "check the name; if it is a private one, set HF_TOKEN"
            return EngineError(where, "is not on the hub", remedy)
        case errors.HFValidationError():
            return EngineError(where, "is no name of a model", "see `cuecast models list`")
        case errors.OfflineModeIsEnabled():
            return EngineError(where, "can't be downloaded: offline", "unset HF_HUB_OFFLINE")
    if broken is not None:
        n_here, file = broken
        problem = f"{file.name} broke off at {n_here} of {file.n_bytes} bytes ({spoken})"
        return EngineError(where, problem, AGAIN)
    remedy = "check the network, or name a folder instead"
    return EngineError(where, f"can't be downloaded ({spoken})", remedy)
