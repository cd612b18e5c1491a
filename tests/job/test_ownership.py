"""Output trees in any shape: what is somebody's stays as it is, and a line says what is wrong.

Trees are drawn by a seeded generator: parts of a tree that a run left are harmed, and files and
folders of other people put in the way.
"""

import json
import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError, CuecastError
from pipeline.job.events import Event, StepFailed
from pipeline.job.options import RunOptions
from pipeline.job.ownership import JOURNAL_NAME, SEAL_NAME
from pipeline.job.plan import plan_job
from pipeline.job.runner import run_job
from pipeline.job.store import read_seal, unseal
from tests.job.toy import TOY_STAGES, make_toy_job

SERIAL = RunOptions(executor="serial")
MINE = b"somebody's own"
N_TREES = 60
SEALED = {"read": "text.txt", "count": "count.json", "show": "rows/row.txt", "tell": "told.txt"}
STAGE_NAMES = tuple(stage.name for stage in TOY_STAGES)


def run(folder: Path, **options: Any) -> tuple[str, list[CuecastError]]:
    """How a run ends, and the errors it told; one of the job as a whole is raised."""
    events: list[Event] = []
    job = make_toy_job(folder, {"one": options, "two": {}}, SERIAL)
    ended = run_job(job, TOY_STAGES, events.append)
    return ended.state, [event.error for event in events if isinstance(event, StepFailed)]


# --- what a tree may have become ---------------------------------------------------------------


def make_parents(place: Path) -> None:
    """The folders above a place, instead of whatever another harm put there."""
    for parent in reversed(place.parents):
        if os.path.lexists(parent) and not parent.is_dir():
            parent.unlink()
    place.parent.mkdir(parents=True, exist_ok=True)


def put_file(place: Path) -> None:
    make_parents(place)
    place.write_bytes(MINE)


def put_folder(place: Path) -> None:
    put_file(place / "inner" / "mine.txt")


def put_link(place: Path) -> None:
    elsewhere = next(one for one in place.parents if one.name == "out").parent / "elsewhere"
    put_file(elsewhere / "mine.txt")
    make_parents(place)
    place.symlink_to(elsewhere)


def put_broken_link(place: Path) -> None:
    make_parents(place)
    place.symlink_to(place.parent / "nowhere")


PUTS: tuple[Callable[[Path], None], ...] = (put_file, put_folder, put_link, put_broken_link)

SEALS = (
    b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"files": 3}', b'{"files": [null]}', b"[" * 100_000,
    json.dumps({"files": ["../../mine.txt"]}).encode(),
    json.dumps({"files": ["/etc/passwd"]}).encode(),
    json.dumps({"files": ["a\0b"]}).encode(),
    json.dumps({"files": ["", "."]}).encode(),
    json.dumps({"files": [{"path": "rows/../../two/count/count.json"}]}).encode(),
)  # fmt: skip


def clear(place: Path) -> None:
    """Take away what a run of ours made at a place, to put something else there."""
    if place.is_symlink() or place.is_file():
        place.unlink()
    elif place.is_dir():
        for inner in sorted(place.rglob("*"), reverse=True):
            inner.rmdir() if inner.is_dir() and not inner.is_symlink() else inner.unlink()
        place.rmdir()


def harm(out: Path, chance: random.Random) -> str:
    """Change one thing in the tree of item `one`, or at the top; returns what, for the message."""
    item = out / "one"
    stage = chance.choice(STAGE_NAMES)
    places = [
        item, item / ".scratch", item / stage, item / stage / SEALED[stage], item / "show" / "rows",
        item / stage / "mine.txt", item / ".scratch" / "mine", out / "run.json", out / "logs",
        out / ".cache", out / ".cache" / "sources.json", out / ".cache" / "lock", out / "mine",
        item / stage / JOURNAL_NAME,
    ]  # fmt: skip
    if chance.random() < 0.25:
        content = chance.choice(SEALS)
        name = chance.choice((SEAL_NAME, JOURNAL_NAME))
        make_parents(item / stage / name)
        clear(item / stage / name)
        (item / stage / name).write_bytes(content)
        return f"{stage}/{name} = {content[:60]!r}"
    place, put = chance.choice(places), chance.choice(PUTS)
    clear(place)
    put(place)
    return f"{put.__name__} {place.relative_to(out)}"


def list_mine(root: Path) -> set[str]:
    """Every file of somebody's, but for those put in the place of a run's own."""
    return {
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink() and path.read_bytes() == MINE
    } - {
        *(f"out/{name}" for name in ("run.json", ".cache/sources.json", ".cache/lock")),
        *(f"out/one/{stage}/{name}" for stage, name in SEALED.items()),
        *(f"out/one/{stage}/{JOURNAL_NAME}" for stage in STAGE_NAMES),
    }


