"""Runs steps in worker processes of this machine, which are spawned once and reused.

A step that crashes, hangs or is killed fails alone. `worker.py` is what runs in a worker.
"""

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Generator
from concurrent.futures import Future
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from pipeline.errors import CuecastError, EngineError, StepError
from pipeline.job.executors.worker import BEGUN, work
from pipeline.job.scratch import drop_scratch
from pipeline.job.stage import StepOutcome, StepRequest
from pipeline.job.step import crash_error, format_cause

_Task = tuple[Future[StepOutcome], StepRequest]


class LocalExecutor:
    """Up to `n_workers` workers, each with a supervising thread, started when first needed."""

    def __init__(self, n_workers: int) -> None:
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._lifeline, self._held_end = multiprocessing.Pipe(duplex=False)
        self._supervisors = [_Supervisor(self._tasks, self._lifeline) for _ in range(n_workers)]
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
        # A worker that is just being spawned ends when this closes.
        self._held_end.close()
        for supervisor in self._supervisors:
            supervisor.join()
        with contextlib.suppress(queue.Empty):
            while True:
                if (task := self._tasks.get_nowait()) is not None:
                    task[0].set_exception(_interruption(task[1]))
        self._lifeline.close()

    def _count_done(self, future: Future[StepOutcome]) -> None:
        with self._counting:
            self._n_open -= 1


class _Supervisor:
    """A thread that sends steps to one worker, watches it, and replaces it when it dies."""

    def __init__(self, tasks: queue.SimpleQueue[_Task | None], lifeline: Connection) -> None:
        self._tasks = tasks
        self._lifeline = lifeline
        self._thread: threading.Thread | None = None
        self._worker: SpawnProcess | None = None
        self._line: Connection | None = None
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
        if self._worker is not None:
            _kill_group(self._worker)

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
        """Run a step in the worker.

        Raises:
            CuecastError: the step's error, or one that says how its worker died.
        """
        worker, line = self._send(request)
        answer, is_late = None, False
        with contextlib.suppress(EOFError, OSError):
            # The time limit starts at BEGUN: on a busy machine a new worker imports for seconds.
            if line in wait([line, worker.sentinel]) and line.recv() == BEGUN:
                ready = wait([line, worker.sentinel], request.limits.timeout_s)
                is_late = not ready
                answer = line.recv() if line in ready else None
        if isinstance(answer, StepOutcome):
            return answer
        if isinstance(answer, CuecastError):
            if isinstance(answer, _MAY_HAVE_BROKEN):
                self._bury()
            raise answer
        exitcode = self._bury()
        drop_scratch(request.paths.scratch)
        if self._is_stopped:
            raise _interruption(request)
        if is_late:
            where = f"{request.item}: {request.stage}"
            raise StepError(
                where, f"took longer than its {request.limits.timeout_s:g} s", _MORE_TIME
            )
        raise crash_error(request, f"its worker {_format_exit(exitcode)}")

    def _send(self, request: StepRequest) -> tuple[SpawnProcess, Connection]:
        """Send a step to the worker, or to a new one if it died while idle."""
        if self._worker is not None and self._line is not None:
            with contextlib.suppress(OSError):
                if self._worker.is_alive():
                    self._line.send(request)
                    return self._worker, self._line
            self._bury()
        context = multiprocessing.get_context("spawn")
        line, far_end = context.Pipe()
        worker = context.Process(target=work, args=(far_end, self._lifeline))
        worker.start()
        far_end.close()
        self._worker, self._line = worker, line
        if self._is_stopped:
            _kill_group(worker)
        # If the worker could not even start, `_run` sees that its sentinel is ready.
        with contextlib.suppress(OSError):
            line.send(request)
        return worker, line

    def _bury(self) -> int:
        """Kill the worker and its child processes; returns its exit code."""
        worker, line = self._worker, self._line
        self._worker = self._line = None
        if worker is None or line is None:
            return 0
        is_dead = wait([worker.sentinel], 0)
        _kill_group(worker)
        worker.join()
        line.close()
        return worker.exitcode if is_dead and worker.exitcode is not None else -signal.SIGKILL


_MORE_TIME = "raise run.timeout_s"

_MAY_HAVE_BROKEN = (EngineError, StepError)
"""After these errors native code may have corrupted the worker's memory, so the next step gets a
new one. Bad media and texts are refused before an engine sees them, and cost no worker."""


def _interruption(request: StepRequest) -> StepError:
    return StepError(f"{request.item}: {request.stage}", "was interrupted", "run again")


def _format_exit(exitcode: int) -> str:
    if exitcode < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-exitcode).name}"
    return f"ended with exit code {exitcode}"


def _kill_group(worker: SpawnProcess) -> None:
    """Kill a worker's process group: the worker and its child processes.

    The id of a dead worker is not reused until it is waited for, so no other group is hit.
    """
    if worker.pid is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(worker.pid, signal.SIGKILL)
    worker.kill()


@contextlib.contextmanager
def _interrupts_held_back() -> Generator[None]:
    """Block SIGINT while a thread starts: it and the processes it spawns never get Ctrl-C."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
