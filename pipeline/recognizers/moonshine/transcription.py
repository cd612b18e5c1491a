"""Decode pieces of a recording in batches.

Pieces are cut in `segments.py`; hallucinations are rejected in `filtering.py`.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from pipeline.contracts import Samples
from pipeline.recognizers.moonshine.model import (
    LEAST_SAMPLES,
    MoonshineModel,
    Written,
    count_most_tokens,
)
from pipeline.recognizers.moonshine.segments import find_batches
from pipeline.recognizers.moonshine.words import split_words
from pipeline.records import Progress, Stretch, record
from pipeline.speech.excerpts import PER_MS, cut_out


@record
class Decoded:
    """The decoded words of a piece of the recording; scores as in `model.Written`."""

    piece: Stretch
    words: tuple[str, ...]
    log_probability: float
    silence: float
    is_ended: bool


class Transcriber(Protocol):
    """Decodes pieces of one recording."""

    def decode_windows(
        self, pieces: Sequence[Stretch], progress: Progress, silence_ms: int = 0
    ) -> tuple[Decoded, ...]:
        """The text of each piece, in their order, decoded with silence added on each side."""
        ...


class Ear:
    """A model, and the recording it transcribes."""

    def __init__(self, model: MoonshineModel, samples: Samples) -> None:
        self._model = model
        self._samples = samples

    def decode_windows(
        self, pieces: Sequence[Stretch], progress: Progress, silence_ms: int = 0
    ) -> tuple[Decoded, ...]:
        """The same, batch by batch."""
        recognized: dict[int, Decoded] = {}
        for batch in find_batches(pieces):
            sounds = [self._cut(pieces[number], silence_ms) for number in batch]
            for number, written in zip(batch, self._write(sounds), strict=True):
                recognized[number] = self._read(pieces[number], written)
            progress(len(recognized) / len(pieces))
        return tuple(recognized[number] for number in range(len(pieces)))

    def _cut(self, piece: Stretch, silence_ms: int) -> Samples:
        sound = cut_out(self._samples, piece.start_ms, piece.end_ms)
        n_silence = silence_ms * PER_MS
        return np.pad(sound, (n_silence, max(n_silence, LEAST_SAMPLES - len(sound))))

    def _write(self, sounds: Sequence[Samples]) -> list[Written]:
        encoded = self._model.encode(sounds)
        # Unless it must write, it gives up on some real speech; `filtering.py` rejects the rest.
        return self._model.write(encoded, count_most_tokens(sounds), n_least=1)

    def _read(self, piece: Stretch, written: Written) -> Decoded:
        words = split_words(self._model.vocabulary.join(written.tokens))
        return Decoded(piece, words, written.log_probability, written.silence, written.is_ended)
