"""Emissions: the log posteriors of a Wav2Vec2 model's letters in each frame of a sound.

Which letters the columns stand for is `letters.py`'s matter.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.aligners.ctc.folder import PREPROCESSOR
from pipeline.aligners.network import Floats
from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Samples
from pipeline.errors import EngineError
from pipeline.models.devices import first_line, load_on_device

if TYPE_CHECKING:
    from ctranslate2.models import Wav2Vec2

FRAME_MS = 20
FRAME_SAMPLES = FRAME_MS * SAMPLE_RATE_HZ // 1000
MIN_SAMPLES = 400
"""Receptive field of one frame: 25 ms."""
BLOCK_FRAMES = 1_000
"""Longer sounds are encoded in blocks, as the cost of attention grows with the square of length."""
CONTEXT_FRAMES = 50
"""Extra frames encoded on both sides of a block."""


class EmissionModel:
    """A loaded model; one sound at a time, as CTranslate2 has no padding mask for it."""

    def __init__(self, model: "Wav2Vec2", name: str, is_normalized: bool) -> None:
        self._model = model
        self._name = name
        self._is_normalized = is_normalized

    def emit(self, samples: Samples) -> Floats:
        """Log posteriors of the labels: (n_frames, n_labels), 20 ms a frame.

        Raises:
            EngineError: CTranslate2 failed on this sound.
        Cost: linear, as attention is limited to a block and its context.
        """
        sound: Floats = (samples / 32768).astype(np.float32)
        if self._is_normalized and len(sound):
            sound = ((sound - sound.mean()) / np.sqrt(sound.var() + 1e-7)).astype(np.float32)
        if len(sound) < MIN_SAMPLES:
            return np.empty((0, 0), np.float32)
        n_frames = (len(sound) - MIN_SAMPLES) // FRAME_SAMPLES + 1
        blocks = []
        for first in range(0, n_frames, BLOCK_FRAMES):
            begin = max(0, first - CONTEXT_FRAMES)
            end = first + BLOCK_FRAMES + CONTEXT_FRAMES
            recognized = self._encode(
                sound[begin * FRAME_SAMPLES : end * FRAME_SAMPLES + MIN_SAMPLES]
            )
            blocks.append(recognized[first - begin :][:BLOCK_FRAMES])
        return _log_softmax(np.concatenate(blocks))

    def count_labels(self) -> int:
        """How many labels the model has, found by encoding a frame of silence."""
        return int(self._encode(np.zeros(MIN_SAMPLES, np.float32)).shape[1])

    def _encode(self, sound: Floats) -> Floats:
        """The model's logits for each frame."""
        import ctranslate2

        view = ctranslate2.StorageView.from_array(np.ascontiguousarray(sound[None, None]))
        try:
            output = self._model.encode(view, to_cpu=True)
        except (RuntimeError, ValueError) as error:
            remedy = "try another model, or set align.device: cpu"
            raise EngineError(f"model {self._name}", first_line(error), remedy) from error
        recognized: Floats = np.array(output.to(ctranslate2.DataType.float32))[0]
        return recognized


def load_emission_model(request: EngineRequest, folder: Path) -> EmissionModel:
    """Load the model of a folder.

    Raises:
        EngineError: the model is broken, or expects another sample rate.
    """

    def load_on(device: str, kind: str) -> "Wav2Vec2":
        from ctranslate2.models import Wav2Vec2

        return Wav2Vec2(str(folder), device=device, compute_type=kind, intra_threads=request.cpus)

    file = folder / PREPROCESSOR
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
        rate_hz, is_normalized = facts.get("sampling_rate"), bool(facts.get("do_normalize", True))
    except (OSError, ValueError, AttributeError) as error:
        raise EngineError(str(file), "can't be read as JSON", "convert the model anew") from error
    if rate_hz not in (None, SAMPLE_RATE_HZ):
        problem = f"asks for {rate_hz} samples a second"
        raise EngineError(str(file), problem, f"give a model for {SAMPLE_RATE_HZ} Hz")
    model, _ = load_on_device(request, load_on)
    return EmissionModel(model, request.model, is_normalized)


def _log_softmax(recognized: Floats) -> Floats:
    shifted = recognized - recognized.max(axis=1, keepdims=True)
    logs: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return logs
