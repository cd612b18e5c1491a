"""A clip's sound as bars that scroll in from the right: measured once, drawn once in wide strips.

Not here: what is behind the bars and around them (see `audiogram.py`).
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.media.sound import SAMPLE_RATE_HZ
from pipeline.media.streams import open_media

QUIET_DB, LOUD_DB = -34, -6
"""RMS levels in dBFS at which a bar has no height, and full height."""

SILENT_SHARE = 0.02
"""Least height of a bar, a share of the full one, so that silence is a row of dots."""

Power = npt.NDArray[np.float64]


def measure_frames(sound: Path, fps: float) -> Power:
    """Mean power of the sound during each frame of a picture, 1 at full scale: (n_frames,).

    Channels are mixed; a last frame that the sound does not fill counts its own samples only.
    """
    n_samples = round(SAMPLE_RATE_HZ / fps)
    parts, rest = [], np.empty(0)
    for samples in _decode(sound):
        rest = np.concatenate([rest, samples])
        n_whole = len(rest) // n_samples * n_samples
        parts.append(np.mean(np.square(rest[:n_whole].reshape(-1, n_samples)), axis=1))
        rest = rest[n_whole:]
    if len(rest):
        parts.append(np.mean(np.square(rest), keepdims=True))
    return np.concatenate(parts) if parts else np.empty(0)


def write_strips(power: Power, n_bars: int, height_px: int, color: str, strips: Path) -> None:
    """Write the bars as raw RGBA frames (strips), a pixel wide each, mirrored about the middle.

    A strip holds the bars of `n_bars` video frames, after as many bars before them: frame i shows
    the `n_bars` from column `1 + i % n_bars` of strip `i // n_bars` on.

    Args:
        power: as `measure_frames` gives it.
        height_px: of full bars, even.
        color: of the bars, as `#rrggbb`; around them the strips are transparent.
    """
    n_strips = len(power) // n_bars + 1
    padded = np.zeros((n_strips + 1) * n_bars)
    padded[n_bars : n_bars + len(power)] = power
    level_db = 10 * np.log10(np.maximum(padded, 1e-10))
    share = np.clip((level_db - QUIET_DB) / (LOUD_DB - QUIET_DB), SILENT_SHARE, 1)
    half_px = np.ceil(share * height_px / 2)
    from_middle = np.abs(np.arange(height_px) + 0.5 - height_px / 2)
    pixel = np.frombuffer(bytes.fromhex(color.removeprefix("#")) + b"\xff", np.uint8)
    clear = pixel * np.array([1, 1, 1, 0], np.uint8)
    with strips.open("wb") as file:
        for first in range(0, n_strips * n_bars, n_bars):
            is_bar = from_middle[:, None] < half_px[first : first + 2 * n_bars]
            file.write(np.where(is_bar[..., None], pixel, clear).tobytes())


def _decode(sound: Path) -> Iterator[npt.NDArray[np.float32]]:
    """The samples of a sound file, 48 kHz, channels mixed, a packet at a time."""
    with open_media(sound) as container:
        for frame in container.decode(audio=0):
            yield frame.to_ndarray().mean(axis=0)
