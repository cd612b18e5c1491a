"""Whole runs: order, faults, interruption and resume, with real processes."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError
from pipeline.job.events import Event, ItemEnded, RunEnded, StepDone, StepProgress, StepSkipped
from pipeline.job.lock import hold_lock, is_locked
from pipeline.job.options import RunOptions
from pipeline.job.report import read_report
from pipeline.job.runner import run_job
from pipeline.job.select import Selection, narrow_job
from pipeline.job.stage import Job
from pipeline.job.status import find_status
from tests.job.test_executors import is_alive, wait_until
from tests.job.toy import TOY_STAGES, make_toy_job
from tests.patience import PATIENCE_S

N_STAGES = len(TOY_STAGES)


def run(
    folder: Path, items: Mapping[str, Any], wish: Selection | None = None, **options: Any
) -> tuple[RunEnded, list[Event]]:
    events: list[Event] = []
    job = make_toy_job(folder, items, RunOptions(**{"workers": 2, **options}))
    job = narrow_job(job, TOY_STAGES, wish) if wish else job
    return run_job(job, TOY_STAGES, events.append), events


def redone(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.item, event.stage) for event in events if isinstance(event, StepDone)]


def item_states(folder: Path) -> dict[str, str]:
    report = read_report(folder / "out")
    assert report is not None
    return {item.id: item.state for item in report.items}


def fingerprint_tree(root: Path) -> dict[str, str]:
    """Every file of the items' folders with a digest of its bytes."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.relative_to(root).parts[0] not in ("run.json", "logs", ".cache")
    }


@pytest.mark.parametrize("executor", ["serial", "local"])
def test_every_item_goes_through_every_stage(tmp_path: Path, executor: str) -> None:
    ended, events = run(tmp_path, {"one": {}, "two": {}}, executor=executor)
    assert (ended.state, ended.n_done, ended.n_steps_run) == ("done", 2, 2 * N_STAGES)
    assert (tmp_path / "out" / "two" / "show" / "rows" / "row.txt").read_text() == "aaa"
    assert sum(isinstance(event, StepDone) for event in events) == 2 * N_STAGES
    report = read_report(tmp_path / "out")
    assert report is not None
    assert [(item.id, item.state) for item in report.items] == [("one", "done"), ("two", "done")]
    assert not list(tmp_path.rglob(".scratch"))


def test_a_second_run_does_nothing_and_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path, {"one": {}})
    before = fingerprint_tree(tmp_path / "out")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "one").rglob("*")}
    ended, _ = run(tmp_path, {"one": {}})
    assert (ended.state, ended.n_steps_run) == ("done", 0)
    assert fingerprint_tree(tmp_path / "out") == before
    assert all(path.stat().st_mtime_ns == time for path, time in times.items())


def test_bytes_depend_on_neither_executor_nor_workers(tmp_path: Path) -> None:
    trees = []
    for name, options in (("a", {"executor": "serial"}), ("b", {"workers": 3})):
        (tmp_path / name).mkdir()
        run(tmp_path / name, {"one": {}, "two": {}}, **options)
        trees.append(fingerprint_tree(tmp_path / name / "out"))
    assert trees[0] == trees[1]


def test_a_changed_option_redoes_its_stage_and_what_follows_alone(tmp_path: Path) -> None:
    run(tmp_path, {"one": {}})
    ended, events = run(tmp_path, {"one": {"count": {"letter": "n"}}})
    assert (ended.state, redone(events)) == ("done", [("one", "count"), ("one", "show")])
    assert (tmp_path / "out" / "one" / "show" / "rows" / "row.txt").read_text() == "nn"


def test_one_item_failing_never_stops_another(tmp_path: Path) -> None:
    items = {"bad": {"count": {"do": "fail"}}, "worse": {"count": {"do": "segfault"}}, "good": {}}
    ended, events = run(tmp_path, items)
    assert (ended.state, ended.n_done, ended.n_failed) == ("failed", 1, 2)
    states = {event.item: event.state for event in events if isinstance(event, ItemEnded)}
    assert states == {"bad": "failed", "worse": "failed", "good": "done"}
    skipped = {(event.item, event.stage) for event in events if isinstance(event, StepSkipped)}
    assert skipped == {("bad", "show"), ("worse", "show")}
    assert (tmp_path / "out" / "bad" / "tell" / "told.txt").exists()


