"""`run`, `plan` and `status`: the commands about a job file."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from pipeline.cli.columns import format_columns
from pipeline.cli.command import command
from pipeline.cli.exits import FAILED
from pipeline.cli.options import Chosen, Display, DryRun, Force, Verify

if TYPE_CHECKING:
    from pipeline.job.stage import Job, Stage


@command
def run(
    display: Display,
    chosen: Chosen,
    force: Force = None,
    verify: Verify = False,
    dry_run: DryRun = False,
) -> None:
    """Take the items of a job file through the stages; what is done already is reused."""
    from pipeline.cli.render import run_and_render
    from pipeline.stages import STAGES

    job = _read_job(chosen, force, verify)
    (print_plan if dry_run else run_and_render)(job, STAGES, display)


@command
def plan(display: Display, chosen: Chosen, force: Force = None, verify: Verify = False) -> None:
    """Say what would run, what is done already, and why; run nothing."""
    from pipeline.stages import STAGES

    print_plan(_read_job(chosen, force, verify), STAGES, display)


def print_plan(job: "Job", stages: Sequence["Stage"], display: Display) -> None:
    """Print what each step of a job would do.

    Raises:
        ConfigError: the job can't be run as it is.
        typer.Exit: an item would fail.
    """
    from pipeline.job.plan import plan_job
    from pipeline.job.preflight import check_job

    checked = check_job(job, stages)
    plans = plan_job(checked.job, stages)
    facts = [
        {
            "item": plan.item.id,
            "stage": step.stage,
            "decision": step.decision,
            "reason": step.reason,
        }
        for plan in plans
        for step in plan.steps
    ]
    failing = [fact for fact in facts if fact["decision"] == "fail"]
    _print_facts(facts, display)
    _print_facts([{"note": note} for note in checked.notes], display)
    if display.is_quiet:
        _print_rows(failing, display)
    if failing:
        raise typer.Exit(FAILED)


@command
def status(display: Display, chosen: Chosen) -> None:
    """Say how far a job is: a line for every item and stage."""
    from pipeline.job.status import find_status
    from pipeline.stages import STAGES

    facts = [
        {"item": row.item, "stage": row.stage, "state": row.state, "detail": row.detail}
        for row in find_status(_read_job(chosen), STAGES)
    ]
    _print_facts(facts, display)


def _read_job(chosen: Chosen, redo: list[str] | None = None, is_verified: bool = False) -> "Job":
    """The job of a file, narrowed to what was asked for."""
    from pipeline.config import read_job
    from pipeline.job.select import Selection, narrow_job
    from pipeline.stages import STAGES

    selection = Selection(tuple(chosen.only or ()), chosen.failed, tuple(redo or ()), is_verified)
    return narrow_job(read_job(chosen.job_file), STAGES, selection)


def _print_facts(facts: Sequence[dict[str, str]], display: Display) -> None:
    """Print rows as JSON lines, or as columns."""
    if not display.is_quiet:
        _print_rows(facts, display)


def _print_rows(facts: Sequence[dict[str, str]], display: Display) -> None:
    """Print rows however quiet the command is."""
    if display.is_json:
        lines = [json.dumps(fact, ensure_ascii=False) for fact in facts]
    else:
        lines = list(format_columns([list(fact.values()) for fact in facts]))
    for line in lines:
        print(line)
