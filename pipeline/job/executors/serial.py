"""Runs steps one after another in the calling process: the executor to debug a stage with.

There are no time limits, and a native crash ends the whole run.
"""

from concurrent.futures import Future

from pipeline.errors import CuecastError
from pipeline.job.stage import StepOutcome, StepRequest
from pipeline.job.step import run_step


class SerialExecutor:
    """Runs each step inside `submit`, which returns when the step is done."""

    def __init__(self, n_workers: int = 1) -> None:
        del n_workers

    def submit(self, request: StepRequest) -> Future[StepOutcome]:
        """Run the step here and now."""
        future: Future[StepOutcome] = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(run_step(request))
        except CuecastError as error:
            future.set_exception(error)
        return future

    def close(self) -> None:
        """Nothing is left running."""
