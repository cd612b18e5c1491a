"""What a best path says of its tokens."""

import pytest

from pipeline.alignment.paths import APART_MS, NOT_IN_TEXT, TOUCH_MS, join_arcs
from pipeline.alignment.token_times import TokenTime
from pipeline.records import ArcTime

Step = tuple[int, int, int]
"""Token, start and end in milliseconds."""


def join(*steps: Step, score: float = -1.0, fit: float | None = -2.0) -> list[TokenTime]:
    path = [ArcTime(arc, start, end, score, fit) for arc, (_, start, end) in enumerate(steps)]
    return list(join_arcs(path, [token for token, _, _ in steps]))


def extras(*steps: Step) -> list[tuple[bool, bool]]:
    return [(time.extra_before, time.extra_after) for time in join(*steps)]


def test_the_words_of_a_token_make_one_time_and_their_scores_count_by_how_long_they_last() -> None:
    path = [
        ArcTime(0, 0, 100, -1.0, -2.0),
        ArcTime(1, 100, 400, -3.0, None),
        ArcTime(2, 400, 500, -1.0),
    ]
    first, second = join_arcs(path, [4, 4, 5])
    assert (first.token, first.start_ms, first.end_ms, first.run) == (4, 0, 400, 2)
    assert first.score == pytest.approx(-2.5)
    assert first.fit == -2.0
    assert (second.token, second.fit) == (5, None)


def test_runs_are_as_long_as_tokens_follow_each_other() -> None:
    found = join((1, 0, 100), (2, 100, 200), (NOT_IN_TEXT, 200, 400), (5, 400, 500))
    assert [(time.token, time.run) for time in found] == [(1, 2), (2, 2), (5, 1)]


def test_much_speech_that_is_not_in_the_text_parts_a_run() -> None:
    end_ms = 200 + APART_MS
    parted = join((1, 0, 100), (2, 100, 200), (NOT_IN_TEXT, 200, end_ms + 1), (3, end_ms + 1, 900))
    together = join((1, 0, 100), (2, 100, 200), (NOT_IN_TEXT, 200, end_ms), (3, end_ms, 900))
    silent = join((1, 0, 100), (2, 100, 200), (3, end_ms + 1, 900))
    assert [time.run for time in parted] == [2, 2, 1]
    assert [time.run for time in together] == [time.run for time in silent] == [3, 3, 3]


def test_speech_between_two_tokens_touches_both_if_there_is_no_pause() -> None:
    found = extras((1, 0, 100), (NOT_IN_TEXT, 100, 300), (2, 300, 400), (3, 400, 500))
    assert found == [(False, True), (True, False), (False, False)]


def test_a_pause_parts_a_token_from_the_speech_beside_it() -> None:
    start_ms = 100 + TOUCH_MS + 10
    assert extras((1, 0, 100), (NOT_IN_TEXT, start_ms, 300), (2, 300, 400)) == [
        (False, False),
        (True, False),
    ]


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        (((1, 0, 100), (NOT_IN_TEXT, 100, 300), (3, 300, 400)), "said in place of token 2"),
        (((1, 0, 100), (NOT_IN_TEXT, 100, 100 + TOUCH_MS), (2, 130, 400)), "too short"),
        (((NOT_IN_TEXT, 0, 300), (1, 300, 400)), "at a window's edge"),
    ],
)
def test_other_speech_that_is_not_in_the_text_tells_nothing(
    steps: tuple[Step, ...], why: str
) -> None:
    assert extras(*steps) == [(False, False)] * (len(steps) - 1), why
