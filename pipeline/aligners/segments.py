"""Segments of a recording, each decoded in one process: their sound, and the windows in them."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.contracts import Samples
from pipeline.process_pool import SEGMENT_MS
from pipeline.records import ArcTime, DecodeRequest, record
from pipeline.speech.excerpts import cut_out

PAD_MS = 15_000
"""Sound added after a segment's two minutes, as windows may begin in it and end in the next."""


@record
class Segment:
    """Two minutes of sound and PAD_MS more, or all of its last window: int16 at 16 kHz as bytes.

    The windows' times count from `start_ms`.
    """

    start_ms: int
    sound: bytes
    windows: tuple[DecodeRequest, ...]


def find_bounds_ms(requests: Sequence[DecodeRequest]) -> tuple[int, int]:
    """Start and end of the segment that windows lie in."""
    start_ms = max(0, requests[0].start_ms) // SEGMENT_MS * SEGMENT_MS
    return start_ms, max(start_ms + SEGMENT_MS + PAD_MS, *(one.end_ms for one in requests))


def cut_segment(
    samples: Samples, requests: Sequence[DecodeRequest], sound: bytes | None = None
) -> Segment:
    """The segment of windows that start in it; they are clipped to the recording.

    Args:
        sound: in place of the recording's own, such as a dereverberated one.
    """
    start_ms, end_ms = find_bounds_ms(requests)
    windows = tuple(
        replace(one, start_ms=max(0, one.start_ms - start_ms), end_ms=one.end_ms - start_ms)
        for one in requests
    )
    if sound is None:
        sound = cut_out(samples, start_ms, end_ms).tobytes()
    return Segment(start_ms, sound, windows)


def shift(path: Sequence[ArcTime], by_ms: int) -> tuple[ArcTime, ...]:
    """A path that starts later."""
    return tuple(
        replace(step, start_ms=step.start_ms + by_ms, end_ms=step.end_ms + by_ms) for step in path
    )
