"""faster-whisper: Whisper on CTranslate2, on a GPU when there is one, else on the CPU.

Which model lies where is `models.py`'s matter. Word times come from cross-attention: anchors.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.engines.base import SAMPLE_RATE_HZ, EngineRequest, Hints, Recognition, Samples
from pipeline.engines.devices import first_line, load_on_device
from pipeline.engines.models import find_model, get_model
from pipeline.errors import EngineError
from pipeline.records import HeardWord, Progress, Segment, Stretch

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

MIN_SAMPLES = SAMPLE_RATE_HZ // 10
"""faster-whisper fails on tails under 0.1 s."""


class FasterWhisperRecognizer:
    """One loaded Whisper model."""

    def __init__(self, model: "WhisperModel", name: str, device: str) -> None:
        self.model = model
        self._name = name
        self._device = device

    def transcribe(
        self, samples: Samples, speech: Sequence[Stretch], hints: Hints, progress: Progress
    ) -> Recognition:
        """Recognise the whole recording, its non-speech left out.

        At temperature 0 alone: the higher ones draw lots, and equal requests give equal bytes.

        Raises:
            EngineError: CTranslate2 failed on this sound.
        """
        name = "faster_whisper"
        if len(samples) < MIN_SAMPLES or not speech:
            return Recognition(hints.language or "en", name, self._name, self._device, ())
        try:
            chunks, detected = self.model.transcribe(
                samples.astype(np.float32) / 32768,
                language=hints.language,
                word_timestamps=True,
                condition_on_previous_text=False,
                vad_filter=True,
                temperature=0.0,
                hotwords=" ".join(hotword.text for hotword in hints.hotwords) or None,
            )
            duration_ms = len(samples) * 1000 // SAMPLE_RATE_HZ
            segments = tuple(_segments(chunks, duration_ms, progress))
        except (RuntimeError, ValueError) as error:
            remedy = "try another model" if self._device == "cpu" else "set transcribe.device: cpu"
            raise EngineError(f"model {self._name}", first_line(error), remedy) from error
        return Recognition(detected.language, name, self._name, self._device, segments)


def load(request: EngineRequest) -> FasterWhisperRecognizer:
    """Load a model, from the network if it is not here.

    Raises:
        EngineError: the model is broken, unknown, or can't be had.
    """
    folder = find_model(request.model) or get_model(request.model)

    def load_on(device: str, kind: str) -> "WhisperModel":
        from faster_whisper import WhisperModel

        return WhisperModel(str(folder), device=device, compute_type=kind, cpu_threads=request.cpus)

    model, device = load_on_device(request, load_on)
    return FasterWhisperRecognizer(model, request.model, device)


def _segments(chunks: Any, duration_ms: int, progress: Progress) -> list[Segment]:
    """The library's lazy segments as records; the work is done while they are taken."""
    segments = []
    for chunk in chunks:
        progress(min(1.0, chunk.end * 1000 / duration_ms))
        words = tuple(_word(word, duration_ms) for word in chunk.words or () if word.word.strip())
        if words:
            start_ms = min(word.start_ms for word in words)
            segments.append(Segment(start_ms, max(word.end_ms for word in words), words))
    return sorted(segments, key=lambda segment: segment.start_ms)


def _word(word: Any, duration_ms: int) -> HeardWord:
    """A word inside the recording: hallucinated ones are said to lie behind its end."""
    start_ms = min(max(0, round(word.start * 1000)), duration_ms - 1)
    end_ms = min(max(start_ms + 1, round(word.end * 1000)), duration_ms)
    return HeardWord(word.word.strip(), start_ms, end_ms, round(float(word.probability), 4))
