"""A border between two cues moves to where both have the time they need, by two frames at most."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.captions.profile import NETFLIX_EN
from pipeline.captions.timing import Speech, set_times

GAP_MS = NETFLIX_EN.gap_ms


def meet(n_chars: tuple[int, int]) -> list[tuple[int, int]]:
    """The times of two cues of two seconds, with a third behind them."""
    speeches = [
        Speech(0, 2_000, n_chars[0]),
        Speech(2_000, 4_000, n_chars[1]),
        Speech(4_000, 6_000, 10),
    ]
    return set_times(speeches, 9_000, NETFLIX_EN)


@pytest.mark.parametrize(
    ("n_chars", "start_ms"),
    [
        ((38, 20), 2_000),  # 1,917 ms for 1,900
        ((39, 20), 2_033),
        ((44, 20), 2_083),
        ((30, 39), 1_967),
        ((30, 44), 1_917),
        ((37, 44), 1_933),  # what the first can spare
        ((39, 50), 2_000),
    ],
)
def test_a_cue_comes_late_or_early_where_only_so_it_or_the_one_before_can_be_read(
    n_chars: tuple[int, int], start_ms: int
) -> None:
    (_, out_ms), (in_ms, _), _ = meet(n_chars)
    assert (in_ms, in_ms - out_ms) == (start_ms, GAP_MS)


@given(st.lists(st.tuples(st.integers(1, 9_000), st.integers(0, 900), st.integers(1, 400))))
def test_whatever_moves_stays_in_order_and_near_its_word(
    spoken: list[tuple[int, int, int]],
) -> None:
    speeches, now_ms = [], 0
    for said_ms, pause_ms, n_chars in spoken:
        speeches.append(Speech(now_ms, now_ms + said_ms, n_chars))
        now_ms += said_ms + pause_ms
    still = replace(NETFLIX_EN, lean_ms=0)
    # A cue that comes late may close the gap behind it.
    closed_ms = NETFLIX_EN.open_gap_ms - NETFLIX_EN.gap_ms
    times, unmoved = (set_times(speeches, now_ms, profile) for profile in (NETFLIX_EN, still))
    for (start_ms, end_ms), (first_ms, last_ms) in zip(times, unmoved, strict=True):
        assert abs(start_ms - first_ms) <= NETFLIX_EN.lean_ms
        assert abs(end_ms - last_ms) <= NETFLIX_EN.lean_ms + closed_ms
        assert start_ms < end_ms <= start_ms + NETFLIX_EN.max_ms
    assert times == sorted(times)


@given(st.integers(1, 9_000), st.integers(0, 3_000), st.integers(1, 400))
def test_the_last_cue_ends_with_the_recording(said_ms: int, left_ms: int, n_chars: int) -> None:
    ((_, end_ms),) = set_times([Speech(0, said_ms, n_chars)], said_ms + left_ms, NETFLIX_EN)
    assert end_ms <= said_ms + left_ms
