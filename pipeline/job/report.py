"""run.json: the state of each stage of each item, rewritten whole at each change.

For people and programs to read; only seals decide what is done.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.codec import format_record, read_record
from pipeline.errors import StepError
from pipeline.job.disk import write_atomically
from pipeline.job.events import ItemState, RunState, StepState
from pipeline.job.ownership import REPORT_NAME
from pipeline.job.stage import Item, Job, Stage, choose_stages
from pipeline.records import record

logger = logging.getLogger(__name__)

_WORST_FIRST: tuple[ItemState, ...] = ("interrupted", "running", "failed")


@record
class StepReport:
    """One stage of one item; `error` is the line that the user was shown."""

    stage: str
    state: StepState = "waiting"
    seconds: float | None = None
    reused: bool = False
    error: str | None = None


@record
class ItemReport:
    """One item, its stages in the order of the table."""

    id: str
    state: ItemState
    steps: tuple[StepReport, ...]


@record
class RunReport:
    """run.json."""

    state: RunState
    items: tuple[ItemReport, ...]
    version: int = 1


def list_reports(stages: Sequence[Stage], item: Item) -> tuple[StepReport, ...]:
    """The reports of an item's stages before any of them has begun."""
    return tuple(StepReport(stage.name) for stage in choose_stages(stages, item))


def judge_item(steps: Iterable[StepReport]) -> ItemState:
    """The state of an item, from those of its steps."""
    states = {step.state for step in steps}
    for state in _WORST_FIRST:
        if state in states:
            return state
    if "waiting" in states:
        return "running" if "done" in states else "waiting"
    return "done"


class ReportWriter:
    """Writes run.json at most every `interval_s`; items not chosen keep their last state.

    Args:
        interval_s: the last state is written in any case; None writes nothing.
    """

    def __init__(self, job: Job, stages: Sequence[Stage], interval_s: float | None) -> None:
        self._job = job
        self._interval_s = interval_s
        self._stages = stages
        self._others = read_item_reports(job.output)
        self._written_s = 0.0
        self._written: Sequence[ItemReport] | None = None

    def write(self, state: RunState, items: Sequence[ItemReport]) -> None:
        """Write run.json if it is due and has changed.

        Raises:
            StepError: the final state can't be written; earlier failures are logged as warnings.
        """
        now_s = time.monotonic()
        if self._interval_s is None:
            return
        is_over = state != "running"
        if not is_over and (now_s < self._written_s + self._interval_s or items == self._written):
            return
        self._written_s, self._written = now_s, items
        known = self._others | {item.id: item for item in items}
        whole = tuple(
            known.get(item.id) or ItemReport(item.id, "waiting", list_reports(self._stages, item))
            for item in self._job.items
        )
        try:
            write_report(self._job.output, RunReport(state, whole))
        except StepError as error:
            if state in ("done", "failed"):
                raise
            logger.warning("%s", error)


def write_report(output: Path, report: RunReport) -> None:
    """Write run.json so that a reader never sees half of it."""
    write_atomically(output / REPORT_NAME, format_record(report))


def read_report(output: Path) -> RunReport | None:
    """The report of the last run on this folder, if there was one."""
    try:
        return read_record(output / REPORT_NAME, RunReport)
    except StepError:
        return None


def read_item_reports(output: Path) -> dict[str, ItemReport]:
    """Each item's report from the last run, by id; steps that ran then are `interrupted`."""
    report = read_report(output)
    return {item.id: _end_item(item) for item in report.items} if report else {}


def _end_item(item: ItemReport) -> ItemReport:
    steps = tuple(
        replace(step, state="interrupted") if step.state == "running" else step
        for step in item.steps
    )
    return ItemReport(item.id, judge_item(steps), steps)
