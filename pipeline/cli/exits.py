"""How a command ends: errors as one line on stderr, exit codes, and output to closed pipes.

Exit codes: 0 all done; 1 an item failed; 2 usage or the job file; 130 interrupted.
"""

import errno
import io
import json
import os
import select
import signal
import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TextIO, cast

import typer

from pipeline.cli.options import Display
from pipeline.errors import ConfigError, CuecastError, MediaError
from pipeline.log import configure_logging

FAILED = 1
USAGE = 2
INTERRUPTED = 130


_UsageError = cast(type[typer.BadParameter], typer.BadParameter.__base__)
"""click's UsageError, which typer raises for a wrong command line but doesn't export."""


class _Output(io.FileIO):
    """A standard stream that never fails the command, even if its reader is gone or the disk full.

    `failure` is the first error of a write; nothing is written after it.
    """

    failure: OSError | None = None

    def write(self, data: Any, /) -> int:
        try:
            while self.failure is None:
                if n_written := super().write(data):
                    return n_written
                select.select((), (self,), ())  # a full non-blocking pipe
        except OSError as error:
            self.failure = error
        return len(data)


def run_to_its_end(app: typer.Typer, arguments: list[str]) -> int:
    """Run the command line, even if its output can't be written; returns the exit code.

    A reader that closes the pipe is no failure; any other write error is.
    """
    # If fds 0 to 2 are closed, the next file opened would get one, and ffmpeg would write into it.
    while (free := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(free, True)
    os.close(free)
    output, errors = _Output(1, "w", closefd=False), _Output(2, "w", closefd=False)
    sys.stdout, sys.stderr = _as_text(output, sys.stdout), _as_text(errors, sys.stderr)
    code = obey(app, arguments)
    sys.stdout.flush()
    if output.failure is None or output.failure.errno == errno.EPIPE:
        return code
    problem = f"can't be written ({output.failure.strerror}), but all else was done"
    print(f"error: standard output: {problem}; make room where it goes", file=sys.stderr)
    return code or FAILED


def _as_text(output: _Output, stream: TextIO | None) -> TextIO:
    """The stream as a text stream; characters that it can't encode are escaped."""
    encoding = stream.encoding if stream else "utf-8"
    buffer = io.BufferedWriter(output)
    is_line_buffered = output.fileno() == 2 or output.isatty()
    return io.TextIOWrapper(buffer, encoding, "backslashreplace", line_buffering=is_line_buffered)


def obey(app: typer.Typer, arguments: list[str]) -> int:
    """Run the command line; returns the exit code.

    A usage error is printed as one line, like any other error.
    """
    try:
        return int(app(arguments, prog_name="cuecast", standalone_mode=False) or 0)
    except _UsageError as error:
        # Without a command, typer has shown the help, and the message is empty.
        if problem := error.format_message().rstrip("."):
            command = error.ctx.command_path if error.ctx else "cuecast"
            spoken = problem[:1].lower() + problem[1:]
            print(f"error: {command}: {spoken}; see `{command} -h`", file=sys.stderr)
        return USAGE
    except typer.Abort:  # interrupted before the command began
        return INTERRUPTED


@contextmanager
def opening() -> Generator[None]:
    """Make an input file that can't be opened an error of usage: nothing was done yet.

    Raises:
        ConfigError: instead of a MediaError of a file that the system doesn't open.
    """
    try:
        yield
    except MediaError as error:
        if isinstance(error.__cause__, OSError):
            raise ConfigError(error.where, error.problem, error.remedy) from error
        raise


@contextmanager
def ending_well(display: Display) -> Generator[None]:
    """Turn an error of a command into one line on stderr and an exit code."""
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


def print_error(error: CuecastError, display: Display) -> None:
    """Print an error as one line, or each of several, after the traceback if one was asked for."""
    print_traceback(error, display)
    for one in error.each:
        if display.is_json:
            event = {"event": "error", "kind": type(one).__name__, "error": str(one)}
            print(json.dumps(event, ensure_ascii=False), flush=True)
        print(f"error: {' '.join(str(one).split())}", file=sys.stderr)


def print_traceback(error: CuecastError, display: Display) -> None:
    """Print the traceback of an error, with --debug."""
    if display.is_debug:
        traceback.print_exception(error)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt at the first signal; exit at the second (workers follow)."""
    for known in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(known, lambda *_: os._exit(INTERRUPTED))
    raise KeyboardInterrupt
