"""Decode pieces of a recording in batches.

Pieces are cut in `segments.py`; hallucinations are rejected in `filtering.py`.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from pipeline.contracts import Samples
from pipeline.recognizers.hallucinations import find_loops
from pipeline.recognizers.moonshine.model import MoonshineModel, count_most_tokens
from pipeline.recognizers.moonshine.segments import find_batches
from pipeline.recognizers.moonshine.words import split_words
from pipeline.records import Progress, Stretch, record
from pipeline.speech.excerpts import PER_MS, cut_out


@record
class DecodedPiece:
    """The decoded words of a piece of the recording; scores as in `model.Written`."""

    piece: Stretch
    words: tuple[str, ...]
    log_probability: float
    silence: float
    is_ended: bool

    @property
    def start_ms(self) -> int:
        return self.piece.start_ms

    @property
    def length_ms(self) -> int:
        return self.piece.length_ms

    @property
    def is_looped(self) -> bool:
        """Whether the text loops: too many tokens, or a repeated phrase."""
        return not self.is_ended or bool(find_loops(self.words))


Decode = Callable[[Sequence[Stretch], Progress, int], tuple[DecodedPiece, ...]]
"""Decodes pieces of one recording, in their order, with so many ms of silence on each side."""


def make_decoder(model: MoonshineModel, samples: Samples) -> Decode:
    """The function that decodes pieces of a recording."""
    return partial(_decode_pieces, model, samples)


def _decode_pieces(
    model: MoonshineModel,
    samples: Samples,
    pieces: Sequence[Stretch],
    progress: Progress,
    silence_ms: int,
) -> tuple[DecodedPiece, ...]:
    decoded: dict[int, DecodedPiece] = {}
    for batch in find_batches(pieces):
        own = [pieces[number] for number in batch]
        sounds = [
            np.pad(cut_out(samples, one.start_ms, one.end_ms), silence_ms * PER_MS) for one in own
        ]
        # Unless it must write, it gives up on some real speech; `filtering.py` rejects the rest.
        rows = model.write(model.encode(sounds), count_most_tokens(sounds), n_least=1)
        for number, row in zip(batch, rows, strict=True):
            words = split_words(model.vocabulary.join(row.tokens))
            scores = (row.log_probability, row.silence, row.is_ended)
            decoded[number] = DecodedPiece(pieces[number], words, *scores)
        progress(len(decoded) / len(pieces))
    return tuple(decoded[number] for number in range(len(pieces)))
