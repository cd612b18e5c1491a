"""The state of each step of a job, read from seals and run.json while a run may be going on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.job.lock import is_locked
from pipeline.job.plan import PlannedStep, plan_job
from pipeline.job.report import StepReport, read_report
from pipeline.job.stage import Job, Stage


@dataclass(frozen=True, slots=True)
class StepStatus:
    """The state of one stage of one item; `detail` is the reason, the time taken or the error."""

    item: str
    stage: str
    state: str
    detail: str


def find_status(job: Job, stages: Sequence[Stage]) -> Iterator[StepStatus]:
    """A row for every chosen item and every stage."""
    report = read_report(job.output)
    items = report.items if report else ()
    reports = {(item.id, step.stage): step for item in items for step in item.steps}
    is_running = is_locked(job.output)
    for plan in plan_job(job, stages):
        for step in plan.steps:
            last = reports.get((plan.item.id, step.stage), StepReport(step.stage))
            state, detail = _judge(step, last, is_running)
            yield StepStatus(plan.item.id, step.stage, state, detail)


def _judge(step: PlannedStep, last: StepReport, is_running: bool) -> tuple[str, str]:
    if step.decision == "reuse":
        is_fresh = last.state == "done" and last.seconds is not None
        return "done", f"in {last.seconds:.1f} s" if is_fresh else ""
    if last.state == "running":
        return ("running", "") if is_running else ("interrupted", step.reason)
    if last.state == "failed":
        return "failed", last.error or ""
    if step.decision == "fail":
        return "failed", step.reason
    return ("waiting" if last.state == "done" else last.state), step.reason
