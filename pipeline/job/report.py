"""run.json: how far a run is, item by stage, written whole each time it changes.

Only tells; what is done is known by seals alone.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pipeline.codec import format_record, read_record
from pipeline.errors import StepError
from pipeline.job.events import ItemState, RunState, StepState
from pipeline.job.store import write_atomically
from pipeline.records import record

REPORT_NAME = "run.json"

_WORST_FIRST: tuple[ItemState, ...] = ("interrupted", "running", "failed")


@record
class StepReport:
    """One stage of one item; `error` is the one line a person was shown."""

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


def judge_item(steps: Iterable[StepReport]) -> ItemState:
    """How far an item is, by its stages."""
    states = {step.state for step in steps}
    for state in _WORST_FIRST:
        if state in states:
            return state
    if "waiting" in states:
        return "running" if "done" in states else "waiting"
    return "done"


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
    """What the last run on this folder left of each item, by id; what ran then runs no more."""
    report = read_report(output)
    return {item.id: _end_item(item) for item in report.items} if report else {}


def _end_item(item: ItemReport) -> ItemReport:
    steps = tuple(
        replace(step, state="interrupted") if step.state == "running" else step
        for step in item.steps
    )
    return ItemReport(item.id, judge_item(steps), steps)
