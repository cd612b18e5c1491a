"""summary.csv and index.html: each item of a job, from run.json and the sealed folders.

No stage: they are written when a run ends, only from what the stages sealed. `cuecast serve` lists
the same items.
"""

import csv
import io
import logging
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from pipeline.codec import read_record
from pipeline.errors import StepError
from pipeline.job.disk import write_atomically
from pipeline.job.ownership import SUMMARY_NAME
from pipeline.job.report import ItemReport, read_report
from pipeline.job.stage import Item, Job
from pipeline.job.store import read_seal
from pipeline.preview.listing import IS_LISTING, ListedItem, make_listing
from pipeline.records import AlignmentSummary, ClipList, Media

INDEX_NAME = "index.html"
PAGE = f"report/{INDEX_NAME}"
"""An item's page, in its folder."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets take cells that begin so for formulas; an apostrophe prevents it (OWASP)."""

SUMMED_UP = (
    "n_words", "n_aligned", "n_estimated", "n_unspoken",
    "matches", "speech_covered", "review", "reasons",
)  # fmt: skip
"""The columns that come from summary.json, with the same names there."""

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One item; unknown values are None. The names of the fields are those of the columns."""

    id: str
    state: str
    duration_ms: int | None = None
    n_words: int | None = None
    n_aligned: int | None = None
    n_estimated: int | None = None
    n_unspoken: int | None = None
    matches: bool | None = None
    speech_covered: float | None = None
    review: bool | None = None
    reasons: tuple[str, ...] = ()
    error: str | None = None


def make_overview(job: Job) -> tuple[Row, ...]:
    """A row for every item of a job, chosen or not, as the last run left it."""
    report = read_report(job.output)
    report_by_id = {item.id: item for item in report.items} if report else {}
    return tuple(_make_row(item, report_by_id.get(item.id)) for item in job.items)


def write_overview(job: Job, rows: Iterable[Row]) -> Path:
    """Write summary.csv and index.html into the job's output folder; returns the first's path.

    A job whose output folder is an item's own has that item's page alone.
    """
    path = job.output / SUMMARY_NAME
    write_atomically(path, format_overview(rows).encode())
    if all(item.folder != job.output for item in job.items):
        _write_listing(job.output)
    return path


def _write_listing(output: Path) -> None:
    """Write index.html, unless a file or folder of that name is not cuecast's."""
    path = output / INDEX_NAME
    is_theirs = not path.is_file() or IS_LISTING not in path.read_bytes()
    if path.is_symlink() or (path.exists() and is_theirs):
        log.warning("%s is not cuecast's and stays as it is; move it to get a list", path)
        return
    write_atomically(path, make_listing(output.name, find_items(output)).encode())


def find_items(root: Path) -> tuple[ListedItem, ...]:
    """The items in a folder: those of the last run first, in its order, then others with a page.

    A folder that is itself an item's is the only item.
    """
    report = read_report(root)
    report_by_id = {item.id: item for item in report.items} if report else {}
    if (root / PAGE).is_file():
        return (_list_item(root, root, report_by_id.get(root.name)),)
    names = [name for name in report_by_id if _is_name(name)]
    names += sorted(path.parent.parent.name for path in root.glob(f"*/{PAGE}"))
    return tuple(
        _list_item(root, root / name, report_by_id.get(name)) for name in dict.fromkeys(names)
    )


def _is_name(text: str) -> bool:
    """Whether an item id is the name of a direct subfolder."""
    return text not in ("", ".", "..") and Path(text).name == text


def _list_item(root: Path, folder: Path, report: ItemReport | None) -> ListedItem:
    """The list's entry of an item, from its artifacts; fields without an artifact are None."""
    media = _read(folder / "ingest" / "media.json", Media)
    summary = _read(folder / "align" / "summary.json", AlignmentSummary)
    clips = _read(folder / "clips" / "clips.json", ClipList)
    seal = read_seal(folder / "report")
    page = folder / PAGE
    return ListedItem(
        id=folder.name,
        title=str(seal.identity.options.get("title", folder.name)) if seal else folder.name,
        address=quote(page.relative_to(root).as_posix()) if page.is_file() else None,
        state=report.state if report else None,
        error=_find_error(report) if report else None,
        duration_ms=media.duration_ms if media else None,
        n_words=summary.n_words if summary else None,
        n_doubtful=len(summary.doubts) if summary else None,
        n_clips=len(clips.clips) if clips else None,
        reasons=summary.reasons if summary else (),
    )


def _find_error(report: ItemReport) -> str | None:
    """The first error of an item's stages."""
    return next((step.error for step in report.steps if step.error), None)


def format_overview(rows: Iterable[Row]) -> str:
    """Rows as CSV.

    Source: RFC 4180, with a line of column names.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    names = [field.name for field in fields(Row)]
    writer.writerow(names)
    writer.writerows([_format_cell(getattr(row, name)) for name in names] for row in rows)
    return text.getvalue()


def _make_row(item: Item, report: ItemReport | None) -> Row:
    if report is None:
        return Row(item.id, "waiting")
    done = {step.stage for step in report.steps if step.state == "done"}
    media = _read(item.folder / "ingest" / "media.json", Media) if "ingest" in done else None
    path = item.folder / "align" / "summary.json"
    summary = _read(path, AlignmentSummary) if "align" in done else None
    return Row(
        id=item.id,
        state=report.state,
        duration_ms=media.duration_ms if media else None,
        error=_find_error(report),
        **({name: getattr(summary, name) for name in SUMMED_UP} if summary else {}),
    )


def _read(path: Path, kind: type[T]) -> T | None:
    """A record of a sealed folder; None where there is none, or it was removed since."""
    try:
        return read_record(path, kind)
    except StepError:
        return None


def _format_cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case tuple():
            return _guard("; ".join(value))
        case _:
            return _guard(str(value))


def _guard(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
