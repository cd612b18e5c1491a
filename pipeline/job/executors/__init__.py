"""Where steps run: each executor is a module here and a row of `EXECUTORS`, in `job/options.py`.

In reading order: `serial` (in this process), `local` (in worker processes), `process` (starts such
a process and calls it), `worker` (what it does there: hygiene that any executor can use). An
executor takes a `StepRequest` and returns a `concurrent.futures.Future`.
"""

import importlib
from concurrent.futures import Future
from typing import Protocol, cast

from pipeline.job.options import EXECUTORS
from pipeline.job.stage import StepOutcome, StepRequest


class Executor(Protocol):
    """Runs steps somewhere; made with the number of steps that may run at once."""

    def __init__(self, n_workers: int) -> None: ...

    def submit(self, request: StepRequest) -> Future[StepOutcome]:
        """Start a step; the future holds its outcome, or a `CuecastError` of one line."""
        ...

    def close(self) -> None:
        """Stop whatever still runs, the programs it started included, and let the workers go."""
        ...


def make_executor(name: str, n_workers: int) -> Executor:
    """Make the executor of this name."""
    module, _, kind = EXECUTORS[name].partition(":")
    return cast(Executor, getattr(importlib.import_module(module), kind)(n_workers))
