"""The moving picture of talk.mp4: a moon over a tide that rises and falls, and a clock.

Draws with numpy alone; knows nothing of ffmpeg and sound.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]

SKY_TOP, SKY_LOW = (14, 20, 48), (148, 104, 120)
MOON, GLINT = (250, 240, 214), (255, 236, 196)
# For each wave from the back: colour, height, length, speed, and depth below the horizon.
WAVES = (
    ((74, 88, 128), 6, 420, 26, 0),
    ((50, 72, 118), 9, 560, -34, 46),
    ((32, 54, 100), 13, 700, 46, 104),
    ((18, 36, 76), 18, 900, -58, 176),
)
HORIZON, TIDE_RISE, MOON_RADIUS = 0.56, 0.07, 54
# Digits three wide and five high, a row of three bits each, for a clock that needs no font.
GLYPHS = {
    "0": (7, 5, 5, 5, 7),
    "1": (2, 6, 2, 2, 7),
    "2": (7, 1, 7, 4, 7),
    "3": (7, 1, 7, 1, 7),
    "4": (5, 5, 7, 1, 1),
    "5": (7, 4, 7, 1, 7),
    "6": (7, 4, 7, 5, 7),
    "7": (7, 1, 1, 1, 1),
    "8": (7, 5, 7, 5, 7),
    "9": (7, 5, 7, 1, 7),
    ":": (0, 2, 0, 2, 0),
    ".": (0, 0, 0, 0, 2),
}
DOT_PX = 6


def paint_frames(
    n_frames: int, frames_per_s: int, width_px: int, height_px: int
) -> Iterator[bytes]:
    """Paint the whole film, a frame at a time, as RGB bytes."""
    sky = _paint_sky(width_px, height_px)
    for number in range(n_frames):
        frame = sky.copy()
        time_s = number / frames_per_s
        progress = number / n_frames
        moon_x = width_px * (0.16 + 0.68 * progress)
        moon_y = height_px * (0.40 - 0.24 * np.sin(np.pi * progress))
        _paint_disc(frame, moon_x, moon_y)
        level_y = height_px * (HORIZON - TIDE_RISE * np.sin(2 * np.pi * progress - 0.6))
        for wave in WAVES:
            _paint_wave(frame, wave, time_s, level_y)
        _paint_glints(frame, moon_x, level_y, time_s)
        _paint_clock(frame, f"{int(time_s // 60):02d}:{time_s % 60:05.2f}")
        yield frame.astype(np.uint8).tobytes()


def _paint_sky(width_px: int, height_px: int) -> Picture:
    """Paint the dusk from dark above to rose at the horizon, with a few fixed stars."""
    depth = np.clip(np.linspace(0, 1 / (HORIZON + TIDE_RISE), height_px), 0, 1)[:, None] ** 1.6
    column = np.array(SKY_TOP) * (1 - depth) + np.array(SKY_LOW) * depth
    sky = np.repeat(column[:, None, :], width_px, axis=1).astype(np.float32)
    rng = np.random.default_rng(7)
    for x, y in zip(
        rng.integers(4, width_px - 4, 70), rng.integers(4, int(height_px * 0.36), 70), strict=True
    ):
        sky[y : y + 2, x : x + 2] += rng.uniform(40, 110)
    return np.clip(sky, 0, 255)


def _paint_disc(frame: Picture, centre_x: float, centre_y: float) -> None:
    """Paint the moon and the light around it."""
    reach = MOON_RADIUS * 3
    top, left = max(0, int(centre_y - reach)), max(0, int(centre_x - reach))
    box = frame[top : int(centre_y + reach), left : int(centre_x + reach)]
    y, x = np.ogrid[top : top + box.shape[0], left : left + box.shape[1]]
    distance = np.hypot(y - centre_y, x - centre_x)
    glow = 0.22 * np.clip(1 - distance / reach, 0, 1) ** 2
    cover = np.maximum(glow, np.clip(MOON_RADIUS - distance, 0, 1))[..., None]
    box += (np.array(MOON, np.float32) - box) * cover.astype(np.float32)


def _paint_wave(
    frame: Picture,
    wave: tuple[tuple[int, int, int], int, int, int, int],
    time_s: float,
    level_y: float,
) -> None:
    """Fill everything below one moving crest line; only the rows it crosses are blended."""
    colour, height, length, speed, depth = wave
    x = np.arange(frame.shape[1]) + speed * time_s
    crest = (
        level_y
        + depth
        + height
        * (np.sin(2 * np.pi * x / length) + 0.4 * np.sin(2 * np.pi * x / (0.37 * length) + depth))
    )
    top, bottom = int(crest.min()), int(crest.max()) + 2
    band = frame[top:bottom]
    cover = np.clip(np.arange(top, bottom)[:, None] + 1 - crest[None, :], 0, 1).astype(np.float32)[
        ..., None
    ]
    band += (np.array(colour, np.float32) - band) * cover
    frame[bottom:] = colour


def _paint_glints(frame: Picture, moon_x: float, level_y: float, time_s: float) -> None:
    """Paint the moon's road on the water: dashes that come and go, wider the nearer they are."""
    for number in range(16):
        y = int(level_y + 14 + number * 15 + 3 * np.sin(time_s * 1.3 + number))
        half_px = (8 + 4.5 * number) * (0.55 + 0.45 * np.sin(time_s * 2.1 + number * 1.9))
        middle = moon_x + 6 * np.sin(time_s * 0.9 + number * 2.3)
        left, right = int(max(0, middle - half_px)), int(min(frame.shape[1], middle + half_px))
        strip = frame[y : y + 3, left:right]
        strip += (np.array(GLINT, np.float32) - strip) * (0.6 - 0.025 * number)


def _paint_clock(frame: Picture, text: str) -> None:
    """Write the time of the frame into the top left corner."""
    for place, sign in enumerate(text):
        for row, bits in enumerate(GLYPHS[sign]):
            for column in range(3):
                if bits & (4 >> column):
                    y, x = 36 + row * DOT_PX, 40 + (place * 4 + column) * DOT_PX
                    frame[y : y + DOT_PX, x : x + DOT_PX] = MOON
