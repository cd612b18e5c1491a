"""Times as people read them."""

import pytest

from pipeline.text.clocks import format_clock


@pytest.mark.parametrize(
    ("time_ms", "clock"), [(0, "0:00"), (61_999, "1:01"), (3_600_000, "1:00:00")]
)
def test_a_clock_shows_hours_only_where_there_are_any(time_ms: int, clock: str) -> None:
    assert format_clock(time_ms) == clock