@pytest.mark.parametrize("seed", range(N_TREES))
def test_whatever_a_tree_has_become_nobody_loses_a_file(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    out = tmp_path / "out"
    if chance.random() < 0.7:
        run(tmp_path)
    harms = [harm(out, chance) for _ in range(chance.choice((1, 1, 2)))]
    mine = list_mine(tmp_path)
    do = chance.choice(({}, {"count": {"letter": "n"}}))
    try:
        plans = plan_job(make_toy_job(tmp_path, {"one": do, "two": {}}, SERIAL), TOY_STAGES)
    except ConfigError as error:
        assert str(error).count("\n") == 0
        with pytest.raises(ConfigError) as raised:
            run(tmp_path, **do)
        assert str(raised.value) == str(error), harms
    else:
        planned = [step.reason for plan in plans for step in plan.steps if step.decision == "fail"]
        state, errors = run(tmp_path, **do)
        # The plan knew it all, and what is wrong with one item is no matter of the other.
        assert [str(error) for error in errors] == planned[:1], harms
        assert state == ("failed" if planned else "done"), harms
        assert all(read_seal(out / "two" / name) for name in STAGE_NAMES)
        assert planned or all(read_seal(out / "one" / name) for name in STAGE_NAMES), harms
    assert mine <= list_mine(tmp_path), harms


def test_own_files_in_the_folder_of_a_first_run_are_refused_before_anything_runs(
    tmp_path: Path,
) -> None:
    put_file(tmp_path / "out" / "one" / "show" / "mine.txt")
    _, errors = run(tmp_path)
    assert [str(error).partition(": ")[2] for error in errors] == [
        "holds 'mine.txt', which no seal names; move that away, or choose another output folder"
    ]
    assert os.listdir(tmp_path / "out" / "one") == ["show"]  # noqa: PTH208
    assert read_seal(tmp_path / "out" / "two" / "show")


def test_a_link_to_itself_instead_of_an_items_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "one").symlink_to("one")
    state, errors = run(tmp_path)
    assert (state, len(errors)) == ("failed", 1)
    assert "out/one: is no folder, and a run needs one here; " in str(errors[0])
    assert read_seal(tmp_path / "out" / "two" / "show")


def test_a_source_that_the_job_would_write_over_is_refused(tmp_path: Path) -> None:
    job = make_toy_job(tmp_path, {"one": {}, "two": {}}, SERIAL)
    run_job(job, TOY_STAGES, lambda event: None)
    source = job.items[0].folder / "read" / "text.txt"
    before = source.read_bytes()
    own = replace(job.items[0], sources={"media": source})
    events: list[Event] = []
    assert run_job(replace(job, items=(own, job.items[1])), TOY_STAGES, events.append).n_done == 1
    errors = [str(event.error) for event in events if isinstance(event, StepFailed)]
    problem = "lies where the job writes its own files; copy it elsewhere first"
    assert (errors, source.read_bytes()) == ([f"{source}: {problem}"], before)


@pytest.mark.parametrize("name", ["run.json", "summary.csv", "logs/one/show.log"])
def test_what_a_run_would_write_at_the_top_is_not_written_over(tmp_path: Path, name: str) -> None:
    put_file(tmp_path / "out" / name)
    with pytest.raises(ConfigError, match="is not cuecast's, and a run would replace it"):
        run(tmp_path)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name.partition("/")[0]]


def test_an_unsealed_stage_is_known_as_cuecasts_and_redone(tmp_path: Path) -> None:
    run(tmp_path)
    folder = tmp_path / "out" / "one" / "show"
    unseal(folder)
    put_file(folder / "rows" / "mine.txt")
    assert run(tmp_path, show={"letter": "x"}) == ("done", [])
    assert {path.name for path in folder.rglob("*.*")} == {SEAL_NAME, "row.txt", "mine.txt"}


@pytest.mark.parametrize("n_moved", range(4))
def test_a_step_killed_while_its_files_move_is_redone(tmp_path: Path, n_moved: int) -> None:
    run(tmp_path)
    folder = tmp_path / "out" / "one" / "show"
    whole = (folder / "rows" / "row.txt").read_bytes()
    # As `seal_step` leaves it when it is killed between two of its writes.
    journal = {"files": ["old.txt", "rows/row.txt"], "version": 1}
    (folder / JOURNAL_NAME).write_text(json.dumps(journal))
    if n_moved >= 1:
        (folder / SEAL_NAME).unlink()
    if n_moved >= 2:
        (folder / "rows" / "row.txt").unlink()
    if n_moved >= 3:
        (folder / "rows").rmdir()
        (folder / "old.txt").write_text("old")
    assert run(tmp_path) == ("done", [])
    assert {path.name for path in folder.rglob("*")} == {SEAL_NAME, "rows", "row.txt"}
    assert (folder / "rows" / "row.txt").read_bytes() == whole
