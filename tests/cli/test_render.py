"""A run that is not on a terminal, line by line."""

import pytest

from pipeline.cli.options import Display
from pipeline.cli.render import TELL_EVERY_S, PlainRenderer
from pipeline.job.estimate import Estimate
from pipeline.job.events import Event, StepProgress, StepStarted
from tests.job.test_estimate import Clock


def show_minutes(*items: str, is_quiet: bool = False) -> Clock:
    """Four minutes of a step with progress every second."""
    clock = Clock()
    estimate = Estimate(dict.fromkeys(items, ("align",)), 1, {"talk": 1000.0}.get, clock=clock)
    renderer = PlainRenderer(Display(is_quiet=is_quiet), estimate, clock)

    def happen(event: Event) -> None:
        estimate.note(event)
        renderer.show(event)

    happen(StepStarted("talk", "align", "not done yet", 2))
    for second in range(1, 241):
        clock.now_s = float(second)
        happen(StepProgress("talk", "align", second / 480))
    return clock


def test_a_line_a_minute_says_how_far_a_step_is(capsys: pytest.CaptureFixture[str]) -> None:
    show_minutes("talk")
    assert TELL_EVERY_S == 60
    assert capsys.readouterr().err.splitlines() == [
        "talk  align  started: not done yet",
        "talk  align  12%, ~7 min left",
        "talk  align  25%, ~6 min left",
        "talk  align  38%, ~5 min left",
        "talk  align  50%, ~4 min left",
    ]


def test_of_several_items_it_says_how_many_have_ended(capsys: pytest.CaptureFixture[str]) -> None:
    show_minutes("talk", "other")
    assert capsys.readouterr().err.splitlines()[-1] == "talk  align  50%, 0 of 2 items"


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show_minutes("talk", is_quiet=True)
    assert capsys.readouterr().err == ""
