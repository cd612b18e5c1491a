"""The frame sizes of clips in pixels, and the safe areas for text.

Not here: drawing (see `picture.py`, `audiogram.py`).
"""

from typing import Literal

from pipeline.records import VideoStream, record

Fit = Literal["crop", "blur"]
"""How a picture of another aspect ratio fills a frame: its middle, or all over a blurred copy."""

SHAPES = {"16:9": (16, 9), "9:16": (9, 16), "1:1": (1, 1)}

SHORT_SIDE_PX, SHORTEST_SIDE_PX = 1080, 720
"""Bounds of a frame's short side, which is otherwise that of the recording's picture."""

SOUND_FPS = 25.0
"""Frame rate of the picture drawn for a recording without one."""

SLOWEST_FPS = 12.0
"""A picture of a lower rate is rendered at `SOUND_FPS`, or captions would appear late."""

SAFE_TOP, SAFE_BOTTOM, SAFE_SIDE = 0.14, 0.24, 0.11
"""Shares of a tall picture that apps cover with names, buttons and texts of their own.

Source: the largest margins asked for by TikTok, Instagram Reels (advertisements apart, which ask
for 35 % at the bottom) and YouTube Shorts: 14 % at the top, 450 of 1920 pixels at the bottom, 120
of 1080 at the side.
"""


@record
class Picture:
    """The size and constant frame rate of a clip's picture; both sides are even, for x264."""

    width_px: int
    height_px: int
    fps: float

    def __post_init__(self) -> None:
        if self.width_px % 2 or self.height_px % 2 or min(self.width_px, self.height_px) < 2:
            raise ValueError(f"not an even size: {self.width_px} × {self.height_px}")

    @property
    def is_tall(self) -> bool:
        """Whether it is in portrait format."""
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
    """The picture of a frame option (source, 16:9, …); `video` is the recording's, if any."""
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
    """The length, or a pixel less if it is odd, as x264 requires."""
    return max(2, length_px - length_px % 2)
