"""The picture of a clip: the recording's own, cropped, or one drawn from its sound.

Graphs for ffmpeg only; running them is `render.py`. Captions and title are drawn over it there.
"""

from fractions import Fraction
from typing import Any

from pipeline.media.frames import Picture
from pipeline.records import VideoStream

BACKGROUND_TOP, BACKGROUND_BOTTOM = "0x1b2333", "0x0b0e14"
TRACK, PLAYED = "0x2a3446", "0x6fc3ff"
WAVE = "0xffffc36f"  # PLAYED again: adrawgraph wants alpha, blue, green, red
QUIET_DB, LOUD_DB = -46, -8
"""Levels at which a bar of the waveform has no height, and all of it."""

BAR_PX, BAR_GAP_PX = 8, 3
BAR_STEPS = 50


def format_rate(fps: float) -> str:
    """A rate as the fraction ffmpeg wants: 29.97… is 30000/1001."""
    rate = Fraction(fps).limit_denominator(1001)
    return f"{rate.numerator}/{rate.denominator}"


def crop_video(stream: Any, video: VideoStream, picture: Picture, duration_s: float) -> Any:
    """The middle of the recording's picture, at the clip's size and a constant rate.

    The first frame stands in for what comes before it and the last for what comes after; where
    there is no frame at all, the picture is black.
    """
    width_px, height_px = _largest_within(video, picture)
    rate = format_rate(picture.fps)
    size = f"{picture.width_px}x{picture.height_px}"
    moving = (
        stream.filter("fps", fps=rate, start_time=0)
        .filter("trim", end=f"{duration_s:.3f}")
        .filter("scale", video.width_px, video.height_px)
        .filter("setsar", 1)
        .filter("crop", width_px, height_px)
        .filter("scale", picture.width_px, picture.height_px, flags="bicubic")
        .filter("format", "yuv420p")
    )
    black = _solid("black", size, picture, duration_s).filter("format", "yuv420p")
    return black.overlay(moving, eof_action="repeat")


def _largest_within(video: VideoStream, picture: Picture) -> tuple[int, int]:
    """The largest even size of the picture's shape that fits in the video."""
    shape = Fraction(picture.width_px, picture.height_px)
    width_px = min(Fraction(video.width_px), video.height_px * shape)
    height_px = min(Fraction(video.height_px), video.width_px / shape)
    return max(2, int(width_px) // 2 * 2), max(2, int(height_px) // 2 * 2)


def draw_sound(sound: Any, picture: Picture, duration_s: float) -> Any:
    """A dark ground, the sound's level as bars that come in from the right, and a progress line.

    Room is left for a title above the bars and for captions below.
    """
    width_px, height_px = picture.width_px, picture.height_px
    bars, wave_px, bars_px = _draw_bars(sound, picture)
    line_px = max(4, height_px // 120)
    size = f"{width_px}x{line_px}"
    track = _solid(TRACK, size, picture, duration_s)
    played = _solid(PLAYED, size, picture, duration_s)
    return (
        _draw_ground(picture)
        .overlay(bars, x=(width_px - bars_px) // 2, y=round(height_px * 0.45) - wave_px // 2)
        .overlay(track, y=height_px - line_px)
        .overlay(played, x=f"-w+w*t/{duration_s:.3f}", y=height_px - line_px, shortest=1)
        .filter("format", "yuv420p")
    )


def _draw_ground(picture: Picture) -> Any:
    import ffmpeg

    width_px, height_px = picture.width_px, picture.height_px
    gradient = (
        f"gradients=size={width_px}x{height_px}:rate={format_rate(picture.fps)}:nb_colors=2"
        f":c0={BACKGROUND_TOP}:c1={BACKGROUND_BOTTOM}:x0=0:y0=0:x1=0:y1={height_px - 1}"
        ":speed=0.00001:seed=1"
    )
    still = ffmpeg.input(gradient, f="lavfi").video.filter("trim", end_frame=1)
    return _as_hd(still).filter("loop", loop=-1, size=1)


def _as_hd(stream: Any) -> Any:
    """From RGB to the colours players take a clip's to be; told, not left for them to guess."""
    hd = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709", "range": "tv"}
    return (
        stream.filter("scale", out_color_matrix="bt709", out_range="tv")
        .filter("format", "yuv420p")
        .filter("setparams", **hd)
    )


def _draw_bars(sound: Any, picture: Picture) -> tuple[Any, int, int]:
    """The level of each frame's time as a bar, mirrored; also the height and width of it all."""
    import ffmpeg

    n_bars = round(picture.width_px * 0.8) // BAR_PX
    half_px = round(min(picture.height_px, picture.width_px) * 0.14)
    level = "lavfi.astats.Overall.RMS_level"
    n_samples = round(48_000 / picture.fps)
    bars = (
        sound.filter("aformat", channel_layouts="mono")
        .filter("asetnsamples", n_samples)
        .filter("astats", metadata=1, reset=1, measure_perchannel="none")
        .filter(
            "adrawgraph", level, min=QUIET_DB, max=LOUD_DB, mode="bar", slide="scroll",
            size=f"{n_bars}x{BAR_STEPS}", rate=format_rate(picture.fps), bg="0x00000000", fg1=WAVE,
        )
        # adrawgraph leaves the colour properties unset, which the scaler refuses.
        .filter("setparams", color_primaries="unknown", color_trc="unknown", colorspace="gbr")
        .filter("scale", n_bars * BAR_PX, half_px, flags="neighbor")
        .filter("format", "rgba")
        .filter_multi_output("split", 2)
    )  # fmt: skip
    mirrored = ffmpeg.filter([bars[0], bars[1].filter("vflip")], "vstack")
    gaps = {"w": BAR_PX, "h": 8 * half_px, "t": BAR_GAP_PX, "c": "black@0", "replace": 1}
    return mirrored.filter("drawgrid", **gaps), 2 * half_px, n_bars * BAR_PX


def _solid(color: str, size: str, picture: Picture, duration_s: float) -> Any:
    import ffmpeg

    rate = format_rate(picture.fps)
    source = f"color={color}:size={size}:rate={rate}:duration={duration_s:.3f}"
    return ffmpeg.input(source, f="lavfi").video
