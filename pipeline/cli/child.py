"""Calls a function in a process of its own, so that native code can't take the command down."""

import importlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from pipeline.errors import CuecastError, EngineError

REINSTALL = "install cuecast again, or see more with --debug"


def call_in_child(name: str, *arguments: Any, timeout_s: float) -> Any:
    """Call "module:function" in a child process and return what it returns.

    Raises:
        CuecastError: what the function raised.
        EngineError: it raised anything else, crashed, or took too long.
    """
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(max_workers=1, mp_context=spawn)
    try:
        return pool.submit(_call, name, *arguments).result(timeout=timeout_s)
    except CuecastError:
        raise
    except BrokenProcessPool as error:
        raise EngineError(name, "crashed", REINSTALL) from error
    except FutureTimeoutError as error:
        for process in multiprocessing.active_children():
            process.kill()
        raise EngineError(name, f"took longer than {timeout_s:g} s", "try again") from error
    except Exception as error:
        cause = f"{type(error).__name__}: {error}".splitlines()[0]
        raise EngineError(name, f"failed ({cause})", REINSTALL) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _call(name: str, *arguments: Any) -> Any:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)(*arguments)
