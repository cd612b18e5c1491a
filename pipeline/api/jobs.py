"""`run_job`: a job file through all of its stages, as `cuecast run` does it."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.api.arguments import check_callback, take_names, take_path
from pipeline.config import read_job
from pipeline.errors import ConfigError, CuecastError
from pipeline.job import runner
from pipeline.job.events import Event, ItemEnded, ItemState, StepFailed
from pipeline.job.preflight import check_job
from pipeline.job.select import Selection, narrow_job
from pipeline.stages import STAGES
from pipeline.stages.overview import make_overview, write_overview


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """How an item ended: `done`, or `failed` with the error; its stages' files are in `folder`."""

    id: str
    state: ItemState
    folder: Path
    error: CuecastError | None = None


def run_job(
    path: str | Path,
    *,
    only: Sequence[str] = (),
    force: Sequence[str] = (),
    on_event: Callable[[Event], None] | None = None,
) -> tuple[ItemOutcome, ...]:
    """Run a job file; what is done already is reused, and a failed item stops no other.

    Args:
        only: ids of items, or patterns such as `talk-*`; none means every item.
        force: names of stages to run even if they are done, with those that follow.
        on_event: called in the caller's thread with each record of `pipeline/job/events.py`; an
            exception in it ends the run.
    Returns:
        The outcome of each item that was to run, in the job's order.
    Raises:
        ConfigError: the job file is wrong, or the job can't run; nothing was run.
    """
    selection = Selection(take_names("only", only), redo=take_names("force", force))
    check_callback("on_event", on_event)
    try:
        job = narrow_job(read_job(take_path("path", path)), STAGES, selection)
    except ConfigError as error:
        raise _name_argument(error) from error
    job = check_job(job, STAGES).job
    error_by_item: dict[str, CuecastError] = {}
    outcomes: dict[str, ItemOutcome] = {}

    def tell(event: Event) -> None:
        match event:
            case StepFailed(item=item, error=error):
                error_by_item.setdefault(item, error)
            case ItemEnded(item=item, state=state, folder=folder):
                outcomes[item] = ItemOutcome(item, state, folder, error_by_item.get(item))
        if on_event is not None:
            on_event(event)

    runner.run_job(job, STAGES, tell)
    if os.access(job.output, os.W_OK):
        write_overview(job, make_overview(job))
    return tuple(outcomes[item.id] for item in job.chosen)


def _name_argument(error: ConfigError) -> ConfigError:
    """The error with the name of the argument in place of the command line's option."""
    where = error.where.removeprefix("--")
    return ConfigError(where, error.problem, error.remedy, error.others)
