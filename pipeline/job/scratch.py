"""Scratch folders, where a step writes before its files are sealed, and its checkpoints.

All are named `<stage>-<digits of a fingerprint>`; nothing of another name is ever removed.
"""

import re
import shutil
from pathlib import Path

from pipeline.job.ownership import SCRATCH_NAME
from pipeline.job.stage import Item, StepRequest

FINGERPRINT_SHOWN = 12
"""Digits of the fingerprint in a scratch folder's name."""

_OURS = re.compile(rf"[a-z_]+-[0-9a-f]{{{FINGERPRINT_SHOWN}}}(\..+)?")


def scratch_path(item: Item, stage: str, fingerprint: str) -> Path:
    """The folder that a step writes into before its files are sealed."""
    return item.folder / SCRATCH_NAME / f"{stage}-{fingerprint[:FINGERPRINT_SHOWN]}"


def make_scratch(request: StepRequest) -> None:
    """Make an empty scratch folder, in place of what an interrupted step left there.

    Checkpoints of the same fingerprint stay; those of other fingerprints are removed.
    """
    name = request.paths.scratch.name
    _remove(request.paths.scratch)
    for left in request.paths.scratch.parent.glob(f"{request.stage}-*"):
        if not left.name.startswith(name) and _OURS.fullmatch(left.name):
            _remove(left)
    request.paths.scratch.mkdir(parents=True)


def checkpoint_path(scratch: Path, name: str) -> Path:
    """The path of a checkpoint, which survives a kill of the step."""
    return scratch.with_name(f"{scratch.name}.checkpoints") / name


def drop_scratch(scratch: Path) -> None:
    """Remove a step's scratch folder, its progress file and its checkpoints.

    The parent folder stays: another step of the item may be about to write there.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    for note in scratch.parent.glob(f"{scratch.name}.*"):
        _remove(note)


def sweep_scratch(item: Item) -> None:
    """Remove what steps of an item left; call it only while none of them runs."""
    folder = item.folder / SCRATCH_NAME
    if folder.is_symlink() or not folder.is_dir():
        return
    for left in folder.iterdir():
        if _OURS.fullmatch(left.name):
            _remove(left)
    if not any(folder.iterdir()):
        folder.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
