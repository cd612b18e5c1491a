"""Taking the items of a job through the stages: what is ready starts while there is a thread free.

Where steps run is an executor's affair, whether one has to run `plan.py`'s.
"""

import time
from collections import deque
from collections.abc import Callable, Container, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from dataclasses import dataclass, field, replace

from pipeline.errors import CuecastError
from pipeline.job.context import read_progress
from pipeline.job.cpus import count_cpus, share_cpus
from pipeline.job.events import (
    Event,
    ItemEnded,
    ItemState,
    RunEnded,
    RunStarted,
    RunState,
    StepDone,
    StepFailed,
    StepProgress,
    StepReused,
    StepSkipped,
    StepStarted,
)
from pipeline.job.executors import Executor, make_executor
from pipeline.job.lock import hold_lock
from pipeline.job.plan import PlannedStep, plan_item
from pipeline.job.report import (
    ItemReport,
    RunReport,
    StepReport,
    judge_item,
    read_item_reports,
    write_report,
)
from pipeline.job.select import find_followers
from pipeline.job.sources import SourceDigests
from pipeline.job.stage import Item, Job, Stage, StepOutcome, StepRequest
from pipeline.job.store import SCRATCH_NAME, drop_file, drop_folder, unseal

POLL_INTERVAL_S = 0.2
"""How often progress is read and, at most, run.json written."""

Listener = Callable[[Event], None]


def run_job(job: Job, stages: Sequence[Stage], tell: Listener) -> RunEnded:
    """Take the chosen items through the stages; one that fails never stops another.

    Raises:
        ConfigError: another run is at work on the output folder; nothing was run.
        KeyboardInterrupt: passed on when the workers are gone and run.json is written.
    """
    n_cpus = count_cpus(job.run)
    with hold_lock(job.output), closing(make_executor(job.run.executor, n_cpus)) as executor:
        return _Run(job, stages, tell, executor, n_cpus).go()


@dataclass
class _ItemRun:
    """How far one item is."""

    item: Item
    reports: dict[str, StepReport]
    steps: dict[str, PlannedStep] = field(default_factory=dict)
    has_ended: bool = False

    def is_ready(self, step: PlannedStep) -> bool:
        is_waiting = self.reports[step.stage].state == "waiting"
        return is_waiting and all(self.reports[name].state == "done" for name in step.after)

    @property
    def ready(self) -> list[PlannedStep]:
        return [step for step in self.steps.values() if self.is_ready(step)]

    @property
    def state(self) -> ItemState:
        return judge_item(self.reports.values())

    @property
    def report(self) -> ItemReport:
        return ItemReport(self.item.id, self.state, tuple(self.reports.values()))


