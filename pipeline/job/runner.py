"""Runs a job: starts each step once the steps before it are done and a thread is free.

Executors decide where steps run; `plan.py` decides which have to.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from dataclasses import replace

from pipeline.errors import ConfigError, CuecastError, MediaError, StepError
from pipeline.job.context import read_progress, read_status_line
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
    StepStatusLine,
)
from pipeline.job.executors import Executor, make_executor
from pipeline.job.hashing import HASH_NAME, find_altered, list_sealed, make_hash_request
from pipeline.job.item_run import ItemRun
from pipeline.job.lock import check_others, hold_lock
from pipeline.job.ownership import check_output
from pipeline.job.plan import PlannedStep, plan_item
from pipeline.job.report import ReportWriter, list_reports
from pipeline.job.scratch import sweep_scratch
from pipeline.job.select import find_followers
from pipeline.job.sources import SourceDigests, read_traits
from pipeline.job.stage import Item, Job, Stage, StepOutcome, StepRequest
from pipeline.job.store import drop_file, tidy_folders

POLL_INTERVAL_S = 0.2
"""How often progress is read, and the least time between two writes of run.json."""

Listener = Callable[[Event], None]

logger = logging.getLogger(__name__)


def run_job(job: Job, stages: Sequence[Stage], tell: Listener) -> RunEnded:
    """Run the stages of the chosen items; a failed item never stops another.

    Raises:
        ConfigError: another run holds the output folder, or it can't be written and a step has to
            run; nothing was run.
        KeyboardInterrupt: raised again once the workers have ended and run.json is written.
    """
    check_output(job, stages)
    check_others(job)
    with (
        hold_lock(job.output) as can_write,
        closing(make_executor(job.run.executor, count_cpus(job.run))) as executor,
    ):
        return _Run(job, stages, tell, executor, can_write).go()


class _Run:
    """One run: all of the mutable state, which lives in this process alone."""

    def __init__(
        self,
        job: Job,
        stages: Sequence[Stage],
        tell: Listener,
        executor: Executor,
        can_write: bool,
    ) -> None:
        self._job = job
        self._stages = stages
        self._tell = tell
        self._executor = executor
        self._can_write = can_write
        self._n_cpus = count_cpus(job.run)
        self._most_cpus = {stage.name: stage.resources.cpus for stage in stages}
        self._digests = SourceDigests(job.output)
        self._items = [
            ItemRun(item, {each.stage: each for each in list_reports(stages, item)})
            for item in job.chosen
        ]
        self._report = ReportWriter(job, stages, POLL_INTERVAL_S if can_write else None)
        self._unplanned = deque(self._items)
        self._running: dict[Future[StepOutcome], tuple[ItemRun, StepRequest]] = {}
        self._seen_by_future: dict[Future[StepOutcome], tuple[float, str]] = {}
        self._n_steps_run = 0
        self._started_s = time.monotonic()

    def go(self) -> RunEnded:
        n_steps = sum(len(run.reports) for run in self._items)
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
            self._save_digests()
        return self._end("failed" if self._count("failed") else "done")

    # --- starting what is ready ----------------------------------------------------------------

    def _fill(self) -> None:
        """Start ready steps, items in order, while a thread is free; plan items as needed."""
        while len(self._running) < self._n_cpus:
            step = next(((run, step) for run in self._items for step in run.ready), None)
            if step is not None:
                self._start(*step)
            elif self._unplanned:
                self._prepare(self._unplanned.popleft())
            else:
                break
        self._write_report()

    def _prepare(self, run: ItemRun) -> None:
        """Plan an item, after a step that hashes its large files if their digests are missing."""
        if self._can_write:
            sweep_scratch(run.item)
        is_refused = any(run.item.id == item for item, _ in self._job.refused)
        large = {} if is_refused else self._digests.read_small(run.item.sources.values())
        if self._job.is_verified and not is_refused:
            large |= list_sealed(run.item, tuple(run.reports))
        if not large:
            self._plan(run)
            return
        request = make_hash_request(self._job, run.item, large)
        run.traits = {key: read_traits(path) for key, path in large.items()}
        self._tell(StepStarted(run.item.id, HASH_NAME, "files are hashed to see what changed", 1))
        self._running[self._executor.submit(request)] = (run, request)

    def _take_digests(self, run: ItemRun, request: StepRequest, found: Mapping[str, str]) -> None:
        """Plan an item whose large files are now hashed."""
        try:
            for key, path in request.paths.sources.items():
                if key == str(path):
                    self._digests.learn(path, run.traits[key], found[key])
        except CuecastError as error:
            self._refuse(run, next(iter(run.reports)), error)
            return
        self._save_digests()
        self._plan(run, find_altered(run.item, tuple(run.reports), found))

    def _plan(self, run: ItemRun, altered: Collection[str] = ()) -> None:
        plan = plan_item(self._job, run.item, self._stages, self._digests, altered)
        run.steps = {step.stage: step for step in plan.steps}
        for step in plan.steps:
            if step.decision == "reuse":
                self._note(run, step.stage, state="done", reused=True)
                self._tell(StepReused(run.item.id, step.stage))
        if (broken := plan.find_broken()) is not None:
            # An item that is bound to fail costs no time on its first steps.
            changing = MediaError(run.item.id, "a source changes while it is read", "run again")
            self._refuse(run, broken.stage, broken.error or changing)
            return
        if not self._can_write and not plan.is_done:
            remedy = "choose another output folder"
            raise ConfigError(str(self._job.output), "can't be written", remedy)
        if self._can_write:
            redone = find_followers(self._stages, {*self._job.redo, *altered})
            tidy_folders(run.item, self._stages, redone)
        self._end_item_if_over(run)

    def _refuse(
        self, run: ItemRun, stage: str, error: CuecastError, step: str | None = None
    ) -> None:
        """Fail an item before any of its stages runs; `step` is the step that raised the error."""
        self._fail(run, stage, error, step)
        self._skip(run, list(run.reports), f"{stage} can't begin")
        self._end_item_if_over(run)

    def _start(self, run: ItemRun, step: PlannedStep) -> None:
        assert step.request is not None  # a step without a request has failed, so is not ready
        n_at_work = sum(1 for other in self._items if other.state == "running" or other.ready)
        share = share_cpus(self._n_cpus, n_at_work + len(self._unplanned))
        cpus = min(share, self._most_cpus[step.stage] or share)
        request = replace(step.request, limits=replace(step.request.limits, cpus=cpus))
        self._note(run, step.stage, state="running")
        self._tell(StepStarted(run.item.id, step.stage, step.reason, cpus))
        self._running[self._executor.submit(request)] = (run, request)
        self._n_steps_run += 1

    # --- waiting for what runs -----------------------------------------------------------------

    def _wait(self) -> None:
        """Wait up to a poll interval, then handle ended steps and report progress."""
        ended, _ = wait(self._running, POLL_INTERVAL_S, FIRST_COMPLETED)
        for future in ended:
            run, request = self._running.pop(future)
            self._seen_by_future.pop(future, None)
            error = future.exception()
            if error is None:
                self._finish(run, request, future.result())
            elif isinstance(error, CuecastError) and not request.has_seal:
                self._refuse(run, next(iter(run.reports)), error, request.stage)
            elif isinstance(error, CuecastError):
                self._fail(run, request.stage, error)
            else:
                raise error
            self._end_item_if_over(run)
        for future, (run, request) in self._running.items():
            seen_share, seen_line = self._seen_by_future.get(future, (0.0, ""))
            share, line = read_progress(request), read_status_line(request)
            if line != seen_line:
                self._tell(StepStatusLine(run.item.id, request.stage, line))
            if share > seen_share:
                self._tell(StepProgress(run.item.id, request.stage, share))
            self._seen_by_future[future] = max(share, seen_share), line

    def _finish(self, run: ItemRun, request: StepRequest, outcome: StepOutcome) -> None:
        cost = (outcome.seconds, outcome.cpu_seconds)
        if not request.has_seal:
            self._tell(StepDone(outcome.item, outcome.stage, *cost))
            self._take_digests(run, request, outcome.used)
            return
        self._note(run, outcome.stage, state="done", seconds=outcome.seconds)
        used, notes = dict(outcome.used), outcome.notes
        self._tell(StepDone(outcome.item, outcome.stage, *cost, used, notes))

    def _fail(self, run: ItemRun, stage: str, error: CuecastError, step: str | None = None) -> None:
        self._note(run, stage, state="failed", error=str(error))
        self._tell(StepFailed(run.item.id, step or stage, error))
        self._skip(run, find_followers(self._stages, {stage}), f"{stage} failed")

    def _skip(self, run: ItemRun, names: Container[str], because: str) -> None:
        for stage, report in list(run.reports.items()):
            if stage in names and report.state == "waiting":
                self._note(run, stage, state="skipped")
                self._tell(StepSkipped(run.item.id, stage, because))

    def _end_item_if_over(self, run: ItemRun) -> None:
        is_over = all(
            report.state in ("done", "failed", "skipped") for report in run.reports.values()
        )
        if is_over and not run.has_ended:
            run.has_ended = True
            if self._can_write:
                sweep_scratch(run.item)
            if run.state == "done" and self._job.run.keep == "outputs" and self._can_write:
                self._drop_large_files(run.item)
            self._tell(ItemEnded(run.item.id, run.state, run.item.folder))

    def _drop_large_files(self, item: Item) -> None:
        for path in {path for stage in self._stages for path in stage.large_inputs}:
            stage_name, _, file = path.partition("/")
            drop_file(item.folder / stage_name, file)

    # --- reporting -----------------------------------------------------------------------------

    def _note(self, run: ItemRun, stage: str, **changes: object) -> None:
        run.reports[stage] = replace(run.reports[stage], **changes)  # type: ignore[arg-type]

    def _count(self, state: ItemState) -> int:
        return sum(1 for run in self._items if run.state == state)

    def _interrupt(self) -> None:
        for run in self._items:
            for stage, report in run.reports.items():
                if report.state == "running":
                    self._note(run, stage, state="interrupted")
        for run, _ in self._running.values():
            sweep_scratch(run.item)
        self._running.clear()
        self._end("interrupted")

    def _end(self, state: RunState) -> RunEnded:
        self._write_report(state)
        seconds = round(time.monotonic() - self._started_s, 3)
        counts = (self._count("done"), self._count("failed"), self._n_steps_run)
        ended = RunEnded(state, *counts, seconds)
        self._tell(ended)
        return ended

    def _write_report(self, state: RunState = "running") -> None:
        self._report.write(state, [run.report for run in self._items])

    def _save_digests(self) -> None:
        """Save the digests, so that the next run need not hash the sources again."""
        try:
            if self._can_write:
                self._digests.save()
        except StepError as error:
            logger.warning("%s", error)
