"""What a worker process does around a step: own process group, threads, log, end with its parent.

Runs in the worker; the other side is `local.py`.
"""

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
"""Libraries that count the machine's cores for themselves are held to one thread; a step that
may use more is told so by `StepContext.cpus` and passes it on to the library it calls."""

BEGUN = "begun"
"""What a worker sends when it has a step in hand: from then on the step's time is counted."""

F_SETSIG = 10
"""fcntl(2) on Linux: which signal tells that a file is ready; Python has no name for it."""


def work(line: Connection, lifeline: Connection) -> None:
    """Run the steps that come down the line until its other end is closed."""
    _start(lifeline)
    with contextlib.suppress(EOFError, OSError):
        while True:
            request = line.recv()
            line.send(BEGUN)
            line.send(_attempt(request))
            _give_back_memory()


def _give_back_memory() -> None:
    """Return to the system what a step freed: an idle worker would keep it from the others."""
    gc.collect()
    # Only glibc has it.
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _start(lifeline: Connection) -> None:
    """Make this process a worker.

    Its own session is a process group, by which whatever it starts can be killed with it, and
    keeps a terminal's Ctrl-C away: the parent alone decides.
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
    """Run a step; what native code prints lands in the step's log."""
    try:
        with _output_to(request.log):
            return run_step(request)
    except CuecastError as error:
        # The traceback stays here, in the log: it may hold what can't travel.
        return error.with_traceback(None)
    except Exception as error:
        return crash_error(request, format_cause(error))


@contextlib.contextmanager
def _output_to(log: Path) -> Generator[None]:
    """Send file descriptors 1 and 2 to the log, a crash's last words included."""
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
    """Have this process and all it started killed when the parent is gone, however it went.

    The parent alone holds the other end of the pipe. On Linux the kernel itself sends the signal,
    so that native code that holds the interpreter's lock ends too; elsewhere a thread waits.
    """
    if sys.platform == "linux":
        # Opened anew: the signal belongs to the open file, which workers would share otherwise.
        handle = os.open(f"/proc/self/fd/{lifeline.fileno()}", os.O_RDONLY)
        fcntl.fcntl(handle, fcntl.F_SETOWN, -os.getpid())
        fcntl.fcntl(handle, F_SETSIG, signal.SIGKILL)
        flags = fcntl.fcntl(handle, fcntl.F_GETFL)
        fcntl.fcntl(handle, fcntl.F_SETFL, flags | os.O_ASYNC)
    threading.Thread(target=_wait_for_end, args=(lifeline,), daemon=True).start()


def _wait_for_end(lifeline: Connection) -> None:
    lifeline.poll(None)
    os.killpg(0, signal.SIGKILL)
