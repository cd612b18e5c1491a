"""What a run says at its end, and as JSON."""

import json
from pathlib import Path

import pytest

from pipeline.cli.lines import format_results, to_json_line
from pipeline.job.events import RunEnded, StepProgress
from pipeline.job.stage import Item, Job
from pipeline.stages.overview import Row

ENDED = RunEnded("done", n_done=2, n_failed=0, n_steps_run=4, seconds=1.25)


def make_job(folder: Path, n_items: int, only: frozenset[str] | None = None) -> Job:
    items = tuple(Item(f"item-{n}", folder / f"item-{n}", {}, {}) for n in range(n_items))
    for item in items:
        (item.folder / "report").mkdir(parents=True)
        (item.folder / "report" / "index.html").touch()
    return Job(folder, items, only=only)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_items_to_review_are_named_with_the_reasons(here: Path) -> None:
    rows = [
        Row("item-0", "done", review=True, reasons=("one thing", "another")),
        Row("item-1", "done", review=False),
    ]
    assert format_results(make_job(here, 2), ENDED, rows) == [
        "2 of 2 done, in 1.2 s",
        "review  item-0: one thing; another",
        "  item-0/report/index.html",
        "  item-1/report/index.html",
    ]


def test_items_that_were_not_chosen_are_not_named(here: Path) -> None:
    rows = [Row("item-0", "done", review=True, reasons=("one thing",))]
    lines = format_results(make_job(here, 2, frozenset({"item-1"})), ENDED, rows)
    assert lines == [f"{ENDED.n_done} of 1 done, in 1.2 s", "  item-1/report/  index.html"]


def test_an_item_that_failed_lists_no_files_of_earlier_runs(here: Path) -> None:
    failed = RunEnded("failed", n_done=0, n_failed=1, n_steps_run=1, seconds=1.25)
    assert format_results(make_job(here, 1), failed, ()) == ["0 of 1 done, 1 failed, in 1.2 s"]


def test_of_many_items_the_folder_is_named(here: Path) -> None:
    lines = format_results(make_job(here / "out", 13), ENDED, ())
    assert lines[1:] == ["results: out/, a row an item in summary.csv"]


def test_an_event_tells_the_time_left_where_it_is_known() -> None:
    event = StepProgress("talk", "align", 0.5)
    fields = {"event": "step_progress", "item": "talk", "stage": "align", "share": 0.5}
    assert json.loads(to_json_line(event, None)) == fields
    assert json.loads(to_json_line(event, 12.34)) == {**fields, "left_s": 12.3}
