"""Decode the windows of a recording, in several processes or threads.

One window is a graph decoder's matter (`contracts.GraphDecoder`). Decoders that are adapted to the
recording first use `recording/adapted_windows.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import numpy as np

from pipeline.aligners.catalog import load_graph_decoder
from pipeline.aligners.recording.acoustic_model import RecordingModel
from pipeline.aligners.recording.adapted_windows import AdaptedWindows
from pipeline.aligners.segments import Segment, cut_segment, shift
from pipeline.aligners.table import ALIGNERS
from pipeline.contracts import CheckpointStore, EngineRequest, Samples
from pipeline.process_pool import group_by_segment, spread
from pipeline.records import ArcTime, DecodeRequest, record
from pipeline.speech.excerpts import PER_MS


class Windows(Protocol):
    """Windows of a recording to be decoded, in as many rounds as needed."""

    @property
    def recording_model(self) -> RecordingModel | None:
        """The acoustic model of the recording after decoding, if the decoder adapts to it."""
        ...

    def decode(self, requests: Sequence[DecodeRequest]) -> Iterator[tuple[ArcTime, ...]]:
        """The best path of each request, empty where none fits the sound.

        Args:
            requests: in order of time; windows are clipped to the recording.
        Raises:
            EngineError: the decoder can't be loaded, or crashed.
        """
        ...

    def close(self) -> None:
        """End all processes; decoding more starts new ones."""
        ...


def open_windows(
    name: str, engine: EngineRequest, samples: Samples, checkpoints: CheckpointStore | None = None
) -> AbstractContextManager[Windows]:
    """Open the windows of a recording for the named graph decoder.

    Args:
        checkpoints: where decoders that adapt keep finished segments.
    """
    if ALIGNERS[name].is_adaptive:
        return AdaptedWindows(engine, samples, checkpoints)
    return nullcontext(_PlainWindows(name, engine, samples))


def open_short_windows(
    name: str,
    engine: EngineRequest,
    samples: Samples,
    recording_model: RecordingModel | None = None,
) -> AbstractContextManager[Windows]:
    """The same for sound too short to adapt to, such as a clip.

    Args:
        recording_model: of the recording that the sound was cut from, if there is one.
    """
    if recording_model and recording_model.engine == name:
        return AdaptedWindows.knowing(engine, samples, recording_model)
    return nullcontext(_PlainWindows(name, engine, samples))


@record
class _PlainWindows:
    """Windows for decoders that don't adapt: each is decoded by itself."""

    name: str
    engine: EngineRequest
    samples: Samples
    recording_model: None = None

    def decode(self, requests: Sequence[DecodeRequest]) -> Iterator[tuple[ArcTime, ...]]:
        """The best path of each request."""
        segments = (cut_segment(self.samples, group) for group in group_by_segment(requests))
        n_processes = 1 if ALIGNERS[self.name].is_shared else self.engine.cpus
        for paths in spread(_make_worker, (self.name, self.engine), segments, n_processes):
            yield from paths

    def close(self) -> None:
        """There is nothing to end."""


def _make_worker(
    name: str, engine: EngineRequest
) -> Callable[[Segment], list[tuple[ArcTime, ...]]]:
    """The function that decodes segments in one process."""
    decoder = load_graph_decoder(name, engine)
    n_threads = engine.cpus if ALIGNERS[name].decodes_windows_in_threads else 1

    def decode_segment(segment: Segment) -> list[tuple[ArcTime, ...]]:
        samples = np.frombuffer(segment.sound, np.int16)

        def decode_window(window: DecodeRequest) -> tuple[ArcTime, ...]:
            sound = samples[window.start_ms * PER_MS : window.end_ms * PER_MS]
            return shift(decoder.decode(sound, window.graph), segment.start_ms + window.start_ms)

        decoder.start_recording()
        if n_threads == 1:
            return list(map(decode_window, segment.windows))
        with ThreadPoolExecutor(n_threads) as threads:
            return list(threads.map(decode_window, segment.windows))

    return decode_segment
