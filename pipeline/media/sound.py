"""The sound of a clip: in step with the picture, at one loudness, without clicks at the cuts.

Graphs for ffmpeg only; running them is `render.py`.
"""

from typing import Any

TARGET_LUFS = -16.0
"""What a podcast is published at; the whole recording is brought here, not each clip."""

MAX_GAIN_DB = 24.0
"""A recording further from the target than this is left short of it, or its noise would come up."""

PEAK_DB = -2.5
"""Where the limiter holds peaks; AAC adds up to a decibel and a half of its own."""

ATTACK_MS, RELEASE_MS = 5, 20
"""Short, so that a peak doesn't pull down what follows it: 80 ms cost 0.3 LU of speech."""

FADE_S = 0.015
SAMPLE_RATE_HZ = 48_000
_OVERSAMPLED_HZ = 4 * SAMPLE_RATE_HZ


def choose_gain_db(loudness_lufs: float | None) -> float:
    """The one gain for every clip of a recording this loud; none for a silent one."""
    if loudness_lufs is None:
        return 0.0
    return round(max(-MAX_GAIN_DB, min(MAX_GAIN_DB, TARGET_LUFS - loudness_lufs)), 2)


def cut_sound(stream: Any, gain_db: float, is_mono: bool, duration_s: float) -> Any:
    """The sound of a seeked input from 0 to `duration_s` exactly.

    Silence stands where the stream has none yet, or none any more. Peaks are limited at four
    times the rate, so that they hold between the samples too.
    """
    layout = "mono" if is_mono else "stereo"
    limit = 10 ** (PEAK_DB / 20)
    fade_s = min(FADE_S, duration_s / 4)
    return (
        stream.filter("aresample", SAMPLE_RATE_HZ, **{"async": 1, "first_pts": 0})
        .filter("aformat", sample_fmts="fltp", channel_layouts=layout)
        .filter("volume", f"{gain_db}dB")
        .filter("aresample", _OVERSAMPLED_HZ)
        .filter(
            "alimiter",
            limit=f"{limit:.4f}",
            attack=ATTACK_MS,
            release=RELEASE_MS,
            level=0,
            latency=1,
        )
        .filter("aresample", SAMPLE_RATE_HZ)
        .filter("apad")
        .filter("atrim", end=f"{duration_s:.3f}")
        .filter("afade", type="in", duration=f"{fade_s:.4f}")
        .filter(
            "afade", type="out", start_time=f"{duration_s - fade_s:.4f}", duration=f"{fade_s:.4f}"
        )
    )
