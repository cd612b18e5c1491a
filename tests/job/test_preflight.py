"""What is asked of a job before anything runs: each thing once, and only where it may matter."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import ConfigError, CuecastError, EngineError, MediaError
from pipeline.job.events import Event, StepFailed
from pipeline.job.options import RunOptions
from pipeline.job.plan import plan_job
from pipeline.job.preflight import Finding, Question, answer, check_job
from pipeline.job.runner import run_job
from pipeline.job.stage import Item, Job
from tests.job.toy import TOY_STAGES, make_toy_job

HERE = "tests.job.test_preflight"
STAGES = tuple(
    replace(stage, check=f"{HERE}:ask_about_letter") if stage.name == "count" else stage
    for stage in TOY_STAGES
)
SERIAL = RunOptions(executor="serial")


def ask_about_letter(item: Item) -> Iterator[Question]:
    """A letter that is named is looked at; a mark is each item's own matter."""
    letter = item.options["count"].get("letter", "a")
    if not letter.isalpha():
        yield Question(f"{HERE}:look_at_mark", (item.id, letter), fails="item")
    elif letter != "a":
        yield Question(f"{HERE}:look_at_letter", (letter,))


def look_at_letter(letter: str) -> Iterator[Finding]:
    """Capitals are none, and x has a note."""
    if letter == "x":
        yield "x is rare"
    if letter.isupper():
        yield EngineError(f"letter {letter}", "is a capital", "use small ones")
        raise EngineError(f"letter {letter}", "is a capital still", "use small ones")


def look_at_mark(item: str, mark: str) -> Iterator[Finding]:
    """No mark is there."""
    raise MediaError(item, f"has no {mark}", "use another")
    yield


class Asked:
    """Answers here, and remembers what it was asked."""

    def __init__(self) -> None:
        self.questions: list[Question] = []

    def __call__(self, questions: tuple[Question, ...]) -> tuple[tuple[Finding, ...], ...]:
        self.questions += questions
        return answer(questions)


def make_job(folder: Path, letters: list[str]) -> Job:
    items = {f"e{n}": {"count": {"letter": letter}} for n, letter in enumerate(letters)}
    return make_toy_job(folder, items, SERIAL)


def refuse(job: Job, asked: Asked | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        check_job(job, STAGES, asked or Asked())
    return [str(error) for error in caught.value.each]


def test_a_thousand_items_that_share_a_mistake_ask_once_and_are_told_once(tmp_path: Path) -> None:
    asked = Asked()
    lines = refuse(make_job(tmp_path, ["B"] * 1000), asked)
    assert lines == [
        "letter B: is a capital; use small ones",
        "letter B: is a capital still; use small ones",
    ]
    assert len(asked.questions) == 1


def test_every_mistake_is_told_with_the_items_whose_it_is(tmp_path: Path) -> None:
    lines = refuse(make_job(tmp_path, ["B", "C", "a", "B", "B", "B"]))
    assert lines[0] == "e0, e3, e4 and 1 more: letter B: is a capital; use small ones"
    assert lines[2] == "e1: letter C: is a capital; use small ones"
    assert len(lines) == 4


def test_who_names_nothing_is_asked_nothing(tmp_path: Path) -> None:
    asked = Asked()
    checked = check_job(make_job(tmp_path, ["a", "a"]), STAGES, asked)
    assert (asked.questions, checked.notes) == ([], ())
    assert not (tmp_path / "out").exists()


def test_what_will_be_done_is_noted_once(tmp_path: Path) -> None:
    assert check_job(make_job(tmp_path, ["x", "x", "b"]), STAGES, Asked()).notes == ("x is rare",)


def test_what_one_recording_lacks_fails_it_alone_in_plan_and_run(tmp_path: Path) -> None:
    checked = check_job(make_job(tmp_path, ["b", "!", "a"]), STAGES, Asked()).job
    planned = [step for plan in plan_job(checked, STAGES) for step in plan.steps if step.error]
    assert [(step.stage, str(step.error)) for step in planned] == [
        ("count", "e1: has no !; use another")
    ]
    events: list[Event] = []
    ended = run_job(checked, STAGES, events.append)
    assert (ended.n_done, ended.n_failed) == (2, 1)
    (failed,) = (event for event in events if isinstance(event, StepFailed))
    assert (failed.item, failed.stage, str(failed.error)) == (
        "e1", "count", "e1: has no !; use another"
    )  # fmt: skip
    assert not (tmp_path / "out" / "e1" / "read").exists()


def test_what_is_done_is_not_asked_about_until_it_may_run_again(tmp_path: Path) -> None:
    job = make_job(tmp_path, ["b"])
    run_job(job, STAGES, lambda event: None)
    asked = Asked()
    check_job(job, STAGES, asked)
    assert not asked.questions
    check_job(replace(job, redo=frozenset({"read"})), STAGES, asked)
    assert len(asked.questions) == 1
    (tmp_path / "e0.txt").write_text("a new banana\n")
    check_job(job, STAGES, asked)
    assert len(asked.questions) == 2


@pytest.mark.parametrize("below", ["", "deep/er"])
def test_an_output_that_can_not_be_a_folder_is_told_unless_all_is_done(
    tmp_path: Path, below: str
) -> None:
    (tmp_path / "file").touch()
    job = replace(make_job(tmp_path, ["a"]), output=tmp_path / "file" / below)
    (line,) = refuse(job)
    assert line == (
        f"{tmp_path / 'file' / below}: can't be written (Not a directory); "
        "choose another output folder"
    )
    done = make_job(tmp_path, ["a"])
    run_job(done, STAGES, lambda event: None)
    assert check_job(replace(job, items=()), STAGES, Asked()).notes == ()


def test_what_is_raised_travels(tmp_path: Path) -> None:
    (found,) = answer((Question(f"{HERE}:look_at_letter", ("B",)),))
    assert all(isinstance(one, CuecastError) and one.__traceback__ is None for one in found)
