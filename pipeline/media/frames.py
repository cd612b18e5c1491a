"""The shapes a clip's picture can have, in pixels.

Not here: drawing it (see `render.py`).
"""

from pipeline.records import VideoStream, record

FRAME_SIZES = {"16:9": (1280, 720), "9:16": (720, 1280), "1:1": (720, 720)}
"""What each shape is cut and scaled to; without a picture to start from, `source` is 16:9."""

SOUND_FPS = 25.0
"""Rate of the picture drawn for a recording that has none."""

SLOWEST_FPS = 12.0
"""A picture slower than this is shown at `SOUND_FPS`, or captions would come late."""


@record
class Picture:
    """The size and constant rate of a clip's picture. Both sides are even, as x264 wants them."""

    width_px: int
    height_px: int
    fps: float

    def __post_init__(self) -> None:
        if self.width_px % 2 or self.height_px % 2 or min(self.width_px, self.height_px) < 2:
            raise ValueError(f"not an even size: {self.width_px} × {self.height_px}")


def choose_picture(frame: str, video: VideoStream | None) -> Picture:
    """The picture for a frame (source, 16:9, …) of a recording with this video, or none."""
    if video is None:
        width_px, height_px = FRAME_SIZES["16:9" if frame == "source" else frame]
        return Picture(width_px, height_px, SOUND_FPS)
    fps = video.fps if video.fps >= SLOWEST_FPS else SOUND_FPS
    if frame == "source":
        return Picture(_even(video.width_px), _even(video.height_px), fps)
    return Picture(*FRAME_SIZES[frame], fps)


def _even(length_px: int) -> int:
    return max(2, length_px - length_px % 2)
