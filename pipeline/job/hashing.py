"""The step that hashes files: large sources, and with `--verify` the sealed files.

It runs in a worker like any step, with progress and a time limit, but seals nothing.
"""

import logging
from collections.abc import Mapping
from pathlib import Path

from pipeline.job.context import StepContext
from pipeline.job.disk import hash_file
from pipeline.job.scratch import scratch_path
from pipeline.job.stage import Item, Job, StepIdentity, StepLimits, StepPaths, StepRequest
from pipeline.job.store import Seal, read_seal

HASH_NAME = "hash"
"""The step's name in events and of its log file; no stage may have this name."""

logger = logging.getLogger(__name__)


def run(context: StepContext) -> None:
    """Hash the request's sources; the digests are returned in `StepOutcome.used`, by source key.

    Raises:
        MediaError: one of them can't be read.
    """
    sources = context.request.paths.sources
    n_bytes = sum(path.stat().st_size for path in sources.values())
    n_read = 0

    def tell(n_more: int) -> None:
        nonlocal n_read
        n_read += n_more
        context.progress(n_read / max(1, n_bytes))

    for key, path in sources.items():
        context.use(**{key: hash_file(path, tell)})
    logger.info("%d files, %d bytes read", len(sources), n_read)


def make_hash_request(job: Job, item: Item, files: Mapping[str, Path]) -> StepRequest:
    """The request of a step that hashes these files, by keys of the caller's choice."""
    identity = StepIdentity(HASH_NAME, options={"files": sorted(map(str, files.values()))})
    return StepRequest(
        item=item.id,
        run=f"{__name__}:run",
        identity=identity,
        paths=StepPaths(
            folder=item.folder / HASH_NAME,
            scratch=scratch_path(item, HASH_NAME, identity.fingerprint),
            log=job.log_path(item, HASH_NAME),
            sources=files,
        ),
        limits=StepLimits(timeout_s=job.run.timeout_s),
        has_seal=False,
    )


def list_sealed(item: Item, stages: tuple[str, ...]) -> dict[str, Path]:
    """The sealed files of an item by "stage/file", for those stages that have a valid seal."""
    found = ((stage, read_seal(item.folder / stage)) for stage in stages)
    return {
        f"{stage}/{file.path}": item.folder / stage / file.path
        for stage, seal in found
        if seal is not None
        for file in seal.files_here
    }


def find_altered(item: Item, stages: tuple[str, ...], digests: Mapping[str, str]) -> frozenset[str]:
    """The stages with a file whose digest is not the sealed one; digests by "stage/file"."""
    seals = {stage: read_seal(item.folder / stage) for stage in stages}
    return frozenset(
        stage for stage, seal in seals.items() if seal is not None and _is_altered(seal, digests)
    )


def _is_altered(seal: Seal, digests: Mapping[str, str]) -> bool:
    return any(
        digests.get(f"{seal.stage}/{file.path}", file.sha256) != file.sha256
        for file in seal.files_here
    )
