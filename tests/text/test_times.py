"""Times are read as people and files write them, and written in one way."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.times import (
    ANY_TIME,
    SRT_TIME,
    VTT_TIME,
    format_clock,
    format_seconds,
    format_tenths,
    format_timestamp,
    parse_time,
    read_fields,
)


@pytest.mark.parametrize(
    ("written", "time_ms"),
    [("0:00", 0), ("0:42.5", 42_500), ("90", 90_000), (42.5, 42_500), (7, 7_000),
     ("1:02:03.004", 3_723_004), ("0:01,5", 1_500), ("75:00", 4_500_000)],
)  # fmt: skip
def test_times_are_read_as_people_write_them(written: str | float, time_ms: int) -> None:
    assert parse_time(written) == time_ms


@pytest.mark.parametrize("written", ["", "soon", "1:75", "-3", "1:2:3:4", -1, float("nan")])
def test_what_is_no_time_is_an_error(written: str | float) -> None:
    with pytest.raises(ValueError, match="not a time"):
        parse_time(written)


def test_times_are_shown_as_a_player_shows_them() -> None:
    assert [format_tenths(t) for t in (0, 61_250, 3_600_000)] == ["0:00.0", "1:01.2", "1:00:00.0"]


@pytest.mark.parametrize(
    ("time_ms", "clock"), [(0, "0:00"), (61_999, "1:01"), (3_600_000, "1:00:00")]
)
def test_a_clock_shows_hours_only_where_there_are_any(time_ms: int, clock: str) -> None:
    assert format_clock(time_ms) == clock


@pytest.mark.parametrize(("time_ms", "text"), [(0, "0"), (91_234, "91.234"), (1500, "1.5")])
def test_seconds_in_a_link_are_exact_and_short(time_ms: int, text: str) -> None:
    assert format_seconds(time_ms) == text


@given(st.integers(0, 10**9))
def test_a_timestamp_comes_back_by_the_strict_patterns_and_the_tolerant_one(time_ms: int) -> None:
    for point, strict in ((".", VTT_TIME), (",", SRT_TIME)):
        for pattern in (strict, ANY_TIME):
            found = re.fullmatch(pattern, format_timestamp(time_ms, point))
            assert found
            assert read_fields(found.groups()) == time_ms


@pytest.mark.parametrize(
    ("written", "time_ms"),
    [("1:2:3.4", 3_723_400), ("00:01,5", 1_500), ("0:01", 1_000), ("100:00:00.000", 360_000_000)],
)
def test_a_time_in_a_file_may_lack_hours_or_digits(written: str, time_ms: int) -> None:
    found = re.fullmatch(ANY_TIME, written)
    assert found
    assert read_fields(found.groups()) == time_ms
