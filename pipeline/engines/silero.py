"""Silero voice activity detection, the model that faster-whisper's wheel carries.

Where there is speech, and nothing about who or what.
"""

from collections.abc import Iterator

import numpy as np

from pipeline.engines.base import SAMPLE_RATE_HZ, Samples
from pipeline.records import Stretch

BLOCK_S = 600
"""Longer recordings are looked at in blocks, so that memory stays flat."""
_CONTEXT_S = 30
_LONGEST_STRETCH_S = 30
_MIN_SILENCE_MS = 300
_PAD_MS = 150


def find_speech(samples: Samples) -> tuple[Stretch, ...]:
    """Stretches of speech in order, padded, none over 30 s.

    Cost: linear; about 180 times real time on one core.
    """
    return tuple(_stretches(samples))


def _stretches(samples: Samples) -> Iterator[Stretch]:
    """Speech block by block; the stretch a block's end cuts through is left to the next block."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_silence_duration_ms=_MIN_SILENCE_MS,
        speech_pad_ms=_PAD_MS,
        max_speech_duration_s=_LONGEST_STRETCH_S,
    )
    start = 0
    while start < len(samples):
        end = min(start + BLOCK_S * SAMPLE_RATE_HZ, len(samples))
        block = samples[start:end].astype(np.float32) / 32768
        found = get_speech_timestamps(block, options)
        settled = len(block) if end == len(samples) else len(block) - _CONTEXT_S * SAMPLE_RATE_HZ
        cut_through = [speech["start"] for speech in found if speech["end"] > settled]
        found = [speech for speech in found if speech["end"] <= settled]
        for speech in found:
            yield Stretch(*(_ms(start + speech[edge]) for edge in ("start", "end")))
        start += min([settled, *cut_through])


def _ms(sample: int) -> int:
    return round(sample * 1000 / SAMPLE_RATE_HZ)
