"""The audio filters of a clip: channel, exact trim with fades, peak limiter, music mix, meter.

`mastering.py` measures the loudness and chooses the gain.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PEAK_DB = -2.5
"""The limiter's ceiling in dBFS; AAC encoding adds up to 1.5 dB to peaks."""

ATTACK_MS, RELEASE_MS = 5, 20
"""Times of the limiter; a release of 80 ms lowered speech after peaks by 0.3 LU."""

GAP_FILLING = {"async": "1", "min_hard_comp": "0.015"}
FILL_GAPS = "aresample=" + ":".join(f"{key}={value}" for key, value in GAP_FILLING.items())
"""Keeps the sound on its time stamps: where packets are missing there is silence, where they
overlap samples are dropped. 15 ms is less than any usual packet (Opus 20, AAC 21, MP3 24 ms), and
more than time stamps in milliseconds are inexact. By itself ffmpeg leaves up to 100 ms."""

FADE_S = 0.015
SAMPLE_RATE_HZ = 48_000
_OVERSAMPLED_HZ = 4 * SAMPLE_RATE_HZ

SILENCE_LUFS = -69.9
"""At or below this a sound is silent: ebur128 reports −70 where nothing passed its gate."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness and true peak of a sound; `lufs` is None for silence."""

    lufs: float | None
    peak_dbtp: float | None


def take_channel(stream: Any, channel: int | None) -> Any:
    """One channel as mono, or for None all channels."""
    # ffmpeg-python escapes an equals sign, which pan doesn't take; `<` means the same here.
    return stream if channel is None else stream.filter("pan", f"mono|c0<c{channel}")


def cut_sound(stream: Any, is_mono: bool, duration_s: float) -> Any:
    """The sound of a seeked input from 0 to `duration_s` exactly, faded at both ends.

    It is padded with silence where the stream begins later or ends earlier.
    """
    layout = "mono" if is_mono else "stereo"
    fade_s = min(FADE_S, duration_s / 4)
    fade_out = {"start_time": f"{duration_s - fade_s:.4f}", "duration": f"{fade_s:.4f}"}
    return (
        stream.filter("aresample", SAMPLE_RATE_HZ, first_pts=0, **GAP_FILLING)
        .filter("aformat", sample_fmts="fltp", channel_layouts=layout)
        .filter("apad")
        .filter("atrim", end=f"{duration_s:.3f}")
        .filter("afade", type="in", duration=f"{fade_s:.4f}")
        .filter("afade", type="out", **fade_out)
    )


def limit_peaks(stream: Any) -> Any:
    """Limit peaks to `PEAK_DB`, at four times the sample rate, so true peaks too."""
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
    """Mix beds under a sound, each from its time (in seconds) on; the length stays the same."""
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


def parse_loudness(told: Sequence[str]) -> Loudness:
    """Integrated loudness and true peak in ebur128's last summary."""
    text = "\n".join(told)
    loud = re.findall(r"\bI:\s+(-?[0-9.]+) LUFS", text)
    peaks = re.findall(r"\bPeak:\s+(-?[0-9.]+) dBFS", text)
    is_silent = not loud or float(loud[-1]) <= SILENCE_LUFS
    return Loudness(None if is_silent else float(loud[-1]), float(peaks[-1]) if peaks else None)


def parse_rms_db(told: Sequence[str]) -> list[float]:
    """The mean level of each channel in dBFS, as astats told at its end; -inf for silence."""
    text = "\n".join(told)
    return [float(level) for level in re.findall(r"\bRMS level dB: (-?[0-9.]+|-inf)", text)]
