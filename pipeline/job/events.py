"""The events a runner reports while it works: plain records, for renderers to show or print."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pipeline.errors import CuecastError

ItemState = Literal["waiting", "running", "done", "failed", "interrupted"]
RunState = Literal["running", "done", "failed", "interrupted"]
StepState = Literal["waiting", "running", "done", "failed", "skipped", "interrupted"]


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins; `n_steps` counts the steps of all items, reused ones included."""

    output: Path
    n_items: int
    n_steps: int


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step was given to a worker; `reason` is why it has to run."""

    item: str
    stage: str
    reason: str
    cpus: int


@dataclass(frozen=True, slots=True)
class StepProgress:
    """The share done of a running step, 0..1."""

    item: str
    stage: str
    share: float


@dataclass(frozen=True, slots=True)
class StepStatusLine:
    """A line that a running step shows to the user."""

    item: str
    stage: str
    line: str


@dataclass(frozen=True, slots=True)
class StepReused:
    """A step was sealed by an earlier run and need not run."""

    item: str
    stage: str


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step was sealed; `used` is what it chose where the request left it open (engine, model)."""

    item: str
    stage: str
    seconds: float
    cpu_seconds: float
    used: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step ended with an error; nothing was sealed."""

    item: str
    stage: str
    error: CuecastError


@dataclass(frozen=True, slots=True)
class StepSkipped:
    """A step was not started because a step before it failed."""

    item: str
    stage: str
    because: str


@dataclass(frozen=True, slots=True)
class ItemEnded:
    """All steps of an item are done, failed or skipped."""

    item: str
    state: ItemState
    folder: Path


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The run is over: all items have ended, or it was interrupted."""

    state: RunState
    n_done: int
    n_failed: int
    n_steps_run: int
    seconds: float


Event = (
    RunStarted
    | StepStarted
    | StepProgress
    | StepStatusLine
    | StepReused
    | StepDone
    | StepFailed
    | StepSkipped
    | ItemEnded
    | RunEnded
)
