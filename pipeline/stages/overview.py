"""summary.csv: a row for each item, from run.json and the sealed folders.

No stage: it is written when a run ends, only from what the stages sealed.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from pipeline.codec import read_record
from pipeline.errors import StepError
from pipeline.job.disk import write_atomically
from pipeline.job.ownership import SUMMARY_NAME
from pipeline.job.report import ItemReport, read_report
from pipeline.job.stage import Item, Job
from pipeline.records import AlignmentSummary, Media

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets take cells that begin so for formulas; an apostrophe prevents it (OWASP)."""

SUMMED_UP = (
    "n_words", "n_aligned", "n_estimated", "n_unspoken",
    "matches", "speech_covered", "review", "reasons",
)  # fmt: skip
"""The columns that come from summary.json, with the same names there."""

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
    """Write summary.csv into the job's output folder; returns its path."""
    path = job.output / SUMMARY_NAME
    write_atomically(path, format_overview(rows).encode())
    return path


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
    media = _read(item, "ingest", "media.json", Media) if "ingest" in done else None
    summary = _read(item, "align", "summary.json", AlignmentSummary) if "align" in done else None
    return Row(
        id=item.id,
        state=report.state,
        duration_ms=media.duration_ms if media else None,
        error=next((step.error for step in report.steps if step.error), None),
        **({name: getattr(summary, name) for name in SUMMED_UP} if summary else {}),
    )


def _read(item: Item, stage: str, name: str, kind: type[T]) -> T | None:
    """A record of a sealed folder; None where it was removed since."""
    try:
        return read_record(item.folder / stage / name, kind)
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
