"""Shows the progress of a download: a bar on a terminal, else lines, or JSON events."""

import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from pipeline.cli.options import Display

LINE_STEP = 0.1
"""Share of the download between two lines, where there is no bar."""


@contextmanager
def show_download(name: str, progress: Path, display: Display) -> Generator[Callable[[], None]]:
    """Yields a function that reads the progress file and shows what is new."""
    if display.is_quiet and not display.is_json:
        yield lambda: None
        return
    if sys.stderr.isatty() and not display.is_json:
        with _bar(name) as show:
            yield lambda: show(*_read(progress))
        return
    shown = -LINE_STEP

    def look() -> None:
        nonlocal shown
        n_done, n_bytes = _read(progress)
        share = n_done / n_bytes if n_bytes else 0.0
        if n_bytes and (share >= shown + LINE_STEP or share == 1.0 > shown):
            shown = share
            _print_state(name, n_done, n_bytes, display)

    yield look
    look()


@contextmanager
def _bar(name: str) -> Generator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task(name, total=None)
        yield lambda n_done, n_bytes: bars.update(bar, completed=n_done, total=n_bytes or None)


def _print_state(name: str, n_done: int, n_bytes: int, display: Display) -> None:
    if display.is_json:
        event = {"event": "progress", "model": name, "done_bytes": n_done, "bytes": n_bytes}
        print(json.dumps(event, ensure_ascii=False), flush=True)
    else:
        print(f"{name}: {n_done / 1e6:.1f} of {n_bytes / 1e6:.1f} MB", file=sys.stderr, flush=True)


def _read(progress: Path) -> tuple[int, int]:
    """Bytes done and bytes in all; zeros while they are unknown."""
    try:
        n_done, n_bytes = json.loads(progress.read_text())
    except (OSError, ValueError):
        return 0, 0
    return n_done, n_bytes
