"""What a runner tells while it works: plain records, for whoever draws or prints them."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pipeline.errors import CuecastError

ItemState = Literal["waiting", "running", "done", "failed", "interrupted"]
RunState = Literal["running", "done", "failed", "interrupted"]
StepState = Literal["waiting", "running", "done", "failed", "skipped", "interrupted"]


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins; `n_steps` counts those of every item, done ones included."""

    output: Path
    n_items: int
    n_steps: int


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step was handed to a worker, and why it runs."""

    item: str
    stage: str
    reason: str
    cpus: int


@dataclass(frozen=True, slots=True)
class StepProgress:
    """How much of a running step is done, 0..1."""

    item: str
    stage: str
    share: float


@dataclass(frozen=True, slots=True)
class StepTold:
    """A line that a running step has for the person who waits for it."""

    item: str
    stage: str
    line: str


@dataclass(frozen=True, slots=True)
class StepReused:
    """A step was done already."""

    item: str
    stage: str


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step was sealed; `used` says what it chose where the request left it open."""

    item: str
    stage: str
    seconds: float
    cpu_seconds: float
    used: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step ended with an error; nothing of it was sealed."""

    item: str
    stage: str
    error: CuecastError


@dataclass(frozen=True, slots=True)
class StepSkipped:
    """A step was not begun, as a step before it failed."""

    item: str
    stage: str
    because: str


@dataclass(frozen=True, slots=True)
class ItemEnded:
    """Nothing is left to do for an item."""

    item: str
    state: ItemState
    folder: Path


@dataclass(frozen=True, slots=True)
class RunEnded:
    """Nothing is left to do at all, or the run was interrupted."""

    state: RunState
    n_done: int
    n_failed: int
    n_steps_run: int
    seconds: float


Event = (
    RunStarted
    | StepStarted
    | StepProgress
    | StepTold
    | StepReused
    | StepDone
    | StepFailed
    | StepSkipped
    | ItemEnded
    | RunEnded
)
