"""Plans: what is reused, what runs, and the reason a person is given."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.job.options import RunOptions
from pipeline.job.plan import plan_job
from pipeline.job.runner import run_job
from pipeline.job.sources import SourceDigests
from pipeline.job.stage import Stage
from pipeline.job.store import drop_file
from pipeline.records import Plain
from tests.job.toy import TOY_STAGES, make_toy_job

SERIAL = RunOptions(executor="serial")
NOTHING: dict[str, Plain] = {}


def reasons(
    folder: Path, options: Mapping[str, Plain], stages: tuple[Stage, ...] = TOY_STAGES
) -> dict[str, str]:
    (plan,) = plan_job(make_toy_job(folder, {"toy": options}, SERIAL), stages)
    return {step.stage: f"{step.decision}: {step.reason}" for step in plan.steps}


@pytest.fixture
def done(tmp_path: Path) -> Path:
    run_job(make_toy_job(tmp_path, {"toy": NOTHING}, SERIAL), TOY_STAGES, lambda event: None)
    return tmp_path


def test_nothing_is_done_at_first(tmp_path: Path) -> None:
    assert set(reasons(tmp_path, NOTHING).values()) == {"run: not done yet"}
    assert not (tmp_path / "out").exists()


def test_the_same_request_is_reused(done: Path) -> None:
    assert set(reasons(done, NOTHING).values()) == {"reuse: done"}


def test_a_changed_option_redoes_its_stage_and_what_follows(done: Path) -> None:
    assert reasons(done, {"count": {"letter": "n"}}) == {
        "read": "reuse: done",
        "count": "run: count.letter changed",
        "show": "run: follows count",
        "tell": "reuse: done",
    }


def test_of_a_section_only_the_keys_a_stage_reads_count(done: Path) -> None:
    narrow = tuple(
        replace(s, options=("count.letter",)) if s.name == "count" else s for s in TOY_STAGES
    )
    job = make_toy_job(done, {"toy": {"count": {"letter": "n", "do": "work"}}}, SERIAL)
    run_job(job, narrow, lambda event: None)
    other = {"count": {"letter": "n", "do": "crash"}}
    assert set(reasons(done, other, narrow).values()) == {"reuse: done"}
    changed = reasons(done, {"count": {"letter": "a", "do": "work"}}, narrow)
    assert changed["count"] == "run: count.letter changed"


def test_a_changed_source_redoes_what_read_it_and_what_follows(done: Path) -> None:
    (done / "toy.txt").write_text("ananas")
    assert reasons(done, NOTHING) == {
        "read": "run: media changed",
        "count": "run: follows read",
        "show": "run: follows count",
        "tell": "run: follows read",
    }


def test_a_new_version_of_a_stage_redoes_it(done: Path) -> None:
    newer = tuple(replace(s, version=2) if s.name == "show" else s for s in TOY_STAGES)
    found = reasons(done, NOTHING, newer)
    assert found["show"] == "run: show works differently since version 2"
    assert found["count"] == "reuse: done"


def test_a_damaged_folder_is_redone_with_what_follows(done: Path) -> None:
    (done / "out" / "toy" / "count" / "count.json").write_text("{}")
    found = reasons(done, NOTHING)
    assert found["count"] == "run: its files are no longer whole"
    assert found["show"] == "run: follows count"
    shutil.rmtree(done / "out" / "toy" / "count")
    assert reasons(done, NOTHING)["count"] == "run: not done yet"


def test_a_touched_source_of_the_same_bytes_is_reused(done: Path) -> None:
    os.utime(done / "toy.txt", (1, 1))
    assert set(reasons(done, NOTHING).values()) == {"reuse: done"}


def test_a_missing_source_fails_its_stages(tmp_path: Path) -> None:
    make_toy_job(tmp_path, {"toy": NOTHING})
    job = make_toy_job(tmp_path, {"toy": NOTHING}, SERIAL)
    (tmp_path / "toy.txt").unlink()
    (plan,) = plan_job(job, TOY_STAGES)
    assert plan.steps[0].decision == "fail"
    assert "no such file" in plan.steps[0].reason
    assert not plan.is_done


def test_digests_are_kept_until_the_file_changes(tmp_path: Path) -> None:
    source = tmp_path / "source.txt"
    source.write_text("abc")
    first = SourceDigests(tmp_path)
    digest = first.digest(source)
    first.save()
    then_ns = source.stat().st_mtime_ns
    source.write_text("abd")
    os.utime(source, ns=(then_ns, then_ns))
    assert SourceDigests(tmp_path).digest(source) == digest
    os.utime(source, ns=(then_ns, then_ns + 1))
    assert SourceDigests(tmp_path).digest(source) != digest


def test_a_forced_stage_is_redone_with_what_follows(done: Path) -> None:
    job = make_toy_job(done, {"toy": NOTHING}, SERIAL)
    (plan,) = plan_job(replace(job, redo=frozenset({"count"})), TOY_STAGES)
    assert {step.stage: f"{step.decision}: {step.reason}" for step in plan.steps} == {
        "read": "reuse: done",
        "count": "run: forced",
        "show": "run: follows count",
        "tell": "reuse: done",
    }


def test_a_dropped_file_is_made_again_only_for_a_stage_that_reads_it(done: Path) -> None:
    drop_file(done / "out" / "toy" / "read", "text.txt")
    assert set(reasons(done, NOTHING).values()) == {"reuse: done"}
    assert reasons(done, {"show": {"letter": "n"}})["read"] == "reuse: done"
    assert reasons(done, {"count": {"letter": "n"}}) == {
        "read": "run: count needs text.txt again",
        "count": "run: count.letter changed",
        "show": "run: follows count",
        "tell": "reuse: done",
    }


def test_only_the_chosen_items_are_planned(tmp_path: Path) -> None:
    job = make_toy_job(tmp_path, {"one": NOTHING, "two": NOTHING}, SERIAL)
    (plan,) = plan_job(replace(job, only=frozenset({"two"})), TOY_STAGES)
    assert plan.item.id == "two"
