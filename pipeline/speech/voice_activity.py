"""Voice activity detection (VAD) by Silero's model, which is in faster-whisper's wheel.

Where there is speech, and nothing about who or what.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.memory import let_go
from pipeline.records import Stretch, record

BLOCK_S = 300
"""Recordings are processed in blocks of this length by several threads, as the model's library
releases Python's lock."""
_LONGEST_STRETCH_S = 30
_BEFORE_S, _AFTER_S = _LONGEST_STRETCH_S, 1
"""Context before and after a block: a stretch that reaches over a block's end is left to the next
block, and some sound after the end is needed to see that."""
_MIN_SILENCE_MS = 300
_PAD_MS = 150


@record
class _Block:
    """A part of the recording that begins at `start_ms`, and its sound."""

    start_ms: int
    sound: Samples


def find_speech(samples: Samples, cpus: int = 1) -> tuple[Stretch, ...]:
    """Stretches of speech in order, padded, none over 30 s.

    Args:
        cpus: threads; the result does not depend on their number.
    Cost: linear; about 250 times real time on one core.
    """
    found: list[Stretch] = []
    with ThreadPoolExecutor(cpus) as threads:
        blocks = threads.map(_make_finder(), _cut_blocks(samples))
        for number, speech in enumerate(blocks):
            end_ms = (number + 1) * BLOCK_S * 1000
            is_last = end_ms * SAMPLE_RATE_HZ >= len(samples) * 1000
            found += _follow_on(found, speech, None if is_last else end_ms)
    return tuple(found)


def _cut_blocks(samples: Samples) -> Iterator[_Block]:
    """Blocks, each with its context."""
    for first_s in range(0, max(1, -(-len(samples) // SAMPLE_RATE_HZ)), BLOCK_S):
        start_s = max(0, first_s - _BEFORE_S)
        end_s = first_s + BLOCK_S + _AFTER_S
        sound = samples[start_s * SAMPLE_RATE_HZ : end_s * SAMPLE_RATE_HZ]
        yield _Block(start_s * 1000, sound)


def _follow_on(
    before: list[Stretch], speech: tuple[Stretch, ...], end_ms: int | None
) -> Iterator[Stretch]:
    """The stretches that a block adds to those of the blocks before it."""
    begin_ms = before[-1].end_ms if before else 0
    for stretch in speech:
        if stretch.end_ms > begin_ms and (end_ms is None or stretch.end_ms <= end_ms):
            yield Stretch(max(begin_ms, stretch.start_ms), stretch.end_ms)


def _make_finder() -> Callable[[_Block], tuple[Stretch, ...]]:
    """The function that finds speech in a block; several threads may call it at once."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_silence_duration_ms=_MIN_SILENCE_MS,
        speech_pad_ms=_PAD_MS,
        max_speech_duration_s=_LONGEST_STRETCH_S,
    )

    def find(block: _Block) -> tuple[Stretch, ...]:
        sound = block.sound.astype(np.float32) / np.float32(32768)
        let_go(block.sound)
        found = get_speech_timestamps(sound, options)
        return tuple(
            Stretch(*(block.start_ms + _ms(speech[edge]) for edge in ("start", "end")))
            for speech in found
        )

    return find


def _ms(sample: int) -> int:
    return round(sample * 1000 / SAMPLE_RATE_HZ)
