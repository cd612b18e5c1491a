"""The video filters of a clip: constant frame rate, crop or blurred padding, tone mapping, colours.

Filter graphs only, which `render.py` runs. `audiogram.py` draws the picture if there is none.
"""

import logging
from fractions import Fraction
from functools import cache
from typing import Any

from pipeline.media.ffmpeg import find_failure
from pipeline.media.frames import Fit, Picture, make_even
from pipeline.media.probe import TIME_STAMP_S
from pipeline.records import VideoStream
from pipeline.records.recording import UNTOLD

log = logging.getLogger(__name__)

BLUR_SHARE = 8
"""The background of a padded picture is scaled down by this factor, blurred, and scaled up."""

BLUR_SIGMA, BLUR_DIM = 6, 0.62
"""Blur (sigma in pixels, after scaling down) and brightness factor of that background."""

HD = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709", "range": "tv"}
"""The colour tags of drawn and tone-mapped pictures, set so that players need not guess."""

BT709 = 1
SD_MATRIX = 6
RGB_MATRIX = 0
"""Colour code points. Source: ITU-T H.273, tables 2 to 4."""

MAX_SD_HEIGHT_PX = 576
"""Players take untagged pictures coded in up to this height as BT.601, higher ones as BT.709."""

HDR_WHITE_NITS = 203
"""Diffuse white of PQ and HLG pictures, in cd/m². Source: ITU-R BT.2408, table 1."""

_TONE_MAP: tuple[tuple[str, dict[str, str]], ...] = (
    ("zscale", {"t": "linear", "npl": str(HDR_WHITE_NITS)}),
    ("format", {"pix_fmts": "gbrpf32le"}),
    ("zscale", {"p": "bt709"}),
    ("tonemap", {"tonemap": "mobius", "desat": "0"}),
    ("zscale", {"t": "bt709", "m": "bt709", "r": "tv"}),
    ("format", {"pix_fmts": "yuv420p"}),
)
"""Filters from PQ or HLG through linear light to BT.709."""


def format_rate(fps: float) -> str:
    """A frame rate as the fraction that ffmpeg takes: 29.97… is 30000/1001."""
    rate = Fraction(fps).limit_denominator(1001)
    return f"{rate.numerator}/{rate.denominator}"


def frame_video(
    stream: Any, video: VideoStream, picture: Picture, fit: Fit, duration_s: float
) -> Any:
    """The recording's picture at the clip's size and a constant frame rate.

    The first frame is repeated before its time and the last after its; if there is no frame, the
    picture is black.
    """
    is_mapped = video.is_hdr and can_tone_map()
    colors = HD if is_mapped else find_colors(video)
    steady = (
        hold_frames(_tell_colors(stream, video), picture.fps)
        .filter("trim", end=f"{duration_s:.3f}")
        .filter("scale", video.width_px, video.height_px)
        .filter("setsar", 1)
    )
    is_padded = fit == "blur" and largest_within(video, picture) != (
        video.width_px,
        video.height_px,
    )
    framed = _pad(steady, video, picture) if is_padded else _crop(steady, video, picture)
    moving = _tone_map(framed) if video.is_hdr else framed.filter("scale", out_range="tv")
    black = draw_solid("black", (picture.width_px, picture.height_px), picture.fps, duration_s)
    # Tagged with the same colours, or overlay would convert the picture to untagged ones.
    black = black.filter("format", "yuv420p").filter("setparams", **colors)
    whole = black.overlay(moving.filter("format", "yuv420p"), eof_action="repeat")
    return whole.filter("setparams", **colors)


def hold_frames(stream: Any, fps: float) -> Any:
    """A constant frame rate from time 0 on without end: each frame is shown until the next one.

    A frame is shown at the nearest tick. Frames before 0 count too: the last of them is shown at 0,
    even if it is the stream's last; a later one is not, however near, as it may have been held.
    """
    rate, half_s = format_rate(fps), 0.5 / fps
    is_early = f"between(T,{float(TIME_STAMP_S)},{half_s:.6f})"
    put_off = f"if({is_early},{half_s + float(TIME_STAMP_S):.6f}/TB,PTS)"
    steady = (
        stream.filter("settb", "AVTB")
        .filter("setpts", put_off)
        .filter("fps", fps=rate, eof_action="pass")
    )
    return steady.filter("tpad", stop=-1, stop_mode="clone").filter("fps", fps=rate, start_time=0)


