"""Runs steps in worker processes of this machine, which are reused.

A step that crashes, hangs or is killed fails alone. A worker is started in `process.py`.
"""

import contextlib
import queue
import signal
import threading
from collections.abc import Generator
from concurrent.futures import Future

from pipeline.errors import CuecastError, EngineError, StepError
from pipeline.job.executors.process import Worker
from pipeline.job.stage import StepOutcome, StepRequest
from pipeline.job.step import crash_error, format_cause

_Task = tuple[Future[StepOutcome], StepRequest]

_MAY_HAVE_BROKEN = (EngineError, StepError)
"""After these errors native code may have corrupted the worker's memory, so the next step gets a
new one. Bad media and texts are refused before an engine sees them, and cost no worker."""


class LocalExecutor:
    """Up to `n_workers` workers, each with a supervising thread, started when first needed."""

    def __init__(self, n_workers: int) -> None:
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._supervisors = [_Supervisor(self._tasks) for _ in range(n_workers)]
        self._n_open = 0
        self._counting = threading.Lock()

    def submit(self, request: StepRequest) -> Future[StepOutcome]:
        """Hand a step to the next free worker."""
        future: Future[StepOutcome] = Future()
        future.set_running_or_notify_cancel()
        with self._counting:
            self._n_open += 1
            n_open = self._n_open
        future.add_done_callback(self._count_done)
        self._tasks.put((future, request))
        for supervisor in self._supervisors[:n_open]:
            supervisor.start()
        return future

    def close(self) -> None:
        """Kill the workers and their child processes; running steps are interrupted."""
        for supervisor in self._supervisors:
            supervisor.stop()
            self._tasks.put(None)
        for supervisor in self._supervisors:
            supervisor.join()
        with contextlib.suppress(queue.Empty):
            while True:
                if (task := self._tasks.get_nowait()) is not None:
                    task[0].set_exception(_interruption(task[1]))

    def _count_done(self, future: Future[StepOutcome]) -> None:
        with self._counting:
            self._n_open -= 1


class _Supervisor:
    """A thread that sends steps to one worker, watches it, and replaces it when it dies."""

    def __init__(self, tasks: queue.SimpleQueue[_Task | None]) -> None:
        self._tasks = tasks
        self._thread: threading.Thread | None = None
        self._worker: Worker | None = None
        self._is_stopped = False

    def start(self) -> None:
        """Start the thread unless it is running."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._supervise, daemon=True)
            with _interrupts_held_back():
                self._thread.start()

    def stop(self) -> None:
        """Kill the worker; its step counts as interrupted."""
        self._is_stopped = True
        if (worker := self._worker) is not None:
            worker.kill()

    def join(self) -> None:
        """Wait until the thread and its worker have ended."""
        if self._thread is not None:
            self._thread.join()

    def _supervise(self) -> None:
        while not self._is_stopped and (task := self._tasks.get()) is not None:
            future, request = task
            try:
                future.set_result(self._run(request))
            except CuecastError as error:
                future.set_exception(error)
            except Exception as error:
                # Any other error must reach the future too, or its caller waits for ever.
                future.set_exception(crash_error(request, format_cause(error)))
        self._bury()

    def _run(self, request: StepRequest) -> StepOutcome:
        """Run a step in the worker, or in a new one if it died while idle.

        Raises:
            CuecastError: the step's error, or one that says how its worker died.
        """
        if self._worker is not None and not self._worker.is_idle:
            self._bury()
        worker = self._worker = self._worker or Worker()
        if self._is_stopped:
            worker.kill()
        try:
            return worker.run(request)
        except _MAY_HAVE_BROKEN as error:
            self._bury()
            raise (_interruption(request) if self._is_stopped else error) from None

    def _bury(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()


def _interruption(request: StepRequest) -> StepError:
    return StepError(f"{request.item}: {request.stage}", "was interrupted", "run again")


@contextlib.contextmanager
def _interrupts_held_back() -> Generator[None]:
    """Block SIGINT while a thread starts: it and the processes it starts never get Ctrl-C."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
