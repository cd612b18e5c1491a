"""What is cut out of a recording is a copy, as far as the recording goes."""

import numpy as np
import pytest

from pipeline.speech.excerpts import PER_MS, cut_out

SAMPLES = np.arange(100 * PER_MS, dtype=np.int16)


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "first", "last"),
    [(10, 12, 10, 12), (-5, 3, 0, 3), (98, 250, 98, 100), (120, 130, 0, 0), (7, 5, 0, 0)],
)
def test_it_is_what_lies_between_the_times(
    start_ms: int, end_ms: int, first: int, last: int
) -> None:
    assert np.array_equal(
        cut_out(SAMPLES, start_ms, end_ms), SAMPLES[first * PER_MS : last * PER_MS]
    )


def test_it_is_a_copy() -> None:
    assert not np.shares_memory(cut_out(SAMPLES, 10, 20), SAMPLES)
