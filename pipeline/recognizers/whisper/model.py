"""A loaded Whisper model that decodes windows: the only place where faster-whisper is called.

Windows are cut in `windows.py`; hallucinations are rejected in `filtering.py`.
"""

import logging
import threading
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Samples, Task
from pipeline.errors import EngineError
from pipeline.models.devices import first_line, load_on_device
from pipeline.models.installed import find_model, get_model
from pipeline.process_pool import one_thread
from pipeline.recognizers.whisper.words import FRAMES_PER_S, read_words
from pipeline.records import RecognizedWord, record
from pipeline.text.languages import match_language

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

SURE_OF_LANGUAGE = 0.5
"""A language with a smaller share of the votes is taken with a warning."""
GPU_THREADS = 2
"""While a card computes one batch, the features of the next are computed."""

logger = logging.getLogger(__name__)


@record
class DecodingOptions:
    """The decoding options of every window; hotwords are given as if spoken just before."""

    language: str
    hotwords: str | None = None
    task: Task = "transcribe"


@record
class Decoded:
    """The decoded words of a window; times are since its start.

    `log_probability` is the mean over its tokens, `no_speech` the probability of no speech.
    """

    words: tuple[RecognizedWord, ...] = ()
    log_probability: float = 0.0
    no_speech: float = 0.0


class Transcriber(Protocol):
    """Decodes windows, in this process or in a child."""

    device: str
    batch_size: int

    def settle_language(self, asked: str | None, sounds: Sequence[Samples]) -> str:
        """The language to decode in: the one asked for, if the model is multilingual.

        If none is asked for, each window votes with its probabilities, weighted by its length.

        Args:
            sounds: windows from all over the recording.
        """
        ...

    def decode_windows(
        self, batches: Iterable[Sequence[Samples]], options: DecodingOptions
    ) -> Iterator[tuple[Decoded, ...]]:
        """The decoded words of each window, batch by batch, in order.

        Args:
            batches: consumed shortly before they are decoded; of `batch_size` windows at most.
        Raises:
            EngineError: the model failed on them, or its process crashed.
        """
        ...


