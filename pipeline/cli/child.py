"""Calls a function in a child process, so that a crash of native code can't end the command."""

import importlib
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from pipeline.errors import CuecastError, EngineError

REINSTALL = "install cuecast again, or see more with --debug"
LOOK_EVERY_S = 0.2


def call_in_child(
    name: str, *arguments: Any, timeout_s: float, meanwhile: Callable[[], None] | None = None
) -> Any:
    """Call "module:function" in a child process and return what it returns.

    Args:
        meanwhile: called repeatedly until the function returns.
    Raises:
        CuecastError: what the function raised.
        EngineError: it raised anything else, crashed, or took too long.
    """
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(max_workers=1, mp_context=spawn)
    try:
        return _wait(pool.submit(_call, name, *arguments), timeout_s, meanwhile)
    except CuecastError:
        raise
    except BrokenProcessPool as error:
        raise EngineError(name, "crashed", REINSTALL) from error
    except FutureTimeoutError as error:
        _kill_children()
        raise EngineError(name, f"took longer than {timeout_s:g} s", "try again") from error
    except KeyboardInterrupt:
        _kill_children()
        raise
    except Exception as error:
        cause = f"{type(error).__name__}: {error}".splitlines()[0]
        raise EngineError(name, f"failed ({cause})", REINSTALL) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _wait(future: Future[Any], timeout_s: float, meanwhile: Callable[[], None] | None) -> Any:
    if meanwhile is None:
        return future.result(timeout=timeout_s)
    end_s = time.monotonic() + timeout_s
    while True:
        try:
            return future.result(timeout=LOOK_EVERY_S)
        except FutureTimeoutError:
            if future.done() or time.monotonic() > end_s:
                raise
            meanwhile()


def _kill_children() -> None:
    for process in multiprocessing.active_children():
        process.kill()


def _call(name: str, *arguments: Any) -> Any:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)(*arguments)
