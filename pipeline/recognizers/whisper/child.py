"""A Whisper model in a child process, as a crash in a GPU's libraries ends the process.

The child has the GPU to itself as long as it lives; what it does there is `model.py`'s matter.
"""

import os
import queue
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Self

from pipeline.contracts import EngineRequest, Samples
from pipeline.errors import EngineError
from pipeline.models.devices import read_memory_bytes
from pipeline.models.installed import find_model
from pipeline.recognizers.whisper.geometry import read_geometry
from pipeline.recognizers.whisper.gpu import choose_batch_size, take_turn
from pipeline.recognizers.whisper.model import (
    GPU_THREADS,
    Decoded,
    DecodingOptions,
    LocalTranscriber,
)

N_AHEAD = GPU_THREADS + 1
"""Batches sent ahead: the child takes this many before it has decoded the first."""


class ChildTranscriber:
    """A model in a child process; a context manager that starts and ends it."""

    def __init__(self, request: EngineRequest, batch_size: int | None) -> None:
        """Nothing is started yet.

        Args:
            request: names the device.
            batch_size: None for as many windows as fit in the card's memory.
        """
        self.device = request.device
        self.batch_size = batch_size or 0
        self._request = request
        context = get_context("spawn")
        self._line, self._far_end = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(self._far_end, request, batch_size), daemon=True
        )

    @property
    def pid(self) -> int | None:
        """The child's process id, if it was started."""
        return self._process.pid

    def __enter__(self) -> Self:
        self._process.start()
        self._far_end.close()
        try:
            self.batch_size = self._receive()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        self._process.kill()
        self._process.join()

    def settle_language(self, asked: str | None, sounds: Sequence[Samples]) -> str:
        """The language to decode in."""
        self._send((asked, sounds))
        language: str = self._receive()
        return language

    def decode_windows(
        self, batches: Iterable[Sequence[Samples]], options: DecodingOptions
    ) -> Iterator[tuple[Decoded, ...]]:
        """The decoded words of each window, batch by batch, in order."""
        self._send(options)
        n_waiting = 0
        for batch in batches:
            self._send(batch)
            n_waiting += 1
            if n_waiting == N_AHEAD:
                yield self._receive()
                n_waiting -= 1
        self._send(None)
        for _ in range(n_waiting):
            yield self._receive()

    def _send(self, message: Any) -> None:
        # A child that crashed can't be sent anything; `_receive` reports it.
        with suppress(OSError):
            self._line.send(message)

    def _receive(self) -> Any:
        """The next answer.

        Raises:
            EngineError: the child failed or crashed.
        """
        try:
            answer = self._line.recv()
        except (EOFError, OSError):
            self._process.join()
            ended = _format_exit(self._process.exitcode or 0)
            problem = f"its process on {self.device} {ended}"
            remedy = "see `cuecast doctor` and docs/gpu.md, or set transcribe.device: cpu"
            raise EngineError(f"model {self._request.model}", problem, remedy) from None
        if isinstance(answer, EngineError):
            raise answer
        return answer


def _format_exit(exitcode: int) -> str:
    if exitcode < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-exitcode).name}"
    return f"ended with exit code {exitcode}"


def _serve(line: Connection, request: EngineRequest, batch_size: int | None) -> None:
    """Answer messages in order, until the other end of the connection is closed."""
    messages: queue.SimpleQueue[Any] = queue.SimpleQueue()
    # Messages are read at once: two processes that both wait to send would deadlock.
    threading.Thread(target=_read, args=(line, messages), daemon=True).start()
    try:
        with take_turn(_count_cards(request.device)) as index:
            transcriber = _load(request, batch_size, index)
            line.send(transcriber.batch_size)
            while True:
                match messages.get():
                    case DecodingOptions() as options:
                        batches = iter(messages.get, None)
                        for decoded in transcriber.decode_windows(batches, options):
                            line.send(decoded)
                    case (asked, sounds):
                        line.send(transcriber.settle_language(asked, sounds))
    except EngineError as error:
        line.send(error.with_traceback(None))


def _read(line: Connection, messages: "queue.SimpleQueue[Any]") -> None:
    with suppress(EOFError, OSError):
        while True:
            messages.put(line.recv())
    os._exit(0)


def _load(request: EngineRequest, batch_size: int | None, index: int) -> LocalTranscriber:
    transcriber = LocalTranscriber(request, batch_size or 1, index)
    folder = find_model(request.model)
    if batch_size is None and folder:
        kind = str(transcriber.model.model.compute_type)
        memory_bytes = read_memory_bytes(index)
        transcriber.batch_size = choose_batch_size(memory_bytes, read_geometry(folder), kind)
    return transcriber


def _count_cards(device: str) -> int:
    import ctranslate2

    return int(ctranslate2.get_cuda_device_count()) if device == "cuda" else 0
