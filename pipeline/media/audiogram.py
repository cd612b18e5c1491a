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
from pipeline.media.waveform import Power, write_strips

BACKGROUND_TOP, BACKGROUND_BOTTOM = "0x1b2333", "0x0b0e14"
TRACK, PLAYED = "0x2a3446", "0x6fc3ff"
WAVE = "#6fc3ff"
BAR_PX, BAR_GAP_PX = 8, 3

COVER_DIM = 0.3
"""Brightness factor of a cover used as background, for text over it."""


def draw_sound(
    power: Power, rendition: Rendition, cover: Path | None, duration_s: float, folder: Path
) -> Any:
    """A dark gradient or the blurred cover, the cover, the sound's level as bars scrolling in from
    the right, a progress line, and the rendition's title and names.

    What stands still is drawn once: each frame has only bars, line and names laid over it.

    Args:
        power: of the sound in each frame (see `measure_frames`).
        folder: the render's working folder, with fonts; strips and ASS files are written to it.
    """
    import ffmpeg

    picture = rendition.picture
    layout = rendition.layout or lay_out(picture, False)
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
    name = f"{picture.width_px}x{picture.height_px}"
    still = draw_ass(still, rendition.title, folder / f"title-{name}.ass")
    n_bars, high_px = layout.wave.width_px // BAR_PX, layout.wave.height_px // 4 * 4
    strips = folder / f"bars-{name}.raw"
    write_strips(power, n_bars, high_px, WAVE, strips)
    bars = _scroll(strips, n_bars, high_px, picture)
    left_px = layout.wave.left_px + (layout.wave.width_px - n_bars * BAR_PX) // 2
    names = folder / f"names-{name}.ass"
    moving = (
        _repeat(still, picture)
        .overlay(bars, x=left_px, y=layout.wave.top_px)
        .overlay(played, x=f"-w+w*t/{duration_s:.3f}", y=bottom_px, shortest=1)
    )
    return draw_ass(moving.filter("format", "yuv420p"), rendition.names, names)


def draw_ass(stream: Any, text: str | None, path: Path) -> Any:
    """A stream with ASS text drawn over it, which is written to a path in the working folder.

    The name needs no escaping inside a filter.
    """
    if text is None:
        return stream
    path.write_text(text, encoding="utf-8")
    return stream.filter("ass", f=path.name, fontsdir="fonts")


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


def _scroll(strips: Path, n_bars: int, high_px: int, picture: Picture) -> Any:
    """The bars of each frame: a window that moves by one bar over strips of `write_strips`."""
    import ffmpeg

    raw = {"f": "rawvideo", "pixel_format": "rgba", "video_size": (2 * n_bars, high_px)}
    rate = format_rate(picture.fps / n_bars)
    gaps = {"w": BAR_PX, "h": 8 * high_px, "t": BAR_GAP_PX, "c": "black@0", "replace": 1}
    return (
        ffmpeg.input(strips.name, framerate=rate, **raw)
        .filter("scale", 2 * n_bars * BAR_PX, high_px, flags="neighbor")
        .filter("drawgrid", **gaps)
        .filter("scale", out_color_matrix="bt709", out_range="tv")
        .filter("format", "yuva420p")
        .filter("fps", fps=format_rate(picture.fps))
        .filter("crop", n_bars * BAR_PX, high_px, x=f"{BAR_PX}*(1+mod(n,{n_bars}))", y=0)
    )
