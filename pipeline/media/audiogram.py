"""The picture drawn for a recording without one: background, cover, waveform, progress line.

ffmpeg filter graphs only. `layout.py` has the positions; text is drawn over it as ASS.
"""

from pathlib import Path
from typing import Any

from pipeline.media.cut import Rendition
from pipeline.media.ffmpeg import file_url
from pipeline.media.frames import Picture
from pipeline.media.layout import Box, lay_out
from pipeline.media.picture import HD, draw_solid, format_rate
from pipeline.media.sound import SAMPLE_RATE_HZ

BACKGROUND_TOP, BACKGROUND_BOTTOM = "0x1b2333", "0x0b0e14"
TRACK, PLAYED = "0x2a3446", "0x6fc3ff"
WAVE = "0xffffc36f"  # PLAYED again: adrawgraph wants alpha, blue, green, red
QUIET_DB, LOUD_DB = -34, -6
"""RMS levels in dBFS at which a bar of the waveform has no height, and full height."""

BAR_PX, BAR_GAP_PX = 8, 3
BAR_STEPS = 50

COVER_DIM = 0.3
"""Brightness factor of a cover used as background, for text over it."""


def draw_sound(
    sound: Any, rendition: Rendition, title: str | None, cover: Path | None, duration_s: float
) -> Any:
    """A dark gradient or the blurred cover, the cover, the sound's level as bars scrolling in from
    the right, and a progress line.

    What stands still is drawn once: each frame has only the bars and the line laid over it.

    Args:
        title: name of the ASS file of `rendition.title`.
    """
    import ffmpeg

    picture = rendition.picture
    layout = rendition.layout or lay_out(picture, False)
    bars, width_px = _draw_bars(sound, picture, layout.wave)
    line_px = max(4, picture.height_px // 120)
    line = (picture.width_px, line_px)
    bottom_px = picture.height_px - line_px
    track = {"x": 0, "y": bottom_px, "w": line[0], "h": line_px, "c": TRACK, "t": "fill"}
    played = draw_solid(PLAYED, line, picture.fps, duration_s)
    if cover is not None and layout.cover is not None:
        art = ffmpeg.input(file_url(cover), f="image2").video
        ground = _lay_cover(art, picture, layout.cover)
    else:
        ground = _draw_ground(picture)
    still = _stand_still(ground).filter("drawbox", **track)
    if title is not None:
        still = still.filter("ass", f=title, fontsdir="fonts")
    return (
        _repeat(still, picture).overlay(
            bars, x=layout.wave.left_px + (layout.wave.width_px - width_px) // 2,
            y=layout.wave.top_px,
        )
        .overlay(played, x=f"-w+w*t/{duration_s:.3f}", y=bottom_px, shortest=1)
        .filter("format", "yuv420p")
    )  # fmt: skip


def _draw_ground(picture: Picture) -> Any:
    import ffmpeg

    gradient = (
        f"gradients=size={picture.width_px}x{picture.height_px}:rate={format_rate(picture.fps)}"
        f":nb_colors=2:c0={BACKGROUND_TOP}:c1={BACKGROUND_BOTTOM}:x0=0:y0=0:x1=0"
        f":y1={picture.height_px - 1}:speed=0.00001:seed=1"
    )
    return ffmpeg.input(gradient, f="lavfi").video


def _lay_cover(art: Any, picture: Picture, box: Box) -> Any:
    """The cover in its box, over an enlarged, blurred and dimmed copy of itself."""
    whole = f"{picture.width_px}:{picture.height_px}"
    copies = art.filter("format", "rgb24").filter("setsar", 1).filter_multi_output("split", 2)
    ground = (
        copies[0]
        .filter("scale", 160, 160, force_original_aspect_ratio="increase")
        .filter("gblur", sigma=8)
        .filter("lutrgb", **dict.fromkeys("rgb", f"val*{COVER_DIM}"))
        .filter("scale", *whole.split(":"), force_original_aspect_ratio="increase")
        .filter("crop", *whole.split(":"))
    )
    front = (
        copies[1]
        .filter("scale", box.width_px, box.height_px, force_original_aspect_ratio="increase")
        .filter("crop", box.width_px, box.height_px)
    )
    return ground.overlay(front, x=box.left_px, y=box.top_px, format="rgb")


def _stand_still(stream: Any) -> Any:
    """Its first frame, in BT.709 (limited range) as players expect."""
    return (
        stream.filter("trim", end_frame=1)
        .filter("scale", out_color_matrix="bt709", out_range="tv")
        .filter("format", "yuv420p")
        .filter("setparams", **HD)
    )


def _repeat(still: Any, picture: Picture) -> Any:
    """One frame repeated without end."""
    return (
        still.filter("loop", loop=-1, size=1)
        .filter("setpts", f"N/({format_rate(picture.fps)})/TB")
        .filter("fps", fps=format_rate(picture.fps))
    )


def _draw_bars(sound: Any, picture: Picture, box: Box) -> tuple[Any, int]:
    """One bar per frame, as high as the sound's RMS level and mirrored; and their total width."""
    import ffmpeg

    n_bars = box.width_px // BAR_PX
    half_px = box.height_px // 4 * 2
    level = "lavfi.astats.Overall.RMS_level"
    n_samples = round(SAMPLE_RATE_HZ / picture.fps)
    bars = (
        sound.filter("aformat", channel_layouts="mono", sample_rates=SAMPLE_RATE_HZ)
        # Leading silence of all the bars that fit, so that the first bar enters at the right.
        .filter("adelay", f"{n_bars * n_samples}S")
        .filter("asetnsamples", n_samples)
        .filter("astats", metadata=1, reset=1, measure_perchannel="none")
        .filter(
            "adrawgraph", level, min=QUIET_DB, max=LOUD_DB, mode="bar", slide="scroll",
            size=f"{n_bars}x{BAR_STEPS}", rate=format_rate(picture.fps), bg="0x00000000", fg1=WAVE,
        )
        .filter("trim", start_frame=n_bars)
        .filter("setpts", f"N/({format_rate(picture.fps)})/TB")
        # adrawgraph leaves the colour properties unset, which the scaler refuses.
        .filter("setparams", color_primaries="unknown", color_trc="unknown", colorspace="gbr")
        .filter("scale", n_bars * BAR_PX, half_px, flags="neighbor")
        .filter("format", "rgba")
        .filter_multi_output("split", 2)
    )  # fmt: skip
    mirrored = ffmpeg.filter([bars[0], bars[1].filter("vflip")], "vstack")
    gaps = {"w": BAR_PX, "h": 8 * half_px, "t": BAR_GAP_PX, "c": "black@0", "replace": 1}
    return mirrored.filter("drawgrid", **gaps), n_bars * BAR_PX
