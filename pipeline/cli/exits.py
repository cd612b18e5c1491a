"""How a command ends: one line on stderr and an exit code.

0 all done; 1 an item failed; 2 usage or the job file; 130 interrupted.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import cast

import typer

from pipeline.cli.options import Display
from pipeline.errors import ConfigError, CuecastError
from pipeline.log import configure_logging

FAILED = 1
USAGE = 2
INTERRUPTED = 130


_UsageError = cast(type[typer.BadParameter], typer.BadParameter.__base__)
"""What typer raises for a command line it can't follow; it exports no name for it."""


def obey(app: typer.Typer) -> int:
    """Do what the command line says; returns the exit code.

    What can't be followed is one line too, like everything else that is wrong.
    """
    try:
        return int(app(prog_name="cuecast", standalone_mode=False) or 0)
    except _UsageError as error:
        # No command at all has shown the help already, and leaves nothing to say.
        if problem := error.format_message().rstrip("."):
            command = error.ctx.command_path if error.ctx else "cuecast"
            said = problem[:1].lower() + problem[1:]
            print(f"error: {command}: {said}; see `{command} -h`", file=sys.stderr)
        return USAGE


@contextmanager
def ending_well(display: Display) -> Generator[None]:
    """Turn what a command raises into one line and an exit code."""
    configure_logging(is_debug=display.is_debug)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        yield
    except CuecastError as error:
        print_error(error, display)
        raise typer.Exit(USAGE if isinstance(error, ConfigError) else FAILED) from None
    except KeyboardInterrupt:
        print("interrupted; what is done is kept: run again to go on", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing may be flushed to them at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise typer.Exit(FAILED) from None


def print_error(error: CuecastError, display: Display) -> None:
    """Print an error as one line, or each of several, after the traceback if one was asked for."""
    print_traceback(error, display)
    for one in error.each:
        if display.is_json:
            event = {"event": "error", "kind": type(one).__name__, "error": str(one)}
            print(json.dumps(event, ensure_ascii=False), flush=True)
        print(f"error: {' '.join(str(one).split())}", file=sys.stderr)


def print_traceback(error: CuecastError, display: Display) -> None:
    """Print where an error came from, if one wants to know."""
    if display.is_debug:
        traceback.print_exception(error)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """End in good order at the first signal, at once at the second: workers end by themselves."""
    for known in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(known, lambda *_: os._exit(INTERRUPTED))
    raise KeyboardInterrupt