class LocalTranscriber:
    """A model in this process; each of several threads decodes a batch.

    A batch is computed by one thread, so that no result depends on their number.
    """

    def __init__(self, request: EngineRequest, batch_size: int, index: int = 0) -> None:
        """Load the model.

        Args:
            index: of the card, if it is loaded on one.
        Raises:
            EngineError: the model is broken, or the device can't be used.
        """
        kind = (request.model, request.device, request.compute_type)
        self.model, self.device = load_whisper(*kind, request.cpus, index)
        self.batch_size = batch_size
        self._n_threads = request.cpus if self.device == "cpu" else GPU_THREADS
        self._name = request.model

    def settle_language(self, asked: str | None, sounds: Sequence[Samples]) -> str:
        """The language to decode in."""
        if not self.model.model.is_multilingual or not (asked or sounds):
            if asked not in (None, "en"):
                problem, remedy = f"knows English only, not {asked!r}", "name another model"
                raise EngineError(f"model {self._name}", problem, remedy)
            return "en"
        if asked:
            return match_language(asked, self.model.supported_languages) or asked
        votes: Counter[str] = Counter()
        with one_thread(), self._failures():
            for sound in sounds:
                _, _, shares = self.model.detect_language(_as_floats(sound))
                votes.update({code: share * len(sound) for code, share in shares})
        total = sum(map(len, sounds))
        (language, votes_won), *others = votes.most_common(2)
        share = votes_won / total
        logger.log(
            logging.INFO if share >= SURE_OF_LANGUAGE else logging.WARNING,
            "detected language: %s, with %.2f of the votes of %d windows%s%s",
            language, share, len(sounds),
            "".join(f" ({code}: {votes / total:.2f})" for code, votes in others),
            "" if share >= SURE_OF_LANGUAGE else ": say the `language` if that is wrong",
        )  # fmt: skip
        return language

    def decode_windows(
        self, batches: Iterable[Sequence[Samples]], options: DecodingOptions
    ) -> Iterator[tuple[Decoded, ...]]:
        """The decoded words of each window, batch by batch, in order."""
        if options.task == "translate" and not self.model.model.is_multilingual:
            problem = "knows English only, and can't translate into it"
            raise EngineError(f"model {self._name}", problem, "name a model that knows others")
        waiting: deque[Future[tuple[Decoded, ...]]] = deque()
        with one_thread(), ThreadPoolExecutor(self._n_threads) as threads:
            try:
                for batch in batches:
                    waiting.append(threads.submit(self._decode_batch, batch, options))
                    if len(waiting) > self._n_threads:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                threads.shutdown(cancel_futures=True)

    def _decode_batch(
        self, batch: Sequence[Samples], options: DecodingOptions
    ) -> tuple[Decoded, ...]:
        with self._failures():
            try:
                return self._ask(batch, options)
            except RuntimeError as error:
                if len(batch) == 1 or "out of memory" not in str(error):
                    raise
        logger.warning("%d windows don't fit in the card's memory: half as many", len(batch))
        half = len(batch) // 2
        return (
            *self._decode_batch(batch[:half], options),
            *self._decode_batch(batch[half:], options),
        )

    def _ask(self, batch: Sequence[Samples], options: DecodingOptions) -> tuple[Decoded, ...]:
        """Decode each window as a clip of one sound in the library's terms.

        At temperature 0 only: higher ones sample at random, and results must be deterministic.
        """
        from faster_whisper import BatchedInferencePipeline

        starts = [0, *accumulate(map(len, batch))]
        # The library rounds seconds down to samples: adding half a sample keeps them exact.
        edges = [(start + 0.5) / SAMPLE_RATE_HZ for start in starts]
        # A new pipeline each time: it keeps state of where speech ended last.
        found, _ = BatchedInferencePipeline(self.model).transcribe(
            _as_floats(np.concatenate(list(batch))),
            language=options.language,
            task=options.task,
            clip_timestamps=[{"start": start, "end": end} for start, end in pairwise(edges)],
            batch_size=len(batch),
            word_timestamps=True,
            temperature=0.0,
            hotwords=options.hotwords,
        )
        places = [int(start / SAMPLE_RATE_HZ * FRAMES_PER_S) for start in starts[:-1]]
        recognized = [Decoded() for _ in batch]
        for chunk in found:
            number = bisect_right(places, chunk.seek) - 1
            words = (*recognized[number].words, *read_words(chunk, options.language))
            recognized[number] = Decoded(
                words, float(chunk.avg_logprob), float(chunk.no_speech_prob)
            )
        return tuple(recognized)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Translate the library's exceptions to EngineError."""
        try:
            yield
        except (RuntimeError, ValueError) as error:
            remedy = "try another model" if self.device == "cpu" else "set transcribe.device: cpu"
            raise EngineError(f"model {self._name}", first_line(error), remedy) from error


@cache
def load_whisper(
    model: str, device: str, compute_type: str, cpus: int, index: int = 0
) -> tuple["WhisperModel", str]:
    """The model, loaded once a process, and its device; downloaded if it is not on this machine.

    On a CPU `cpus` threads may use it at once, each computing alone: that is faster than threads
    that share each matrix product, and the result does not depend on their number.

    Raises:
        EngineError: the model is broken, unknown, or can't be downloaded.
    """
    folder = find_model(model) or get_model(model)

    def load_on(device: str, kind: str) -> "WhisperModel":
        from faster_whisper import WhisperModel
        from tqdm import tqdm

        # The library logs two lines a window.
        logging.getLogger("faster_whisper").setLevel(logging.WARNING)
        # Its own lock is a named semaphore, which a worker that is killed leaves behind.
        tqdm.set_lock(threading.RLock())
        n_workers = cpus if device == "cpu" else 1
        return WhisperModel(str(folder), device, index, kind, cpu_threads=1, num_workers=n_workers)

    request = EngineRequest(model, device, compute_type)
    return load_on_device(request, load_on)


def _as_floats(sound: Samples) -> npt.NDArray[np.float32]:
    return sound.astype(np.float32) / np.float32(32768)
