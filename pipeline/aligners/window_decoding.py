"""Decode the windows of a recording, in several processes or threads.

One window is a graph decoder's matter (`contracts.GraphDecoder`). Decoders that are adapted to the
recording first use `recording/adapted_windows.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import numpy as np

from pipeline.aligners.catalog import (
    ADAPTING,
    ANY_LANGUAGE,
    ONE_THREAD_A_WINDOW,
    load_graph_decoder,
)
from pipeline.aligners.recording.acoustic_model import RecordingModel
from pipeline.aligners.recording.adapted_windows import AdaptedWindows
from pipeline.contracts import CheckpointStore, EngineRequest, Samples
from pipeline.process_pool import cut_pieces, spread
from pipeline.records import ArcTime, DecodeRequest, WordGraph, record
from pipeline.speech.excerpts import cut_out


@record
class _SoundWindow:
    """A window: its start, int16 samples at 16 kHz as bytes, and what may be spoken in it."""

    start_ms: int
    sound: bytes
    graph: WordGraph


class Windows(Protocol):
    """Windows of a recording to be decoded, in as many rounds as needed."""

    @property
    def recording_model(self) -> RecordingModel | None:
        """The acoustic model of the recording after decoding, if the decoder adapts to it."""
        ...

    def decode(self, requests: Sequence[DecodeRequest]) -> Iterator[tuple[ArcTime, ...]]:
        """The best path of each request, in milliseconds since the first sample.

        Args:
            requests: in order of time; windows are clipped to the recording.
        Raises:
            EngineError: the decoder can't be loaded, or crashed.
        """
        ...

    def close(self) -> None:
        """End all processes; nothing is decoded after that."""
        ...


def open_windows(
    name: str, engine: EngineRequest, samples: Samples, checkpoints: CheckpointStore | None = None
) -> AbstractContextManager[Windows]:
    """Open the windows of a recording for the named graph decoder.

    Args:
        checkpoints: where decoders that adapt keep finished segments.
    """
    if name in ADAPTING:
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
        pieces = _cut_pieces(self.samples, requests)
        n_processes = 1 if self.name in ANY_LANGUAGE else self.engine.cpus
        for found in spread(_make_decoder, (self.name, self.engine), pieces, n_processes):
            yield from found

    def close(self) -> None:
        """There is nothing to end."""


def _cut_pieces(
    samples: Samples, requests: Iterable[DecodeRequest]
) -> Iterator[list[_SoundWindow]]:
    for group in cut_pieces(requests):
        piece = []
        for request in group:
            start_ms = max(0, request.start_ms)
            sound = cut_out(samples, start_ms, request.end_ms)
            piece.append(_SoundWindow(start_ms, sound.tobytes(), request.graph))
        yield piece


def _make_decoder(
    name: str, engine: EngineRequest
) -> Callable[[list[_SoundWindow]], list[tuple[ArcTime, ...]]]:
    """The function that decodes segments in one process."""
    decoder = load_graph_decoder(name, engine)
    n_threads = engine.cpus if name in ONE_THREAD_A_WINDOW else 1

    def decode_window(window: _SoundWindow) -> tuple[ArcTime, ...]:
        path = decoder.decode(np.frombuffer(window.sound, np.int16), window.graph)
        return tuple(
            ArcTime(
                step.arc, step.start_ms + window.start_ms, step.end_ms + window.start_ms, step.score
            )
            for step in path
        )

    def decode_piece(piece: list[_SoundWindow]) -> list[tuple[ArcTime, ...]]:
        decoder.start_recording()
        if n_threads == 1:
            return [decode_window(window) for window in piece]
        with ThreadPoolExecutor(n_threads) as threads:
            return list(threads.map(decode_window, piece))

    return decode_piece
