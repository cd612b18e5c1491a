"""Runs one step in the current process: log file, scratch folder, the stage's function, seal."""

import errno
import importlib
import logging
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import cast

from pipeline.errors import CuecastError, MediaError, StepError
from pipeline.job.context import StepContext
from pipeline.job.scratch import drop_scratch, make_scratch
from pipeline.job.sources import is_unchanged
from pipeline.job.stage import StepOutcome, StepRequest
from pipeline.job.store import seal_step

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

OUR_LOGGERS = "pipeline."
"""Prefix of the loggers whose warnings the user sees; those of libraries are only logged."""

_log = logging.getLogger(__name__)

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_RIGHT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def run_step(request: StepRequest) -> StepOutcome:
    """Run a step and seal its files; on any error nothing is sealed.

    Raises:
        CuecastError: raised by the stage.
        StepError: the stage raised anything else; the traceback is in the step's log.
    """
    started_s, cpu_before_s = time.monotonic(), _cpu_seconds()
    with _logging_to(request) as notes:
        try:
            used = _run_and_seal(request)
        except CuecastError as error:
            _log.error("%s", error)
            raise
        except Exception as error:
            _log.exception("%s of %s crashed", request.stage, request.item)
            raise _explain(request, error) from error
        finally:
            drop_scratch(request.paths.scratch)
        seconds = time.monotonic() - started_s
        _log.info("%s of %s done in %.1f s", request.stage, request.item, seconds)
    cost = (round(seconds, 3), round(_cpu_seconds() - cpu_before_s, 3))
    return StepOutcome(request.item, request.stage, *cost, used, tuple(notes))


def _explain(request: StepRequest, error: Exception) -> StepError:
    """The one-line error for an unexpected exception of a stage."""
    where = f"{request.item}: {request.stage}"
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        remedy = f"make room where {request.paths.folder.parent} is, and run again"
        return StepError(where, "the disk is full", remedy)
    if isinstance(error, OSError) and error.errno in _NO_RIGHT:
        problem = f"{error.filename} can't be written ({error.strerror})"
        return StepError(where, problem, "check who may write there, and run again")
    return crash_error(request, format_cause(error))


def crash_error(request: StepRequest, cause: str) -> StepError:
    """The one-line error for a step that crashed."""
    where = f"{request.item}: {request.stage}"
    return StepError(where, cause, f"see {request.paths.log}")


def format_cause(error: BaseException) -> str:
    """An exception as one line: its type and the first line of its message."""
    spoken = str(error).strip().splitlines()
    return f"{type(error).__name__}: {spoken[0]}" if spoken else type(error).__name__


def resolve(name: str) -> Callable[[StepContext], None]:
    """The function that a stage's row names as "module:function"."""
    module, _, function = name.partition(":")
    return cast(Callable[[StepContext], None], getattr(importlib.import_module(module), function))


def _run_and_seal(request: StepRequest) -> dict[str, str]:
    make_scratch(request)
    context = StepContext(request)
    _log.info("%s of %s begins, on %d threads", request.stage, request.item, request.limits.cpus)
    resolve(request.run)(context)
    if request.has_seal:
        _check_sources(request)
        seal_step(request, context.used)
    return dict(context.used)


def _check_sources(request: StepRequest) -> None:
    """Refuse to seal files if a source changed while the step ran.

    Raises:
        MediaError: a source changed since it was hashed, or is gone.
    """
    for key, sha256 in request.identity.sources.items():
        path = request.paths.sources[key]
        if not is_unchanged(path, request.paths.traits.get(key), sha256):
            raise MediaError(str(path), "changed while the job ran", "run the job again")


def _cpu_seconds() -> float:
    """CPU seconds of this process so far, with those of children it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@contextmanager
def _logging_to(request: StepRequest) -> Generator[list[str]]:
    """Log to the step's own file, which is emptied first.

    It is opened for appending, since a worker sends the output of native code there as well.
    Yields the list that cuecast's own warnings are collected in.
    """
    request.paths.log.parent.mkdir(parents=True, exist_ok=True)
    request.paths.log.write_bytes(b"")
    handler = logging.FileHandler(
        request.paths.log, "a", encoding="utf-8", errors="backslashreplace"
    )
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    root = logging.getLogger()
    level = root.level
    notes = _Notes()
    root.addHandler(handler)
    root.addHandler(notes)
    root.setLevel(min(level, logging.INFO) if level else logging.INFO)
    try:
        yield notes.lines
    finally:
        root.removeHandler(handler)
        root.removeHandler(notes)
        root.setLevel(level)
        handler.close()


class _Notes(logging.Handler):
    """Collects the warnings of cuecast's own loggers."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(OUR_LOGGERS) and record.levelno == logging.WARNING:
            self.lines.append(record.getMessage())
