"""Loudness of each word relative to its speaker's usual level.

The levels are given; no sound is read here.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.records import TimedText


@dataclass(frozen=True, slots=True)
class SoundLevels:
    """Levels in dB, `per_s` a second."""

    levels_db: NDArray[np.float32]
    per_s: int


def measure_loudness(timed: TimedText, sound: SoundLevels | None) -> NDArray[np.float64]:
    """Level of each word in dB above its speaker's median, (n_words,); 0 where unknown."""
    levels = np.full(len(timed.words), np.nan)
    if sound is not None:
        for n, word in enumerate(timed.words):
            if word.span:
                levels[n] = _measure_level(sound, *word.span)
    by_speaker: defaultdict[str | None, list[int]] = defaultdict(list)
    for n, word in enumerate(timed.words):
        if not np.isnan(levels[n]):
            by_speaker[timed.turns[word.turn].speaker].append(n)
    for numbers in by_speaker.values():
        levels[numbers] -= np.median(levels[numbers])
    return np.where(np.isnan(levels), 0.0, levels)


def _measure_level(sound: SoundLevels, start_ms: int, end_ms: int) -> float:
    """The mean power within a word, in dB."""
    first = max(0, start_ms * sound.per_s // 1000)
    last = max(first + 1, end_ms * sound.per_s // 1000)
    inside = sound.levels_db[first:last]
    return float(10 * np.log10(np.mean(10 ** (inside / 10)))) if len(inside) else float("nan")
