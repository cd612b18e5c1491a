"""Stages that only some items have: nothing of them is planned, run, reported or left behind."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.job.events import RunStarted, StepFailed, StepStarted
from pipeline.job.options import RunOptions
from pipeline.job.plan import plan_item, plan_job
from pipeline.job.preflight import check_job
from pipeline.job.report import read_report
from pipeline.job.runner import run_job
from pipeline.job.sources import SourceDigests
from pipeline.job.stage import Job, Resources, Stage
from pipeline.job.status import find_status
from pipeline.job.store import read_seal
from pipeline.records import Plain
from tests.job.toy import TOY_STAGES, make_toy_job

READ, COUNT, SHOW, _ = TOY_STAGES
NOTE = Stage("note", ("read",), ("note",), "tests.job.toy:tell", 1, when="note.to")
STAGES = (READ, NOTE, COUNT, replace(SHOW, after=("note", "count")))
WITHOUT: dict[str, Plain] = {"note": {"to": None}}
WITH: dict[str, Plain] = {"note": {"to": "me"}}


def make_job(folder: Path, options: dict[str, Plain], executor: str = "serial") -> Job:
    run = RunOptions(executor=executor, workers=2)  # type: ignore[arg-type]
    return make_toy_job(folder, {"toy": options}, run)


def run(
    folder: Path, options: dict[str, Plain], stages: tuple[Stage, ...] = STAGES
) -> list[object]:
    """The events of a run."""
    events: list[object] = []
    assert run_job(make_job(folder, options), stages, events.append).state == "done"
    return events


def redone(events: list[object]) -> list[str]:
    return [event.stage for event in events if isinstance(event, StepStarted)]


def test_a_stage_whose_option_is_not_set_is_in_no_plan_status_or_report(tmp_path: Path) -> None:
    job = make_job(tmp_path, WITHOUT)
    (plan,) = plan_job(job, STAGES)
    assert [step.stage for step in plan.steps] == ["read", "count", "show"]
    events = run(tmp_path, WITHOUT)
    assert redone(events) == ["read", "count", "show"]
    assert [event.n_steps for event in events if isinstance(event, RunStarted)] == [3]
    assert [row.stage for row in find_status(job, STAGES)] == ["read", "count", "show"]
    report = read_report(tmp_path / "out")
    assert report is not None
    assert [step.stage for step in report.items[0].steps] == ["read", "count", "show"]
    assert not (tmp_path / "out" / "toy" / "note").exists()
    assert redone(run(tmp_path, WITHOUT)) == []


def test_a_source_may_be_what_a_stage_needs(tmp_path: Path) -> None:
    stages = (READ, replace(NOTE, when="text", options=()), COUNT, SHOW)
    assert "note" not in redone(run(tmp_path, WITHOUT, stages))
    job = make_job(tmp_path, WITHOUT)
    texted = replace(job.items[0], sources={**job.items[0].sources, "text": tmp_path / "toy.txt"})
    plan = plan_item(job, texted, stages, SourceDigests(job.output))
    assert [step.stage for step in plan.steps] == ["read", "note", "count", "show"]


def test_an_item_that_gets_the_stage_runs_it_and_redoes_what_follows(tmp_path: Path) -> None:
    run(tmp_path, WITHOUT)
    (plan,) = plan_job(make_job(tmp_path, WITH), STAGES)
    assert {step.stage: step.reason for step in plan.steps} == {
        "read": "done", "note": "not done yet", "count": "done", "show": "follows note",
    }  # fmt: skip
    assert redone(run(tmp_path, WITH)) == ["note", "show"]


def test_an_item_that_loses_the_stage_loses_its_files_and_redoes_what_follows(
    tmp_path: Path,
) -> None:
    run(tmp_path, WITH)
    folder = tmp_path / "out" / "toy" / "note"
    assert read_seal(folder) is not None
    (folder / "mine.txt").write_text("mine")
    assert redone(run(tmp_path, WITHOUT)) == ["show"]
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("damage", ["nothing", "a file that is gone", "a seal cut short"])
def test_what_a_version_before_left_of_it_is_never_read(tmp_path: Path, damage: str) -> None:
    run(tmp_path, WITH)
    folder = tmp_path / "out" / "toy" / "note"
    if damage == "a file that is gone":
        (folder / "told.txt").unlink()
    if damage == "a seal cut short":
        (folder / "_done.json").write_text('{"stage": "no')
    (plan,) = plan_job(make_job(tmp_path, WITHOUT), STAGES)
    (show,) = (step for step in plan.steps if step.stage == "show")
    assert show.request is not None
    assert set(show.request.paths.inputs) == {"count"}
    assert redone(run(tmp_path, WITHOUT)) == ["show"]
    assert folder.exists() == (damage == "a seal cut short")


def test_a_source_among_its_files_is_refused_and_not_removed(tmp_path: Path) -> None:
    run(tmp_path, WITH)
    told = tmp_path / "out" / "toy" / "note" / "told.txt"
    job = make_toy_job(tmp_path, {"toy": WITHOUT, "other": WITHOUT}, RunOptions(executor="serial"))
    job = replace(job, items=(replace(job.items[0], sources={"media": told}), job.items[1]))
    events: list[object] = []
    assert run_job(job, STAGES, events.append).n_failed == 1
    (error,) = (str(event.error) for event in events if isinstance(event, StepFailed))
    assert "told.txt: lies where the job writes its own files; copy it elsewhere first" in error
    assert told.exists()


def test_a_stage_the_item_lacks_is_neither_forced_nor_checked(tmp_path: Path) -> None:
    run(tmp_path, WITHOUT)
    job = replace(make_job(tmp_path, WITHOUT), redo=frozenset({"note"}))
    asking = (replace(NOTE, check="tests.job.toy:nothing"), *STAGES[2:])
    assert check_job(job, (READ, *asking), lambda questions: ()).notes == ()
    assert run_job(job, STAGES, lambda event: None).n_steps_run == 0


def test_a_step_is_given_no_more_threads_than_its_stage_can_use(tmp_path: Path) -> None:
    stages = (replace(READ, resources=Resources(cpus=1)), COUNT)
    events = run(tmp_path, WITHOUT, stages)
    assert [event.cpus for event in events if isinstance(event, StepStarted)] == [1, 2]
