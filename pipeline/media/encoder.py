"""The video encoder of clips: x264, or a GPU's NVENC if a test encode shows that it works."""

from functools import cache
from typing import Any, Literal

from pipeline.errors import MediaError
from pipeline.media.ffmpeg import find_failure

Encoder = Literal["x264", "nvenc"]

X264_THREADS = 2
"""Fixed, since x264's output depends on it. It must not depend on thread timing either, so there is
no lookahead thread (`sync-lookahead=0`): frame types and weights are decided in the encoding
thread, in a fixed order. With a lookahead thread 2 to 7 % of runs on a busy machine differed."""

_OPTIONS: dict[Encoder, dict[str, Any]] = {
    "x264": {
        "c:v": "libx264", "preset": "veryfast", "crf": 20, "threads": X264_THREADS,
        "x264-params": "sync-lookahead=0",
    },
    "nvenc": {"c:v": "h264_nvenc", "preset": "p4", "rc": "vbr", "cq": 23, "b:v": 0},
}  # fmt: skip


def choose_encoder(wanted: Literal["auto", "x264", "nvenc"]) -> Encoder:
    """The encoder asked for; `auto` is NVENC if it works here.

    Raises:
        MediaError: NVENC was asked for by name, and doesn't work here.
    """
    if wanted == "x264":
        return "x264"
    problem = _try_nvenc()
    if problem is None:
        return "nvenc"
    if wanted == "nvenc":
        raise MediaError("nvenc", problem, "say `encoder: x264`, or auto")
    return "x264"


def encoder_options(encoder: Encoder) -> dict[str, Any]:
    """The ffmpeg output options of an encoder."""
    return {**_OPTIONS[encoder], "pix_fmt": "yuv420p"}


@cache
def _try_nvenc() -> str | None:
    """Why NVENC doesn't work, or None; many data centre GPUs lack it despite their driver."""
    options = encoder_options("nvenc").items()
    words = [word for name, value in options for word in (f"-{name}", str(value))]
    source = ["-f", "lavfi", "-i", "color=gray:s=320x320:r=25:d=0.2"]
    return find_failure([*source, *words, "-f", "null", "-"])