def test_a_missing_source_fails_its_item_before_anything_runs(tmp_path: Path) -> None:
    job = make_toy_job(tmp_path, {"gone": {}, "good": {}})
    (tmp_path / "gone.txt").unlink()
    ended = run_job(job, TOY_STAGES, lambda event: None)
    assert (ended.n_done, ended.n_failed, ended.n_steps_run) == (1, 1, N_STAGES)
    report = read_report(tmp_path / "out")
    assert report is not None
    errors = [step.error for step in report.items[0].steps]
    assert errors[0] is not None and "no such file; check the path" in errors[0]
    assert [step.state for step in report.items[0].steps] == ["failed", *["skipped"] * 3]


def test_a_failed_step_runs_again_and_what_is_done_does_not(tmp_path: Path) -> None:
    run(tmp_path, {"one": {"count": {"do": "crash"}}})
    ended, events = run(tmp_path, {"one": {}})
    assert (ended.state, redone(events)) == ("done", [("one", "count"), ("one", "show")])


def test_progress_of_a_running_step_is_told(tmp_path: Path) -> None:
    _, events = run(tmp_path, {"one": {"count": {"do": "hang"}}}, timeout_s=4.0)
    assert StepProgress("one", "count", 0.5) in events


def test_two_runs_on_one_output_folder_are_refused(tmp_path: Path) -> None:
    with hold_lock(tmp_path / "out"):
        assert is_locked(tmp_path / "out")
        with pytest.raises(ConfigError, match=f"process {os.getpid()}"):
            run(tmp_path, {"one": {}})
    assert not is_locked(tmp_path / "out")
    assert run(tmp_path, {"one": {}})[0].state == "done"


def test_a_run_on_one_items_folder_keeps_a_run_of_the_whole_job_off_and_the_other_way_round(
    tmp_path: Path,
) -> None:
    run(tmp_path, {"one": {}, "two": {}})
    job = make_toy_job(tmp_path, {"one": {}, "two": {}})
    alone = Job(job.items[0].folder, (job.items[0],), job.run)
    refused = f"{job.items[0].folder}: another run is at work here; wait for it to end"
    for folder, other in ((alone.output, job), (job.output, alone)):
        with hold_lock(folder), pytest.raises(ConfigError) as raised:
            run_job(other, TOY_STAGES, lambda event: None)
        assert str(raised.value) == refused
    # A folder beside the items of a run that is at work is nobody's.
    beside = replace(job.items[0], folder=tmp_path / "out" / "beside")
    with hold_lock(job.output):
        ended = run_job(Job(beside.folder, (beside,), job.run), TOY_STAGES, lambda event: None)
    assert ended.state == "done"


THREE: dict[str, Any] = {"one": {}, "two": {"count": {"do": "fail"}}, "three": {}}


def test_only_the_chosen_items_run_and_the_report_keeps_the_others(tmp_path: Path) -> None:
    ended, _ = run(tmp_path, THREE, Selection(only=("t*",)))
    assert (ended.n_done, ended.n_failed) == (1, 1)
    assert item_states(tmp_path) == {"one": "waiting", "two": "failed", "three": "done"}
    ended, events = run(tmp_path, THREE, Selection(only=("one",)))
    assert {item for item, _ in redone(events)} == {"one"}
    assert item_states(tmp_path) == {"one": "done", "two": "failed", "three": "done"}


def test_failed_items_alone_run_again(tmp_path: Path) -> None:
    run(tmp_path, THREE)
    ended, events = run(tmp_path, {**THREE, "two": {}}, Selection(is_failed_only=True))
    assert (ended.state, redone(events)) == ("done", [("two", "count"), ("two", "show")])
    assert set(item_states(tmp_path).values()) == {"done"}
    ended, events = run(tmp_path, THREE, Selection(is_failed_only=True))
    assert (ended.state, ended.n_done, redone(events)) == ("done", 0, [])


def test_a_forced_stage_runs_again_with_what_follows_and_gives_the_same_bytes(
    tmp_path: Path,
) -> None:
    run(tmp_path, {"one": {}, "two": {}})
    before = fingerprint_tree(tmp_path / "out")
    _, events = run(tmp_path, {"one": {}, "two": {}}, Selection(("two",), redo=("count",)))
    assert redone(events) == [("two", "count"), ("two", "show")]
    assert fingerprint_tree(tmp_path / "out") == before


