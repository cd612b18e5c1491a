"""Formats events and results of a run as lines for people, and events as JSON.

`render.py` and `live.py` print them.
"""

import dataclasses
import json
import re
from collections.abc import Iterable
from pathlib import Path

from pipeline.job.estimate import Estimate
from pipeline.job.events import (
    Event,
    RunEnded,
    RunStarted,
    StepDone,
    StepFailed,
    StepProgress,
    StepStarted,
    StepStatusLine,
)
from pipeline.job.ownership import SUMMARY_NAME
from pipeline.job.stage import Item, Job
from pipeline.stages.overview import Row

SHOWN_STAGES = ("captions", "clips", "report")
"""Stages whose folders are listed as results; the others hold intermediate files."""
ITEMS_SHOWN = 12
"""Most items whose pages are listed; for more, only the output folder is named."""
SOON_S = 3.0
"""Seconds left below which no estimate is shown."""


def format_results(job: Job, ended: RunEnded, rows: Iterable[Row]) -> list[str]:
    """The last lines of a run: counts, items to review, and where the results are."""
    counts = [f"{ended.n_done} of {len(job.chosen)} done"]
    if ended.n_failed:
        counts.append(f"{ended.n_failed} failed")
    if not ended.n_steps_run and not ended.n_failed:
        counts.append("nothing had to run")
    lines = [f"{', '.join(counts)}, in {ended.seconds:.1f} s"]
    lines += [f"review  {row.id}: {'; '.join(row.reasons)}" for row in find_doubtful(job, rows)]
    if len(job.chosen) > ITEMS_SHOWN:
        return [*lines, f"results: {shorten_path(job.output)}/, a row an item in {SUMMARY_NAME}"]
    if len(job.chosen) == 1:
        return [*lines, *(_list_folders(job.chosen[0]) if ended.n_done else ())]
    pages = (item.folder / "report" / "index.html" for item in job.chosen)
    return [*lines, *(f"  {shorten_path(page)}" for page in pages if page.is_file())]


def find_doubtful(job: Job, rows: Iterable[Row]) -> list[Row]:
    """The chosen items that need a review."""
    chosen = {item.id for item in job.chosen}
    return [row for row in rows if row.review and row.id in chosen]


def format_left(left_s: float | None) -> str:
    """The time left, rounded the more the longer it is; empty if unknown or short."""
    if left_s is None or left_s < SOON_S:
        return ""
    if left_s < 90:
        return f"~{5 * round(left_s / 5)} s left"
    minutes = round(left_s / 60)
    if minutes < 90:
        return f"~{minutes} min left"
    hours, minutes = divmod(10 * round(minutes / 10), 60)
    return f"~{hours} h {minutes} min left" if minutes else f"~{hours} h left"


def format_progress(event: StepProgress, estimate: Estimate) -> str:
    """How far a running step is and, of several items, the run; with the time left if known."""
    parts = [f"{event.item}  {event.stage}  {event.share:.0%}"]
    if estimate.n_items > 1:
        parts.append(f"{estimate.n_ended} of {estimate.n_items} items")
    parts.append(format_left(estimate.left_s()))
    return ", ".join(part for part in parts if part)


def shorten_path(path: Path) -> str:
    """A path relative to the working folder, if it is inside."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def to_json_line(event: Event, left_s: float | None) -> str:
    """An event as one line of JSON: its name, its fields, and the seconds left if known."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(event).__name__).lower()
    fields = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
    left = {} if left_s is None else {"left_s": round(left_s, 1)}
    return json.dumps({"event": name, **fields, **left}, default=str, ensure_ascii=False)


def _list_folders(item: Item) -> list[str]:
    folders = [item.folder / stage for stage in SHOWN_STAGES]
    return [
        f"  {shorten_path(folder)}/  {_list_files(folder)}" for folder in folders if folder.is_dir()
    ]


def _list_files(folder: Path) -> str:
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("_"))
    return ", ".join(names[:4]) + (f", … {len(names)} files" if len(names) > 4 else "")


def format_event(event: Event) -> list[str]:
    """The lines shown for an event; most events have none."""
    match event:
        case RunStarted(output=output, n_items=n_items) if n_items > 1:
            return [f"{n_items} items into {shorten_path(output)}"]
        case StepStarted(item=item, stage=stage, reason=reason):
            return [f"{item}  {stage}  started: {reason}"]
        case StepStatusLine(item=item, stage=stage, line=line):
            return [f"{item}  {stage}  {line}"]
        case StepDone(item=item, stage=stage, seconds=seconds, notes=notes):
            done = f"{item}  {stage}  done in {seconds:.1f} s{_format_used(event.used)}"
            return [*(f"{item}  {stage}  note: {note}" for note in notes), done]
        case _:
            return []


def format_failure(event: StepFailed) -> str:
    """The line of a failed step; the error's prefix is cut if it repeats item or stage."""
    error = " ".join(str(event.error).split()).removeprefix(f"{event.item}: ")
    return f"{event.item}  {event.stage}  failed: {error.removeprefix(f'{event.stage}: ')}"


def _format_used(used: dict[str, str]) -> str:
    return f" ({', '.join(used.values())})" if used else ""
