"""The sound of a clip as graphs for ffmpeg: in step with the picture, without clicks at the cuts.

Measuring it and choosing its gain is `mastering.py`'s.
"""

from typing import Any

PEAK_DB = -2.5
"""Where the limiter holds peaks; AAC adds up to a decibel and a half of its own."""

ATTACK_MS, RELEASE_MS = 5, 20
"""Short, so that a peak doesn't pull down what follows it: 80 ms cost 0.3 LU of speech."""

FADE_S = 0.015
SAMPLE_RATE_HZ = 48_000
_OVERSAMPLED_HZ = 4 * SAMPLE_RATE_HZ


def take_channel(stream: Any, channel: int | None) -> Any:
    """One channel alone, or all of them."""
    # ffmpeg-python escapes an equals sign, which pan doesn't take; `<` means the same here.
    return stream if channel is None else stream.filter("pan", f"mono|c0<c{channel}")


def cut_sound(stream: Any, is_mono: bool, duration_s: float) -> Any:
    """The sound of a seeked input from 0 to `duration_s` exactly, its ends faded.

    Silence stands where the stream has none yet, or none any more.
    """
    layout = "mono" if is_mono else "stereo"
    fade_s = min(FADE_S, duration_s / 4)
    fade_out = {"start_time": f"{duration_s - fade_s:.4f}", "duration": f"{fade_s:.4f}"}
    return (
        stream.filter("aresample", SAMPLE_RATE_HZ, **{"async": 1, "first_pts": 0})
        .filter("aformat", sample_fmts="fltp", channel_layouts=layout)
        .filter("apad")
        .filter("atrim", end=f"{duration_s:.3f}")
        .filter("afade", type="in", duration=f"{fade_s:.4f}")
        .filter("afade", type="out", **fade_out)
    )


def limit_peaks(stream: Any) -> Any:
    """Hold peaks under `PEAK_DB`; at four times the rate, so that they hold between samples too."""
    return (
        stream.filter("aresample", _OVERSAMPLED_HZ)
        .filter(
            "alimiter",
            limit=f"{10 ** (PEAK_DB / 20):.4f}",
            attack=ATTACK_MS,
            release=RELEASE_MS,
            level=0,
            latency=1,
        )
        .filter("aresample", SAMPLE_RATE_HZ)
    )


def lay_under(stream: Any, beds: list[tuple[Any, float]]) -> Any:
    """Mix other sound under it, each from its time (in seconds) on; it stays as long as it is."""
    import ffmpeg

    placed = [
        bed.filter("adelay", f"{round(at_s * 1000)}", all=1).filter("aformat", sample_fmts="fltp")
        for bed, at_s in beds
    ]
    if not placed:
        return stream
    return ffmpeg.filter(
        [stream, *placed], "amix", inputs=1 + len(placed), duration="first", normalize=0
    )
