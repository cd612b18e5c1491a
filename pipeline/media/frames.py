"""The shapes a clip's picture can have, in pixels, and what of it stays free of captions.

Not here: drawing it (see `picture.py`, `audiogram.py`).
"""

from typing import Literal

from pipeline.records import VideoStream, record

Fit = Literal["crop", "blur"]
"""How a picture of another shape fills a frame: its middle, or all of it before itself, blurred."""

SHAPES = {"16:9": (16, 9), "9:16": (9, 16), "1:1": (1, 1)}

SHORT_SIDE_PX, SHORTEST_SIDE_PX = 1080, 720
"""The short side of a frame: that of the recording's picture, within what services take."""

SOUND_FPS = 25.0
"""Rate of the picture drawn for a recording that has none."""

SLOWEST_FPS = 12.0
"""A picture slower than this is shown at `SOUND_FPS`, or captions would come late."""

SAFE_TOP, SAFE_BOTTOM, SAFE_SIDE = 0.14, 0.24, 0.11
"""Of a tall picture, what apps cover with names, buttons and texts of their own.

Source: the most that is asked for among TikTok, Instagram Reels (advertisements apart, which ask
for 35 % at the bottom) and YouTube Shorts: 14 % at the top, 450 of 1920 pixels at the bottom, 120
of 1080 at the side.
"""


@record
class Picture:
    """The size and constant rate of a clip's picture. Both sides are even, as x264 wants them."""

    width_px: int
    height_px: int
    fps: float

    def __post_init__(self) -> None:
        if self.width_px % 2 or self.height_px % 2 or min(self.width_px, self.height_px) < 2:
            raise ValueError(f"not an even size: {self.width_px} × {self.height_px}")

    @property
    def is_tall(self) -> bool:
        """Made for a telephone held upright."""
        return self.height_px > self.width_px

    @property
    def safe_top_px(self) -> int:
        """How far from the top text may begin."""
        return round(self.height_px * (SAFE_TOP if self.is_tall else 0.07))

    @property
    def safe_bottom_px(self) -> int:
        """How far above the bottom text must end."""
        return round(self.height_px * (SAFE_BOTTOM if self.is_tall else 0.07))

    @property
    def safe_side_px(self) -> int:
        """How far from either side text must stay."""
        return round(self.width_px * (SAFE_SIDE if self.is_tall else 0.05))


def choose_picture(frame: str, video: VideoStream | None) -> Picture:
    """The picture for a frame (source, 16:9, …) of a recording with this video, or none."""
    fps = SOUND_FPS
    if video is not None:
        fps = video.fps if video.fps >= SLOWEST_FPS else SOUND_FPS
        if frame == "source":
            return Picture(make_even(video.width_px), make_even(video.height_px), fps)
    shape = SHAPES["16:9" if frame == "source" else frame]
    side_px = min(video.width_px, video.height_px) if video else SHORTEST_SIDE_PX
    side_px = make_even(min(max(side_px, SHORTEST_SIDE_PX), SHORT_SIDE_PX))
    width_px, height_px = (round(side_px * part / min(shape)) for part in shape)
    return Picture(make_even(width_px), make_even(height_px), fps)


def make_even(length_px: int) -> int:
    """The length itself or a pixel less, as x264 wants it."""
    return max(2, length_px - length_px % 2)
