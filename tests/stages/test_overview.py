"""summary.csv and index.html: what it says of each item, and that no spreadsheet runs any of it."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.codec import write_record
from pipeline.job.report import ItemReport, RunReport, StepReport, write_report
from pipeline.job.stage import Item, Job
from pipeline.stages.overview import Row, format_overview, make_overview, write_overview
from tests.preview.views import make_view


def read_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """One item aligned, one failed in align after an earlier success, one that never ran."""
    items = tuple(Item(name, tmp_path / name, {}, {}) for name in ("good", "bad", "new"))
    view = make_view()
    summary = replace(view.summary, review=True, reasons=("first", "second"))
    for item in items[:2]:
        for stage, name, record in (
            ("ingest", "media.json", view.media),
            ("align", "summary.json", summary),
        ):
            (item.folder / stage).mkdir(parents=True)
            write_record(item.folder / stage / name, record)
    done = (StepReport("ingest", "done"), StepReport("align", "done"))
    failed = (StepReport("ingest", "done"), StepReport("align", "failed", error="bad: no; mend it"))
    reports = (ItemReport("good", "done", done), ItemReport("bad", "failed", failed))
    write_report(tmp_path, RunReport("failed", reports))
    return Job(tmp_path, items)


def test_a_row_says_how_an_item_went_and_whether_to_look_at_it(job: Job) -> None:
    path = write_overview(job, make_overview(job))
    good, bad, new = read_rows(path.read_bytes().decode())
    view = make_view()
    assert good == {
        "id": "good",
        "state": "done",
        "duration_ms": str(view.media.duration_ms),
        "n_words": str(view.summary.n_words),
        "n_aligned": str(view.summary.n_aligned),
        "n_estimated": str(view.summary.n_estimated),
        "n_unspoken": str(view.summary.n_unspoken),
        "matches": str(view.summary.matches).lower(),
        "speech_covered": str(view.summary.speech_covered),
        "review": "true",
        "reasons": "first; second",
        "error": "",
    }
    assert (bad["state"], bad["error"]) == ("failed", "bad: no; mend it")
    assert (new["state"], new["duration_ms"]) == ("waiting", "")


def test_a_list_of_all_items_stands_beside_it(job: Job) -> None:
    page = job.output / "good" / "report" / "index.html"
    page.parent.mkdir()
    page.write_text("page")
    write_overview(job, make_overview(job))
    listed = (job.output / "index.html").read_text("utf-8")
    assert '<a href="good/report/index.html"><bdi>good</bdi></a>' in listed
    assert listed.count("no report yet") == 1  # one failed, and one is not in run.json
    assert "bad: no; mend it" in listed
    n_doubtful = len(make_view().summary.doubts)
    assert f"{n_doubtful} doubts" in listed
    write_overview(job, ())
    assert (job.output / "index.html").read_text("utf-8") == listed


@pytest.mark.parametrize("kind", ["file", "folder", "link", "broken link"])
def test_a_list_replaces_nothing_that_is_not_a_list(
    job: Job, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    theirs, path = job.output / "theirs.txt", job.output / "index.html"
    match kind:
        case "folder":
            path.mkdir()
        case "file":
            path.write_text("theirs")
        case _:
            path.symlink_to(theirs)
    if kind == "link":
        theirs.write_text("theirs")
    write_overview(job, ())
    assert (path.is_symlink(), path.is_dir()) == ("link" in kind, kind == "folder")
    assert kind not in ("file", "link") or path.read_text() == "theirs"
    assert "stays as it is" in caplog.text


def test_a_recording_by_itself_needs_no_list(tmp_path: Path) -> None:
    job = Job(tmp_path, (Item("talk", tmp_path, {}, {}),))
    write_overview(job, ())
    assert not (tmp_path / "index.html").exists()


def test_what_an_earlier_run_left_of_a_failed_stage_is_not_told(job: Job) -> None:
    _, bad, _ = make_overview(job)
    assert bad.duration_ms is not None
    assert (bad.n_words, bad.review, bad.reasons) == (None, None, ())


def test_rows_read_back_whatever_is_in_them() -> None:
    error = 'he said "no", then\nleft; ünïcode'
    text = format_overview([Row("a", "failed", error=error)])
    assert text.endswith("\r\n")
    assert read_rows(text)[0]["error"] == error


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    row = Row("a", "failed", reasons=(f"{start}1+1",), error=f'{start}HYPERLINK("x")')
    (found,) = read_rows(format_overview([row]))
    assert found["reasons"] == f"'{start}1+1"
    assert found["error"] == f'\'{start}HYPERLINK("x")'
