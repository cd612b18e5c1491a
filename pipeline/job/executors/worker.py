"""What a worker process does for any executor: hygiene around each step, and the calls of a pipe.

Thread limits, output to the step's log, errors that can be pickled, memory given back, an end with
the parent. `process.py` starts such a process; the work itself is in `pipeline/job/step.py`.
"""

import contextlib
import ctypes
import faulthandler
import fcntl
import gc
import importlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Generator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.errors import CuecastError, EngineError
from pipeline.job.stage import StepOutcome, StepRequest
from pipeline.job.step import crash_error, format_cause, run_step

ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "ORT_DISABLE_TELEMETRY": "1",
}
"""Variables of a worker, set before libraries load. Those that count the machine's cores use one
thread; a step that may use more has `StepContext.cpus` and passes it to the library. ONNX Runtime
(1.32) sends nothing, and leaves no session file in the temporary folder."""

BEGUN = "begun"
"""Sent by a worker when it starts a call; the call's time limit counts from then."""

REINSTALL = "install cuecast again, or see more with --debug"

F_SETSIG = 10
"""fcntl(2) command of Linux that sets the signal for I/O readiness; Python has no name for it."""


def attempt(request: StepRequest) -> StepOutcome:
    """Run a step in this process; what native code prints goes to the step's log.

    Raises:
        CuecastError: the step's error, without the traceback: that is in the log, and may hold
            objects that can't be pickled.
    """
    try:
        with _output_to(request.paths.log):
            return run_step(request)
    except CuecastError as error:
        raise error.with_traceback(None) from None
    except Exception as error:
        raise crash_error(request, format_cause(error)) from None
    finally:
        _give_back_memory()


def serve(line: int, lifeline: int) -> None:
    """Answer the calls that come through a pipe until its other end is closed.

    A call is the name "module:function" and its arguments; first BEGUN is sent, then what the
    function returns or the CuecastError it raises.

    Args:
        line: file descriptor of a duplex pipe. It stays open to the end of the process, so that the
            parent sees the end of the pipe exactly when the process is dead.
        lifeline: file descriptor of a pipe's reading end, whose other end only the parent holds.
    """
    for handle in (line, lifeline):
        os.set_inheritable(handle, False)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    logging.captureWarnings(True)
    _end_with_parent(Connection(lifeline, writable=False))
    calls = Connection(os.dup(line))
    with contextlib.suppress(EOFError, OSError):
        while True:
            name, arguments = calls.recv()
            calls.send(BEGUN)
            calls.send(_answer(name, arguments))


def _answer(name: str, arguments: tuple[Any, ...]) -> Any:
    """What the function returns, or the error it raises."""
    module, _, function = name.partition(":")
    try:
        return getattr(importlib.import_module(module), function)(*arguments)
    except CuecastError as error:
        return error.with_traceback(None)
    except Exception as error:
        return EngineError(name, f"failed ({format_cause(error)})", REINSTALL)


def _give_back_memory() -> None:
    """Return the memory that a step freed to the system, for the other workers."""
    gc.collect()
    # Only glibc has malloc_trim.
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextlib.contextmanager
def _output_to(log: Path) -> Generator[None]:
    """Redirect file descriptors 1 and 2 to the log, and faulthandler's trace of a crash."""
    log.parent.mkdir(parents=True, exist_ok=True)
    retained = [os.dup(number) for number in (1, 2)]
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
        for number, copy in zip((1, 2), retained, strict=True):
            os.dup2(copy, number)
            os.close(copy)
        os.close(handle)


def _end_with_parent(lifeline: Connection) -> None:
    """Kill this process and its children when the parent ends, however it ends.

    On Linux the kernel sends the signal when the pipe closes, which ends native code that holds the
    GIL too; elsewhere a thread waits for it.
    """
    if sys.platform == "linux":
        handle = lifeline.fileno()
        fcntl.fcntl(handle, fcntl.F_SETOWN, -os.getpid())
        fcntl.fcntl(handle, F_SETSIG, signal.SIGKILL)
        flags = fcntl.fcntl(handle, fcntl.F_GETFL)
        fcntl.fcntl(handle, fcntl.F_SETFL, flags | os.O_ASYNC)
    threading.Thread(target=_wait_for_end, args=(lifeline,), daemon=True).start()


def _wait_for_end(lifeline: Connection) -> None:
    lifeline.poll(None)
    os.killpg(0, signal.SIGKILL)