def test_a_forced_stage_that_fails_is_done_no_longer_nor_what_follows(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "one"
    run(tmp_path, {"one": {}})
    (folder / "read" / "text.txt").write_bytes(b"\xff" * len("banana\n"))
    ended, _ = run(tmp_path, {"one": {}}, Selection(redo=("count",)))
    assert ended.state == "failed"
    sealed = {path.parent.name for path in folder.glob("*/_done.json")}
    assert sealed == {"read", "tell"}


def test_large_files_are_dropped_when_the_item_is_done_and_nothing_runs_again(
    tmp_path: Path,
) -> None:
    dropped = tmp_path / "out" / "one" / "read" / "text.txt"
    run(tmp_path, {"one": {"show": {"do": "fail"}}}, keep="outputs")
    assert dropped.exists()
    run(tmp_path, {"one": {}}, keep="outputs")
    assert not dropped.exists()
    before = fingerprint_tree(tmp_path / "out")
    for keep in ("outputs", "everything"):
        ended, _ = run(tmp_path, {"one": {}}, keep=keep)
        assert (ended.state, ended.n_steps_run) == ("done", 0)
        assert fingerprint_tree(tmp_path / "out") == before


def test_a_dropped_file_comes_back_for_the_stage_that_reads_it_alone(tmp_path: Path) -> None:
    retained = tmp_path / "kept"
    retained.mkdir()
    changed = {"one": {"count": {"letter": "n"}}}
    run(retained, changed)
    run(tmp_path, {"one": {}}, keep="outputs")
    _, events = run(tmp_path, changed, keep="everything")
    assert redone(events) == [("one", "read"), ("one", "count"), ("one", "show")]
    assert fingerprint_tree(tmp_path / "out") == fingerprint_tree(retained / "out")


def test_what_is_kept_is_dropped_by_a_later_run_that_says_so(tmp_path: Path) -> None:
    run(tmp_path, {"one": {}})
    ended, _ = run(tmp_path, {"one": {}}, keep="outputs")
    assert ended.n_steps_run == 0
    assert not (tmp_path / "out" / "one" / "read" / "text.txt").exists()


def start_hanging(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Start a run that hangs in `count` of the second item, and wait until it does."""
    items = json.dumps({"one": {}, "two": {"count": {"do": "hang"}}})
    command = [sys.executable, "-m", "tests.job.run_toy", str(folder), items]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    child = folder / "out" / "logs" / "two" / "child.txt"
    ends = [folder / "out" / "one" / stage.name / "_done.json" for stage in TOY_STAGES]
    ends.append(folder / "out" / "two" / "tell" / "_done.json")
    wait_until(lambda: child.exists() and all(end.exists() for end in ends))
    wait_until(lambda: child.read_text() != "" and is_noted(folder / "out"))
    return process, int(child.read_text())


def is_noted(out: Path) -> bool:
    """Whether run.json says that all is done but what hangs, and what waits for that."""
    report = read_report(out)
    states = [step.state for item in report.items for step in item.steps] if report else []
    return (states.count("done"), states.count("running")) == (len(TOY_STAGES) + 2, 1)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "calm").mkdir()
    run(tmp_path / "calm", {"one": {}, "two": {}})
    process, child = start_hanging(tmp_path)
    process.send_signal(number)
    process.wait(PATIENCE_S)
    wait_until(lambda: not is_alive(child))
    if number == signal.SIGINT:
        report = read_report(tmp_path / "out")
        assert report is not None and report.state == "interrupted"
    job = make_toy_job(tmp_path, {"one": {}, "two": {}})
    states = {(row.item, row.stage): row.state for row in find_status(job, TOY_STAGES)}
    assert states["two", "count"] == "interrupted"
    assert states["one", "show"] == "done"
    ended, events = run(tmp_path, {"one": {}, "two": {}})
    assert (ended.state, redone(events)) == ("done", [("two", "count"), ("two", "show")])
    assert fingerprint_tree(tmp_path / "out") == fingerprint_tree(tmp_path / "calm" / "out")
