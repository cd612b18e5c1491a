"""The bars of an audiogram: as high as the sound is loud, and each where its frame shows it."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.media.waveform import LOUD_DB, QUIET_DB, measure_frames, write_strips
from tests.media.studio import Studio

FPS, HEIGHT_PX = 25.0, 40
POWER_TOLERANCE_DB = 0.2


def read_bars(power: np.ndarray, n_bars: int, path: Path) -> np.ndarray:
    """The heights of the bars that each frame shows, (n_frames, n_bars)."""
    write_strips(power, n_bars, HEIGHT_PX, "#6fc3ff", path)
    strips = np.fromfile(path, np.uint8).reshape(-1, HEIGHT_PX, 2 * n_bars, 4)
    heights = (strips[..., 3] > 0).sum(axis=1)
    return np.array(
        [heights[frame // n_bars, 1 + frame % n_bars :][:n_bars] for frame in range(len(power))]
    )


def test_the_power_of_each_frame_is_that_of_its_sound(studio: Studio) -> None:
    loud = "if(gte(t,1),0.5,0.05)*sin(600*PI*t)"
    sound = studio.make(
        "a.m4a", "-f", "lavfi", "-i", f"aevalsrc='{loud}':d=2:s=48000", "-c:a", "aac"
    )
    level_db = 10 * np.log10(measure_frames(sound, FPS))
    assert len(level_db) in (50, 51)
    assert level_db[5:24] == pytest.approx(20 * np.log10(0.05 / 2**0.5), abs=POWER_TOLERANCE_DB)
    assert level_db[26:49] == pytest.approx(20 * np.log10(0.5 / 2**0.5), abs=POWER_TOLERANCE_DB)


@pytest.mark.parametrize("n_frames", [1, 6, 7, 8, 20])
def test_each_frame_shows_its_own_bar_at_the_right_and_those_before_it(
    tmp_path: Path, n_frames: int
) -> None:
    level_db = np.linspace(QUIET_DB, LOUD_DB, n_frames + 1)[1:]
    shown = read_bars(10 ** (level_db / 10), 7, tmp_path / "bars.raw")
    for frame, bars in enumerate(shown):
        assert bars[-1] == pytest.approx(HEIGHT_PX * (frame + 1) / n_frames, abs=2)
        assert (np.diff(bars) >= 0).all()
        assert bars[0] > 0, "silence is a dot"


def test_bars_are_mirrored_about_the_middle_and_clear_around(tmp_path: Path) -> None:
    path = tmp_path / "bars.raw"
    write_strips(np.full(3, 0.01), 3, HEIGHT_PX, "#6fc3ff", path)
    strips = np.fromfile(path, np.uint8).reshape(-1, HEIGHT_PX, 6, 4)
    assert (strips == strips[:, ::-1]).all()
    assert set(map(tuple, strips.reshape(-1, 4))) == {
        (0x6F, 0xC3, 0xFF, 0xFF), (0x6F, 0xC3, 0xFF, 0),
    }  # fmt: skip