class _Run:
    """One run: the only mutable state there is, and it lives in this process alone."""

    def __init__(
        self,
        job: Job,
        stages: Sequence[Stage],
        tell: Listener,
        executor: Executor,
        n_cpus: int,
    ) -> None:
        self._job = job
        self._stages = stages
        self._tell = tell
        self._executor = executor
        self._n_cpus = n_cpus
        self._digests = SourceDigests(job.output)
        self._items = [
            _ItemRun(item, {stage.name: StepReport(stage.name) for stage in stages})
            for item in job.chosen
        ]
        self._others = read_item_reports(job.output)
        self._unplanned = deque(self._items)
        self._running: dict[Future[StepOutcome], tuple[_ItemRun, StepRequest]] = {}
        self._share_by_future: dict[Future[StepOutcome], float] = {}
        self._n_steps_run = 0
        self._started_s = time.monotonic()
        self._reported_s = 0.0
        self._is_changed = True

    def go(self) -> RunEnded:
        n_steps = len(self._items) * len(self._stages)
        self._tell(RunStarted(self._job.output, len(self._items), n_steps))
        try:
            self._fill()
            while self._running:
                self._wait()
                self._fill()
        except BaseException:
            self._executor.close()
            self._interrupt()
            raise
        finally:
            self._digests.save()
        return self._end("failed" if self._count("failed") else "done")

    # --- starting what is ready ----------------------------------------------------------------

    def _fill(self) -> None:
        """Start ready steps, items in order, while a thread is free; plan items as needed."""
        while len(self._running) < self._n_cpus:
            step = next(((run, step) for run in self._items for step in run.ready), None)
            if step is not None:
                self._start(*step)
            elif self._unplanned:
                self._plan(self._unplanned.popleft())
            else:
                break
        self._report()

    def _plan(self, run: _ItemRun) -> None:
        drop_folder(run.item.folder / SCRATCH_NAME)
        plan = plan_item(self._job, run.item, self._stages, self._digests)
        run.steps = {step.stage: step for step in plan.steps}
        for step in plan.steps:
            if step.decision == "reuse":
                self._note(run, step.stage, state="done", reused=True)
                self._tell(StepReused(run.item.id, step.stage))
        broken = next((step for step in plan.steps if step.error is not None), None)
        if broken is not None and broken.error is not None:
            # A source is missing: no hours are spent on an item that is bound to fail.
            self._fail(run, broken.stage, broken.error)
            self._skip(run, list(run.reports), f"{broken.stage} can't begin")
        elif self._job.redo:
            # However this run ends: what was to be redone is not done until it is.
            for stage in find_followers(self._stages, self._job.redo):
                unseal(run.item.folder / stage)
        self._end_item_if_over(run)

    def _start(self, run: _ItemRun, step: PlannedStep) -> None:
        assert step.request is not None  # a step without a request has failed, so is not ready
        n_at_work = sum(1 for other in self._items if other.state == "running" or other.ready)
        cpus = share_cpus(self._n_cpus, n_at_work + len(self._unplanned))
        request = replace(step.request, cpus=cpus)
        self._note(run, step.stage, state="running")
        self._tell(StepStarted(run.item.id, step.stage, step.reason, cpus))
        self._running[self._executor.submit(request)] = (run, request)
        self._n_steps_run += 1

    # --- waiting for what runs -----------------------------------------------------------------

    def _wait(self) -> None:
        """Wait a moment, then take in what has ended and how far the rest is."""
        ended, _ = wait(self._running, POLL_INTERVAL_S, FIRST_COMPLETED)
        for future in ended:
            run, request = self._running.pop(future)
            self._share_by_future.pop(future, None)
            error = future.exception()
            if error is None:
                self._finish(run, future.result())
            elif isinstance(error, CuecastError):
                self._fail(run, request.stage, error)
            else:
                raise error
            self._end_item_if_over(run)
        for future, (run, request) in self._running.items():
            share = read_progress(request)
            if share > self._share_by_future.get(future, 0.0):
                self._share_by_future[future] = share
                self._tell(StepProgress(run.item.id, request.stage, share))

    def _finish(self, run: _ItemRun, outcome: StepOutcome) -> None:
        self._note(run, outcome.stage, state="done", seconds=outcome.seconds)
        cost = (outcome.seconds, outcome.cpu_seconds)
        used, notes = dict(outcome.used), outcome.notes
        self._tell(StepDone(outcome.item, outcome.stage, *cost, used, notes))

    def _fail(self, run: _ItemRun, stage: str, error: CuecastError) -> None:
        self._note(run, stage, state="failed", error=str(error))
        self._tell(StepFailed(run.item.id, stage, error))
        self._skip(run, find_followers(self._stages, {stage}), f"{stage} failed")

    def _skip(self, run: _ItemRun, names: Container[str], because: str) -> None:
        for stage in self._stages:
            if stage.name in names and run.reports[stage.name].state == "waiting":
                self._note(run, stage.name, state="skipped")
                self._tell(StepSkipped(run.item.id, stage.name, because))

    def _end_item_if_over(self, run: _ItemRun) -> None:
        is_over = all(
            report.state in ("done", "failed", "skipped") for report in run.reports.values()
        )
        if is_over and not run.has_ended:
            run.has_ended = True
            drop_folder(run.item.folder / SCRATCH_NAME)
            if run.state == "done" and self._job.run.keep == "outputs":
                self._drop_large_files(run.item)
            self._tell(ItemEnded(run.item.id, run.state, run.item.folder))

    def _drop_large_files(self, item: Item) -> None:
        for path in {path for stage in self._stages for path in stage.large_inputs}:
            stage_name, _, file = path.partition("/")
            drop_file(item.folder / stage_name, file)

    # --- telling -------------------------------------------------------------------------------

    def _note(self, run: _ItemRun, stage: str, **changes: object) -> None:
        self._is_changed = True
        run.reports[stage] = replace(run.reports[stage], **changes)  # type: ignore[arg-type]

    def _count(self, state: ItemState) -> int:
        return sum(1 for run in self._items if run.state == state)

    def _interrupt(self) -> None:
        for run in self._items:
            for stage, report in run.reports.items():
                if report.state == "running":
                    self._note(run, stage, state="interrupted")
                    drop_folder(run.item.folder / SCRATCH_NAME)
        self._running.clear()
        self._end("interrupted")

    def _end(self, state: RunState) -> RunEnded:
        self._report(state)
        seconds = round(time.monotonic() - self._started_s, 3)
        counts = (self._count("done"), self._count("failed"), self._n_steps_run)
        ended = RunEnded(state, *counts, seconds)
        self._tell(ended)
        return ended

    def _report(self, state: RunState = "running") -> None:
        """Write run.json: now if the run is over, else no more often than it is looked at."""
        now_s = time.monotonic()
        is_due = self._is_changed and now_s - self._reported_s >= POLL_INTERVAL_S
        if state == "running" and not is_due:
            return
        self._reported_s = now_s
        self._is_changed = False
        known = self._others | {run.item.id: run.report for run in self._items}
        unseen = tuple(StepReport(stage.name) for stage in self._stages)
        items = tuple(
            known.get(item.id, ItemReport(item.id, "waiting", unseen)) for item in self._job.items
        )
        write_report(self._job.output, RunReport(state, items))