def find_colors(video: VideoStream) -> dict[str, str]:
    """The colour tags of a picture, or where it has none those that players assume."""
    usual = BT709 if (video.coded_height_px or video.height_px) > MAX_SD_HEIGHT_PX else SD_MATRIX
    told = {
        "color_primaries": video.primaries,
        "color_trc": video.transfer,
        "colorspace": BT709 if video.matrix == RGB_MATRIX else video.matrix,
    }
    return {key: str(usual if code == UNTOLD else code) for key, code in told.items()} | {
        "range": "tv"
    }


def _tell_colors(stream: Any, video: VideoStream) -> Any:
    """Set the colour tags before any conversion; RGB is converted to BT.709 YUV."""
    if video.matrix == RGB_MATRIX:
        return stream.filter("scale", out_color_matrix="bt709", out_range="tv")
    colors = find_colors(video)
    del colors["range"]
    return stream.filter("setparams", **colors)


def largest_within(video: VideoStream, picture: Picture) -> tuple[int, int]:
    """The largest even size of the picture's aspect ratio that fits in the video."""
    shape = Fraction(picture.width_px, picture.height_px)
    width_px = min(Fraction(video.width_px), video.height_px * shape)
    height_px = min(Fraction(video.height_px), video.width_px / shape)
    return make_even(int(width_px)), make_even(int(height_px))


def _crop(stream: Any, video: VideoStream, picture: Picture) -> Any:
    """The middle of the video, cropped to the picture's aspect ratio."""
    return stream.filter("crop", *largest_within(video, picture)).filter(
        "scale", picture.width_px, picture.height_px, flags="bicubic"
    )


def _pad(stream: Any, video: VideoStream, picture: Picture) -> Any:
    """The whole video, centred over its own middle, blurred and dimmed."""
    copies = stream.filter_multi_output("split", 2)
    small = (make_even(picture.width_px // BLUR_SHARE), make_even(picture.height_px // BLUR_SHARE))
    ground = (
        copies[0]
        .filter("crop", *largest_within(video, picture))
        .filter("scale", *small, flags="area")
        .filter("gblur", sigma=BLUR_SIGMA)
        .filter("lutyuv", y=f"minval+(val-minval)*{BLUR_DIM}")
        .filter("scale", picture.width_px, picture.height_px, flags="bicubic")
    )
    share = min(
        Fraction(picture.width_px, video.width_px), Fraction(picture.height_px, video.height_px)
    )
    whole = (make_even(int(video.width_px * share)), make_even(int(video.height_px * share)))
    above = copies[1].filter("scale", *whole, flags="bicubic")
    form = "yuv420p10" if video.is_hdr else "auto"
    return ground.overlay(above, x="(W-w)/2", y="(H-h)/2", format=form)


def _tone_map(stream: Any) -> Any:
    """PQ or HLG to BT.709, if this ffmpeg can."""
    if not can_tone_map():
        log.warning("an HDR picture stays as it is, and looks pale: this ffmpeg has no zscale")
        return stream
    for name, options in _TONE_MAP:
        stream = stream.filter(name, **options)
    return stream


@cache
def can_tone_map() -> bool:
    """Whether this ffmpeg has the filters of `_TONE_MAP`."""
    source = "color=gray:s=64x64:d=0.04,format=yuv420p10,setparams=color_trc=smpte2084"
    source += ":color_primaries=bt2020:colorspace=bt2020nc:range=tv"
    chain = ",".join(
        name + "=" + ":".join(f"{key}={value}" for key, value in options.items())
        for name, options in _TONE_MAP
    )
    return not find_failure(["-f", "lavfi", "-i", source, "-vf", chain, "-f", "null", "-"])


def draw_solid(color: str, size: tuple[int, int], fps: float, duration_s: float) -> Any:
    """A picture of one colour."""
    import ffmpeg

    place = f"size={size[0]}x{size[1]}:rate={format_rate(fps)}:duration={duration_s:.3f}"
    return ffmpeg.input(f"color={color}:{place}", f="lavfi").video
