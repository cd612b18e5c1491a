"""Levels of a sound over time."""

import numpy as np
import pytest

from pipeline.levels import LEVELS_PER_S, Levels, measure_levels

SAMPLE_RATE_HZ = 16_000


def test_a_tone_is_as_loud_as_its_mean_power_and_silence_is_far_below() -> None:
    times_s = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    tone = np.round(16_384 * np.sin(2 * np.pi * 1_000 * times_s)).astype(np.int16)
    levels = measure_levels(np.concatenate([np.zeros_like(tone), tone]), SAMPLE_RATE_HZ)
    assert (levels.per_s, len(levels.db)) == (LEVELS_PER_S, 2 * LEVELS_PER_S)
    assert levels.db[: LEVELS_PER_S - 2].max() < -90
    np.testing.assert_allclose(levels.db[LEVELS_PER_S + 2 :], -9.03, atol=0.05)


def test_no_sound_has_no_levels() -> None:
    assert not len(measure_levels(np.zeros(0, np.int16), SAMPLE_RATE_HZ).db)


@pytest.mark.parametrize(("time_ms", "frame"), [(-5, 0), (0, 0), (14, 1), (16, 2), (9_000, 100)])
def test_a_time_is_in_the_nearest_frame_of_the_recording(time_ms: int, frame: int) -> None:
    assert Levels(np.zeros(100, np.float32), 100).frame(time_ms) == frame
