"""Sources and sealed files: hashed beside other steps, looked at again before sealing, verified."""

import os
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError, CuecastError
from pipeline.job.events import Event, RunEnded, StepDone, StepFailed, StepProgress, StepReused
from pipeline.job.hashing import HASH_NAME
from pipeline.job.lock import hold_lock
from pipeline.job.options import RunOptions
from pipeline.job.plan import plan_job
from pipeline.job.runner import run_job
from pipeline.job.sources import READ_IN_PASSING_BYTES
from pipeline.job.stage import Job
from pipeline.job.store import read_seal
from tests.job.toy import TOY_STAGES, make_toy_job

SERIAL = RunOptions(executor="serial")
STAGE_NAMES = [stage.name for stage in TOY_STAGES]
ENDLESS_BYTES = 100_000_000_000
"""Of holes alone: it takes no room on the disk, and minutes to read."""


def run(job: Job) -> tuple[RunEnded, list[Event]]:
    events: list[Event] = []
    return run_job(job, TOY_STAGES, events.append), events


def errors(events: list[Event]) -> list[str]:
    return [str(event.error) for event in events if isinstance(event, StepFailed)]


def steps_done(events: list[Event]) -> list[str]:
    return [event.stage for event in events if isinstance(event, StepDone)]


def make_large(path: Path, n_bytes: int = READ_IN_PASSING_BYTES + 1) -> None:
    with path.open("wb") as file:
        file.truncate(n_bytes)


@pytest.mark.parametrize("executor", ["serial", "local"])
def test_a_source_that_changes_while_a_step_runs_is_not_sealed(
    tmp_path: Path, executor: Any
) -> None:
    options = RunOptions(executor=executor, workers=1)
    stages = tuple(
        replace(stage, sources=("media",)) if stage.name == "count" else stage
        for stage in TOY_STAGES
    )
    events: list[Event] = []
    job = make_toy_job(tmp_path, {"one": {"count": {"do": "touch"}}}, options)
    assert run_job(job, stages, events.append).state == "failed"
    assert errors(events) == [f"{tmp_path}/one.txt: changed while the job ran; run the job again"]
    assert read_seal(tmp_path / "out" / "one" / "count") is None
    again = make_toy_job(tmp_path, {"one": {"count": {"letter": "n"}}}, options)
    assert run_job(again, stages, events.append).state == "done"
    assert '"n_found": 2' in (tmp_path / "out" / "one" / "count" / "count.json").read_text()


def test_a_large_source_is_hashed_in_a_step_of_its_own_and_once(tmp_path: Path) -> None:
    job = make_toy_job(tmp_path, {"large": {}, "small": {}}, RunOptions(workers=2))
    make_large(tmp_path / "large.txt")
    ended, events = run(job)
    assert (ended.state, steps_done(events).count(HASH_NAME)) == ("done", 1)
    assert ended.n_steps_run == 2 * len(TOY_STAGES)
    _, events = run(job)
    assert steps_done(events) == []
    make_large(tmp_path / "large.txt", READ_IN_PASSING_BYTES + 2)
    _, events = run(job)
    assert steps_done(events)[0] == HASH_NAME
    os.utime(tmp_path / "large.txt", (1, 1))
    _, events = run(job)
    assert steps_done(events) == [HASH_NAME]


def test_an_item_whose_source_takes_too_long_to_read_fails_and_the_others_go_on(
    tmp_path: Path,
) -> None:
    job = make_toy_job(tmp_path, {"large": {}, "small": {}}, RunOptions(workers=2, timeout_s=3))
    make_large(tmp_path / "large.txt", ENDLESS_BYTES)
    ended, events = run(job)
    assert (ended.n_done, ended.n_failed) == (1, 1)
    assert errors(events) == ["large: hash: took longer than its 3 s; raise run.timeout_s"]
    shares = [event.share for event in events if isinstance(event, StepProgress)]
    assert shares and 0 < max(shares) < 1


def test_a_plan_reads_no_large_source_that_nothing_was_made_of(tmp_path: Path) -> None:
    job = make_toy_job(tmp_path, {"large": {}}, SERIAL)
    make_large(tmp_path / "large.txt", ENDLESS_BYTES)
    (plan,) = plan_job(job, TOY_STAGES)
    assert {step.reason for step in plan.steps} == {"not done yet"}


# --- verify ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_verify_finds_a_byte_altered_anywhere_and_a_plain_run_does_not_look(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    job = make_toy_job(tmp_path, {"one": {}}, SERIAL)
    run(job)
    item = tmp_path / "out" / "one"
    stage = chance.choice(STAGE_NAMES)
    seal = read_seal(item / stage)
    assert seal is not None
    path = item / stage / chance.choice(seal.files).path
    whole = path.read_bytes()
    place = chance.randrange(len(whole))
    altered = whole[:place] + bytes([whole[place] ^ chance.randrange(1, 256)]) + whole[place + 1 :]
    path.write_bytes(altered)
    assert run(job)[0].n_steps_run == 0
    (plan,) = plan_job(replace(job, is_verified=True), TOY_STAGES)
    reasons = {step.stage: step.reason for step in plan.steps}
    assert reasons[stage] == "its files were altered"
    _, events = run(replace(job, is_verified=True))
    redone = {name for name in steps_done(events) if name != HASH_NAME}
    assert redone == {name for name, reason in reasons.items() if reason != "done"}
    assert path.read_bytes() == whole
    _, events = run(replace(job, is_verified=True))
    assert steps_done(events) == [HASH_NAME]
    assert sum(isinstance(event, StepReused) for event in events) == len(TOY_STAGES)


# --- an output folder that can't be written ----------------------------------------------------


def try_read_only(job: Job) -> str:
    """A run by a user who may read the output folder and not write it."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.setuid(65534)
        try:
            ended, _ = run(job)
            told = f"{ended.state} {ended.n_steps_run}"
        except CuecastError as error:
            told = str(error)
        os.write(write_end, told.encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return told


def make_read_only(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def test_a_folder_that_can_only_be_read_does_where_all_is_done(tmp_path: Path) -> None:
    job = make_toy_job(tmp_path, {"one": {}}, SERIAL)
    run(job)
    for parent in tmp_path.parents[:2]:
        parent.chmod(0o755)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    make_read_only(tmp_path)
    assert try_read_only(job) == "done 0"
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    changed = make_toy_job(tmp_path, {"one": {"count": {"letter": "n"}}}, SERIAL)
    told = try_read_only(changed)
    assert told == f"{tmp_path}/out: can't be written; choose another output folder"
    tmp_path.chmod(0o755)


def test_a_lock_that_is_a_folder_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / ".cache" / "lock").mkdir(parents=True)
    with pytest.raises(ConfigError, match="can't be written"), hold_lock(tmp_path):
        pass
