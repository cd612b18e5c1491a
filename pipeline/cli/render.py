"""Runs a job and shows it: bars on a terminal, plain lines elsewhere, JSON lines with `--json`.

Progress and errors go to stderr, the list of results to stdout.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import typer

from pipeline.cli.exits import FAILED, print_traceback
from pipeline.cli.lines import (
    find_doubtful,
    format_event,
    format_failure,
    format_progress,
    format_results,
    to_json_line,
)
from pipeline.cli.options import Display
from pipeline.codec import read_record
from pipeline.errors import StepError
from pipeline.job.cpus import count_cpus
from pipeline.job.estimate import Estimate
from pipeline.job.events import Event, RunEnded, StepFailed, StepProgress
from pipeline.job.preflight import check_job
from pipeline.job.runner import run_job
from pipeline.job.stage import Job, Stage, choose_stages
from pipeline.records import Media
from pipeline.stages.overview import Row, make_overview, write_overview

TELL_EVERY_S = 60.0
"""A run that is not on a terminal says how far it is after so long without a line."""

USUAL_RATES = {"ingest": 4e-6, "transcribe": 3e-5, "align": 8e-5, "clips": 4e-5}
"""Seconds per millisecond of recording of the stages that take long: the demo's, on two cores. Only
a first guess, which gives way to the step's own progress."""


class Renderer(Protocol):
    """Shows events as they come; `close` restores the terminal."""

    def show(self, event: Event) -> None: ...

    def close(self) -> None: ...


def run_and_render(job: Job, stages: Sequence[Stage], display: Display) -> None:
    """Run a job and show it.

    Raises:
        ConfigError: it can't be run as it is.
        typer.Exit: an item failed.
    """
    job = check_job(job, stages).job
    estimate = make_estimate(job, stages)
    renderer = _make_renderer(display, estimate)
    rows: list[Row] = []

    def tell(event: Event) -> None:
        estimate.note(event)
        if isinstance(event, RunEnded):
            rows.extend(make_overview(job))
            if os.access(job.output, os.W_OK):
                write_overview(job, rows)
            if display.is_json:
                _print_doubtful(find_doubtful(job, rows))
        renderer.show(event)

    try:
        ended = run_job(job, stages, tell)
    finally:
        renderer.close()
    if not (display.is_quiet or display.is_json):
        for line in format_results(job, ended, rows):
            print(line)
    if ended.n_failed:
        raise typer.Exit(FAILED)


def make_estimate(job: Job, stages: Sequence[Stage]) -> Estimate:
    """The estimate of a run, with items weighted by the duration of their recordings."""
    folder_by_item = {item.id: item.folder for item in job.chosen}

    def weigh(item: str) -> float | None:
        try:
            media = read_record(folder_by_item[item] / "ingest" / "media.json", Media)
        except StepError:
            return None
        return float(media.duration_ms)

    stages_by_item = {
        item.id: [stage.name for stage in choose_stages(stages, item)] for item in job.chosen
    }
    return Estimate(stages_by_item, count_cpus(job.run), weigh, USUAL_RATES)


def _print_doubtful(rows: Sequence[Row]) -> None:
    for row in rows:
        event = {"event": "review", "item": row.id, "reasons": row.reasons}
        print(json.dumps(event, ensure_ascii=False), flush=True)


def _make_renderer(display: Display, estimate: Estimate) -> Renderer:
    if display.is_json:
        return JsonRenderer(estimate)
    if display.is_quiet or display.is_debug or not sys.stderr.isatty():
        return PlainRenderer(display, estimate)
    from pipeline.cli.live import LiveRenderer

    return LiveRenderer(estimate)


class JsonRenderer:
    """One JSON object a line on stdout."""

    def __init__(self, estimate: Estimate) -> None:
        self._estimate = estimate

    def show(self, event: Event) -> None:
        print(to_json_line(event, self._estimate.left_s()), flush=True)

    def close(self) -> None:
        pass


class PlainRenderer:
    """Prints the lines of each event, and how far the run is once a minute; with `--quiet` only
    errors."""

    def __init__(
        self, display: Display, estimate: Estimate, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._display = display
        self._estimate = estimate
        self._clock = clock
        self._printed_s = clock()

    def show(self, event: Event) -> None:
        if isinstance(event, StepFailed):
            print_traceback(event.error, self._display)
            print(format_failure(event), file=sys.stderr, flush=True)
            return
        if self._display.is_quiet:
            return
        lines = format_event(event)
        if isinstance(event, StepProgress) and self._clock() - self._printed_s >= TELL_EVERY_S:
            lines = [format_progress(event, self._estimate)]
        for line in lines:
            self._printed_s = self._clock()
            print(line, file=sys.stderr, flush=True)

    def close(self) -> None:
        pass
