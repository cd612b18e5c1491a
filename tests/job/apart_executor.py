"""A toy executor, added as any is, by a file and a row: each step has a process to itself."""

from concurrent.futures import Future, ThreadPoolExecutor

from pipeline.job.executors.process import Worker
from pipeline.job.stage import StepOutcome, StepRequest


class ApartExecutor:
    """Starts a worker process for each step, and ends it after."""

    def __init__(self, n_workers: int) -> None:
        self._threads = ThreadPoolExecutor(n_workers)

    def submit(self, request: StepRequest) -> Future[StepOutcome]:
        return self._threads.submit(_run_apart, request)

    def close(self) -> None:
        self._threads.shutdown()


def _run_apart(request: StepRequest) -> StepOutcome:
    with Worker() as worker:
        return worker.run(request)
