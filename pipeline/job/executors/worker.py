"""The worker process of `local.py`: own process group, thread limits, log, end with the parent."""

import contextlib
import ctypes
import faulthandler
import fcntl
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Generator
from multiprocessing.connection import Connection
from pathlib import Path

from pipeline.errors import CuecastError
from pipeline.job.stage import StepOutcome, StepRequest
from pipeline.job.step import crash_error, format_cause, run_step

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
"""Limits libraries that count the machine's cores to one thread; a step that may use more has
`StepContext.cpus` and passes it to the library."""

BEGUN = "begun"
"""Sent by a worker when it starts a step; the step's time limit counts from then."""

F_SETSIG = 10
"""fcntl(2) command of Linux that sets the signal for I/O readiness; Python has no name for it."""


def work(line: Connection, lifeline: Connection) -> None:
    """Run the steps received on `line` until its other end is closed."""
    _start(lifeline)
    with contextlib.suppress(EOFError, OSError):
        while True:
            request = line.recv()
            line.send(BEGUN)
            line.send(_attempt(request))
            _give_back_memory()


def _give_back_memory() -> None:
    """Return the memory that a step freed to the system, for the other workers."""
    gc.collect()
    # Only glibc has malloc_trim.
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _start(lifeline: Connection) -> None:
    """Set up this process as a worker.

    A session of its own makes a process group, which can be killed with all child processes, and
    keeps the terminal's Ctrl-C away: only the parent ends a worker.
    """
    os.setsid()
    os.environ.update(ONE_THREAD)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    logging.captureWarnings(True)
    _end_with_parent(lifeline)


def _attempt(request: StepRequest) -> StepOutcome | CuecastError:
    """Run a step; what native code prints goes to the step's log."""
    try:
        with _output_to(request.paths.log):
            return run_step(request)
    except CuecastError as error:
        # The traceback is in the log; it may hold objects that can't be pickled.
        return error.with_traceback(None)
    except Exception as error:
        return crash_error(request, format_cause(error))


@contextlib.contextmanager
def _output_to(log: Path) -> Generator[None]:
    """Redirect file descriptors 1 and 2 to the log, and faulthandler's trace of a crash."""
    log.parent.mkdir(parents=True, exist_ok=True)
    retained = os.dup(2)
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    faulthandler.enable(handle)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        faulthandler.disable()
        os.dup2(retained, 1)
        os.dup2(retained, 2)
        os.close(retained)
        os.close(handle)


def _end_with_parent(lifeline: Connection) -> None:
    """Kill this process and its children when the parent ends, however it ends.

    Only the parent holds the other end of the pipe. On Linux the kernel sends the signal when it
    closes, which ends native code that holds the GIL too; elsewhere a thread waits for it.
    """
    if sys.platform == "linux":
        # Opened anew: the signal's owner belongs to the open file, which workers would share.
        handle = os.open(f"/proc/self/fd/{lifeline.fileno()}", os.O_RDONLY)
        fcntl.fcntl(handle, fcntl.F_SETOWN, -os.getpid())
        fcntl.fcntl(handle, F_SETSIG, signal.SIGKILL)
        flags = fcntl.fcntl(handle, fcntl.F_GETFL)
        fcntl.fcntl(handle, fcntl.F_SETFL, flags | os.O_ASYNC)
    threading.Thread(target=_wait_for_end, args=(lifeline,), daemon=True).start()


def _wait_for_end(lifeline: Connection) -> None:
    lifeline.poll(None)
    os.killpg(0, signal.SIGKILL)
