"""How long a run still takes: said only where it is known."""

import pytest

from pipeline.cli.lines import format_left
from pipeline.errors import MediaError
from pipeline.job.estimate import Estimate
from pipeline.job.events import (
    Event,
    StepDone,
    StepFailed,
    StepProgress,
    StepReused,
    StepSkipped,
    StepStarted,
)

WEIGHTS = {"short": 100.0, "long": 300.0}


class Clock:
    """A clock that is set by hand."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def make_estimate(*items: str, n_parallel: int = 1) -> tuple[Estimate, Clock]:
    clock = Clock()
    stages = dict.fromkeys(items, ("read", "show"))
    return Estimate(stages, n_parallel, WEIGHTS.get, clock=clock), clock


def note(estimate: Estimate, *events: Event) -> None:
    for event in events:
        estimate.note(event)


def done(item: str, stage: str, seconds: float) -> StepDone:
    return StepDone(item, stage, seconds, seconds)


def test_nothing_is_said_before_every_stage_was_seen() -> None:
    estimate, _ = make_estimate("short", "long")
    assert estimate.left_s() is None
    note(estimate, done("short", "read", 10))
    assert estimate.left_s() is None


def test_a_longer_item_takes_longer() -> None:
    estimate, _ = make_estimate("short", "long")
    note(estimate, done("short", "read", 10), StepReused("long", "read"))
    note(estimate, done("short", "show", 5))
    assert estimate.left_s() == pytest.approx(15)


def test_an_item_of_unknown_length_counts_as_the_others_do() -> None:
    estimate, _ = make_estimate("short", "unknown")
    note(estimate, done("short", "read", 10), done("short", "show", 5))
    assert estimate.left_s() == pytest.approx(15)


def test_a_running_step_goes_by_its_own_progress() -> None:
    estimate, clock = make_estimate("long")
    note(estimate, StepReused("long", "read"), StepStarted("long", "show", "not done yet", 1))
    clock.now_s = 20
    note(estimate, StepProgress("long", "show", 0.05))
    assert estimate.left_s() is None
    note(estimate, StepProgress("long", "show", 0.25))
    assert estimate.left_s() == estimate.step_left_s("long", "show") == pytest.approx(60)


def test_two_at_once_halve_the_time_but_an_item_goes_step_by_step() -> None:
    estimate, _ = make_estimate("short", "a", "b", n_parallel=2)
    note(estimate, done("short", "read", 10), done("short", "show", 10))
    assert estimate.left_s() == pytest.approx(20)
    note(estimate, StepReused("a", "read"), StepReused("a", "show"))
    assert estimate.left_s() == pytest.approx(20)


def test_what_failed_or_is_skipped_is_not_waited_for() -> None:
    estimate, _ = make_estimate("short", "long")
    note(estimate, done("short", "read", 10), done("short", "show", 5))
    note(estimate, StepFailed("long", "read", MediaError("long", "is gone", "find it")))
    assert estimate.left_s() == pytest.approx(5)
    note(estimate, StepSkipped("long", "show", "read failed"))
    assert estimate.left_s() == 0


def test_the_share_counts_steps_and_what_is_done_of_those_that_run() -> None:
    estimate, _ = make_estimate("short", "long")
    note(estimate, StepReused("short", "read"), StepStarted("short", "show", "", 1))
    note(estimate, StepProgress("short", "show", 0.5))
    assert estimate.share == pytest.approx(1.5 / 4)


@pytest.mark.parametrize(
    ("left_s", "shown"),
    [
        (None, ""),
        (1.2, ""),
        (42.4, "~40 s left"),
        (200, "~3 min left"),
        (3600, "~60 min left"),
        (7200, "~2 h left"),
        (7900, "~2 h 10 min left"),
    ],
)
def test_time_left_is_told_no_finer_than_it_is_known(left_s: float | None, shown: str) -> None:
    assert format_left(left_s) == shown


def test_a_stage_not_yet_seen_counts_with_its_usual_rate() -> None:
    clock = Clock()
    usual = {"read": 0.01, "show": 0.02}
    estimate = Estimate({"short": ("read", "show", "tidy")}, 1, WEIGHTS.get, usual, clock)
    assert estimate.left_s() is None
    note(estimate, done("short", "read", 10))
    assert estimate.left_s() == pytest.approx(2)
    note(estimate, StepStarted("short", "show", "", 1))
    clock.now_s = 4.0
    note(estimate, StepProgress("short", "show", 0.5))
    assert estimate.left_s() == pytest.approx(4)
