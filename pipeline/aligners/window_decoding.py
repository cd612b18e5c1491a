"""Many windows of one recording decoded, over as many processes as may be used.

One window is a graph decoder's matter (`base.GraphDecoder`); a decoder that learns the recording
first has `adapted_windows.py`.
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
    """int16 samples at 16 kHz as bytes, what may be said in them, and when they begin."""

    start_ms: int
    sound: bytes
    graph: WordGraph


class Windows(Protocol):
    """Windows of a recording to be decoded, in as many rounds as needed."""

    @property
    def recording_model(self) -> RecordingModel | None:
        """What the windows decoded taught of the recording's sound, if the decoder learns."""
        ...

    def decode(self, requests: Sequence[DecodeRequest]) -> Iterator[tuple[ArcTime, ...]]:
        """The best path of each request, in milliseconds since the first sample.

        Args:
            requests: in order of time; times before the first sample or behind the last are cut
                off.
        Raises:
            EngineError: the decoder can't be had, or crashed.
        """
        ...


def open_windows(
    name: str, engine: EngineRequest, samples: Samples, checkpoints: CheckpointStore | None = None
) -> AbstractContextManager[Windows]:
    """What decodes windows of a recording by the named graph decoder.

    Args:
        shelf: for decoders that work by pieces.
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
    """The same for sound too short to learn from.

    Args:
        learnt: of the recording that the sound was cut from, where the decoder learns one.
    """
    if recording_model and recording_model.engine == name:
        return AdaptedWindows.knowing(engine, samples, recording_model)
    return nullcontext(_PlainWindows(name, engine, samples))


@record
class _PlainWindows:
    """Each window on its own."""

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
    """What decodes pieces in one process."""
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
