"""A worker process from its parent's side: started by a command line of its own, called, killed.

The caller's `__main__` is not imported again, as multiprocessing would do, so that plain scripts
need no guard. `worker.py` is what runs in the process.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import wait
from typing import Any, Self, cast

from pipeline.errors import CuecastError, EngineError, StepError
from pipeline.job.executors.worker import ENVIRONMENT, REINSTALL
from pipeline.job.scratch import drop_scratch
from pipeline.job.stage import StepOutcome, StepRequest
from pipeline.job.step import crash_error

PROGRAM = """\
import sys
sys.path[:] = sys.argv[3:]
from pipeline.job.executors.worker import serve
serve(int(sys.argv[1]), int(sys.argv[2]))
"""
"""What a worker's interpreter runs; its arguments are the two file descriptors of `serve`, then the
folders in which the parent finds modules."""

ATTEMPT = "pipeline.job.executors.worker:attempt"

LOOK_EVERY_S = 0.2
"""How often a waiting parent calls `meanwhile`."""


class Worker:
    """A worker process that answers one call after another.

    It has a session of its own, hence a process group, which is killed with all that it started,
    and gets no Ctrl-C of the terminal: only its parent ends it. It ends with its parent.
    """

    def __init__(self) -> None:
        """Start the process; it imports while the parent goes on."""
        self._line, far_end = Pipe()
        lifeline, self._held_end = Pipe(duplex=False)
        self._is_ended = False
        self._ending = threading.Lock()
        handles = (far_end.fileno(), lifeline.fileno())
        with far_end, lifeline:
            self._process = subprocess.Popen(
                [*_name_interpreter(), "-c", PROGRAM, *map(str, handles), *_list_search_path()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=None if _is_open(2) else subprocess.DEVNULL,
                env={**os.environ, **ENVIRONMENT},
                pass_fds=handles,
                start_new_session=True,
            )
        _started.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def is_idle(self) -> bool:
        """Whether it lives and waits for a call: it sends nothing without one."""
        return not wait([self._line], 0)

    def call(
        self,
        name: str,
        *arguments: Any,
        timeout_s: float | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Any:
        """Call "module:function" in the process and return what it returns.

        Args:
            timeout_s: counts from when the process begins the call: on a busy machine a new one
                imports for seconds.
            meanwhile: called repeatedly until the function returns.
        Raises:
            CuecastError: what the function raised.
            EOFError: the process died.
            TimeoutError: the call took longer.
        """
        with contextlib.suppress(OSError):  # a dead process is seen below
            self._line.send((name, arguments))
        self._receive(None, meanwhile)  # BEGUN
        answer = self._receive(timeout_s, meanwhile)
        if isinstance(answer, CuecastError):
            raise answer
        return answer

    def run(self, request: StepRequest) -> StepOutcome:
        """Run a step in the process.

        Raises:
            CuecastError: the step's error, or one that says how the process died.
        """
        try:
            return cast(
                StepOutcome, self.call(ATTEMPT, request, timeout_s=request.limits.timeout_s)
            )
        except EOFError:
            error = crash_error(request, f"its worker {_format_exit(self.end())}")
        except TimeoutError:
            self.end()
            where = f"{request.item}: {request.stage}"
            problem = f"took longer than its {request.limits.timeout_s:g} s"
            error = StepError(where, problem, "raise run.timeout_s")
        drop_scratch(request.paths.scratch)
        raise error

    def kill(self) -> None:
        """Kill the process and its child processes; from any thread."""
        with self._ending:
            self._kill()

    def end(self) -> int:
        """Kill the process and its child processes, and wait for it; returns its exit code."""
        with self._ending:
            self._kill()
            exitcode = self._process.wait()
            self._is_ended = True
            self.close_pipes()
        return exitcode

    def close_pipes(self) -> None:
        """Close the pipes to the process."""
        self._line.close()
        self._held_end.close()

    def _kill(self) -> None:
        """Kill the process group. Its id is not reused until the process is waited for."""
        if not self._is_ended:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _receive(self, timeout_s: float | None, meanwhile: Callable[[], None] | None) -> Any:
        for left_s in _count_down(timeout_s, LOOK_EVERY_S if meanwhile else None):
            if wait([self._line], left_s):
                try:
                    return self._line.recv()
                except OSError as error:
                    raise EOFError from error
            if meanwhile:
                meanwhile()
        raise TimeoutError


def call_in_child(
    name: str, *arguments: Any, timeout_s: float, meanwhile: Callable[[], None] | None = None
) -> Any:
    """Call "module:function" in a process of its own, which native code may crash.

    Raises:
        CuecastError: what the function raised.
        EngineError: it raised anything else, crashed, or took too long.
    """
    with Worker() as worker:
        try:
            return worker.call(name, *arguments, timeout_s=timeout_s, meanwhile=meanwhile)
        except EOFError:
            raise EngineError(name, "crashed", REINSTALL) from None
        except TimeoutError:
            raise EngineError(name, f"took longer than {timeout_s:g} s", "try again") from None


def _count_down(timeout_s: float | None, longest_s: float | None) -> Iterator[float | None]:
    """How long to wait each time, up to a time limit in all; None is for ever."""
    end_s = None if timeout_s is None else time.monotonic() + timeout_s
    while end_s is None or (left_s := end_s - time.monotonic()) > 0:
        spans_s = (longest_s, None if end_s is None else left_s)
        yield min((span_s for span_s in spans_s if span_s is not None), default=None)


def _name_interpreter() -> list[str]:
    """This Python, which reads paths as this process does and no module beside where it runs."""
    return [sys.executable, "-P", *(["-X", "utf8"] if sys.flags.utf8_mode else [])]


def _list_search_path() -> Iterator[str]:
    for folder in sys.path:
        with contextlib.suppress(FileNotFoundError):  # a working directory that is gone
            yield os.path.abspath(folder)  # noqa: PTH100 - "" is the working directory


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _format_exit(exitcode: int) -> str:
    if exitcode < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-exitcode).name}"
    return f"ended with exit code {exitcode}"


_started: weakref.WeakSet[Worker] = weakref.WeakSet()


def _close_all_pipes() -> None:
    """In a fork of this process: close its copies of the pipes, or workers outlive their parent."""
    for worker in list(_started):
        worker.close_pipes()


os.register_at_fork(after_in_child=_close_all_pipes)
