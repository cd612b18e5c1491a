"""What a stage's function is given: inputs, options, output paths, checkpoints, progress."""

import time
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, overload

from pipeline.codec import format_record, from_plain, read_record, write_record
from pipeline.errors import StepError
from pipeline.job.disk import write_atomically
from pipeline.job.scratch import checkpoint_path
from pipeline.job.stage import StepRequest

T = TypeVar("T")

PROGRESS_INTERVAL_S = 0.2
"""The least time between two writes of a step's progress file."""


class StepContext:
    """All that a stage sees of the job engine."""

    def __init__(self, request: StepRequest) -> None:
        self.request = request
        self.used: dict[str, str] = {}
        self._progress_written_s = 0.0

    @property
    def cpus(self) -> int:
        """How many threads or processes the step may keep busy."""
        return self.request.limits.cpus

    @property
    def item(self) -> str:
        """The item's id: what messages begin with."""
        return self.request.item

    def source(self, key: str) -> Path:
        """The path of a source file the item has."""
        return self.request.paths.sources[key]

    def has_source(self, key: str) -> bool:
        """Whether the item has this source file."""
        return key in self.request.paths.sources

    @overload
    def option(self, key: str, kind: type[T]) -> T: ...

    @overload
    def option(self, key: str, kind: UnionType) -> Any: ...

    def option(self, key: str, kind: Any) -> Any:
        """The item's options under `key`, as the record that owns them."""
        return from_plain(self.request.identity.options[key], kind, f"{self.item}: {key}")

    def input(self, stage: str, name: str) -> Path:
        """The path of a sealed file of a stage before this one."""
        return self.request.paths.inputs[stage] / name

    def has_input(self, stage: str, name: str) -> bool:
        """Whether the item went through a stage before this one that sealed such a file."""
        inputs = self.request.paths.inputs
        return stage in inputs and (inputs[stage] / name).is_file()

    def load(self, stage: str, name: str, kind: type[T]) -> T:
        """Read a record that a stage before this one saved."""
        return read_record(self.input(stage, name), kind)

    def path(self, name: str) -> Path:
        """Where to write a file that will be sealed."""
        return self.request.paths.scratch / name

    def save(self, name: str, record: object) -> None:
        """Save a record as a file that will be sealed."""
        write_record(self.path(name), record)

    def load_earlier(self, name: str, kind: type[T]) -> T | None:
        """The record that an earlier run of this stage saved, which this one will replace."""
        path = self.request.paths.folder / name
        try:
            return read_record(path, kind) if path.exists() else None
        except StepError:
            return None

    def save_checkpoint(self, name: str, record: object) -> None:
        """Save a record that survives a kill: the next run of the same step can load it."""
        self.save_checkpoint_bytes(f"{name}.json", format_record(record))

    def load_checkpoint(self, name: str, kind: type[T]) -> T | None:
        """The record that a killed run of the same step saved under this name, or None."""
        path = checkpoint_path(self.request.paths.scratch, f"{name}.json")
        try:
            return read_record(path, kind) if path.exists() else None
        except StepError:
            return None

    def save_checkpoint_bytes(self, name: str, content: bytes) -> None:
        """Save bytes that survive a kill, as `save_checkpoint` does a record."""
        write_atomically(checkpoint_path(self.request.paths.scratch, name), content)

    def load_checkpoint_bytes(self, name: str) -> bytes | None:
        """The bytes that this run or a killed one of the same step saved, or None."""
        path = checkpoint_path(self.request.paths.scratch, name)
        return path.read_bytes() if path.exists() else None

    def use(self, **choices: str) -> None:
        """Record in the seal what the step chose where the request left it open (model, device)."""
        self.used.update(choices)

    def tell(self, line: str) -> None:
        """Show the user a line while the step runs; of lines in quick succession, the last."""
        write_atomically(status_line_path(self.request), line.encode())

    def progress(self, share: float) -> None:
        """Report the share done, 0..1; cheap enough to call often."""
        now_s = time.monotonic()
        if now_s - self._progress_written_s < PROGRESS_INTERVAL_S:
            return
        self._progress_written_s = now_s
        write_progress(self.request, share)


def status_line_path(request: StepRequest) -> Path:
    """The file of the last line that a running step passed to `tell`."""
    return request.paths.scratch.with_suffix(".status")


def read_status_line(request: StepRequest) -> str:
    """The last line that a running step passed to `tell`; empty if none."""
    try:
        return status_line_path(request).read_text("utf-8")
    except (OSError, ValueError):
        return ""


def progress_path(request: StepRequest) -> Path:
    """A running step's progress file: beside its scratch folder, so that it is never sealed."""
    return request.paths.scratch.with_suffix(".progress")


def write_progress(request: StepRequest, share: float) -> None:
    """Write progress so that a reader sees the old or the new value, never half of one."""
    path = progress_path(request)
    fresh = path.with_suffix(".progress-new")
    fresh.write_text(f"{share:.4f}")
    fresh.replace(path)


def read_progress(request: StepRequest) -> float:
    """The share done of a running step, 0 before the first report."""
    try:
        return float(progress_path(request).read_text())
    except (OSError, ValueError):
        return 0.0
