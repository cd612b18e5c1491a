"""Alignment by Whisper's cross-attention as a graph decoder: a window's likeliest text, as written.

Cross-attention says where words are, not whether they were spoken: it finds a place for any text.
So it is used for gaps between recognised words only.
"""

import logging
import math
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Samples
from pipeline.errors import EngineError
from pipeline.models.devices import first_line
from pipeline.models.installed import find_model
from pipeline.recognizers.whisper.model import load_whisper
from pipeline.records import Arc, ArcTime, WordGraph

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer

FRAME_MS = 20
MIN_SAMPLES = SAMPLE_RATE_HZ // 10
"""faster-whisper fails on shorter sound."""
MAX_SAMPLES = 30 * SAMPLE_RATE_HZ
MAX_TOKENS = 440
"""The decoder holds 448 tokens, some of which give language and task."""
MAX_LETTERS_PER_S = 30
"""Nobody speaks faster: the sound can't hold all of the text, and no word would be placed right."""
PAUSES = ".,;:!?。，、！？：；।؟،؛"
"""Punctuation that Whisper writes for pauses; whether it writes other marks can't be predicted."""
_AROUND = "\"'“”„‘’‚«»‹›()[]{}「」『』（）"
OPENING, CLOSING = f"{_AROUND}¿¡", f"{_AROUND}{PAUSES}…–—"
"""Punctuation before and after a word that is not part of it."""
_VARIANTS = str.maketrans("’‘ʼ`", "''''")
"""Whisper writes apostrophes straight."""
MEDIAN_WIDTH = 7
SCORE_BIAS = -2.0
SCORE_SCALE = 1.5
"""Map the mean log-probability of a word's tokens to PocketSphinx's scores (`alignment/status.py`).
Confidence stays below 1, as a language model guesses much without the sound; `unspoken` below 1/30
a token. Chosen, not measured."""

logger = logging.getLogger(__name__)


class WhisperDecoder:
    """Forced alignment by cross-attention; 20 ms frames, median-filtered over seven of them."""

    name = "whisper"

    def __init__(self, model: "WhisperModel", tokenizer: "Tokenizer", name: str) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._model_name = name

    def start_recording(self) -> None:
        """Nothing to forget: this decoder does not adapt."""

    def decode(self, samples: Samples, graph: WordGraph) -> tuple[ArcTime, ...]:
        """The word arcs of the graph's likeliest path, whatever the sound, that last a frame.

        Empty if sound or text is too long for Whisper, or the text too long for the sound.

        Raises:
            EngineError: CTranslate2 failed on this sound.
        """
        arcs = find_likeliest_arcs(graph)
        n_letters = sum(len(graph.arcs[arc].word or "") for arc in arcs)
        if not arcs or n_letters * SAMPLE_RATE_HZ > MAX_LETTERS_PER_S * len(samples):
            return ()
        tokens, spans = self._encode([graph.arcs[arc] for arc in arcs])
        if len(tokens) > MAX_TOKENS or not MIN_SAMPLES <= len(samples) <= MAX_SAMPLES:
            logger.info("%d tokens in %d samples are not aligned", len(tokens), len(samples))
            return ()
        frames, logs = self._align(samples, tokens)
        return tuple(
            ArcTime(arc, frames[span.start] * FRAME_MS, frames[span.stop] * FRAME_MS, score)
            for arc, span in zip(arcs, spans, strict=True)
            if frames[span.start] < frames[span.stop]
            for score in [SCORE_BIAS + SCORE_SCALE * _average(logs[span.start : span.stop])]
        )

    def _encode(self, arcs: Sequence[Arc]) -> tuple[list[int], list[range]]:
        """The tokens of the text, and the range of each arc's tokens, punctuation excluded."""
        tokens: list[int] = []
        spans: list[range] = []
        for arc in arcs:
            letters, marks = split_marks(write_arc(arc))
            first = len(tokens)
            tokens += self._tokenizer.encode(f" {letters}") if letters else ()
            spans.append(range(first, len(tokens)))
            tokens += self._tokenizer.encode(marks) if marks else ()
        return tokens, spans

    def _align(self, samples: Samples, tokens: Sequence[int]) -> tuple[list[int], list[float]]:
        """The first frame of each token and of the end, and each token's log-probability."""
        from faster_whisper.audio import pad_or_trim

        features = self._model.feature_extractor(samples.astype(np.float32) / 32768)
        try:
            (aligned,) = self._model.model.align(
                self._model.encode(pad_or_trim(features)), self._tokenizer.sot_sequence,
                [tokens], features.shape[-1] - 1, median_filter_width=MEDIAN_WIDTH,
            )  # fmt: skip
        except (RuntimeError, ValueError) as error:
            where = f"model {self._model_name}"
            raise EngineError(where, first_line(error), "set align.engine: recognizer") from error
        frame_of: dict[int, int] = {}
        for token, frame in aligned.alignments:
            frame_of.setdefault(token, frame)
        logs = [math.log(max(share, 1e-9)) for share in aligned.text_token_probs]
        return [frame_of[token] for token in range(len(tokens) + 1)], logs


def write_arc(arc: Arc) -> str:
    """An arc as Whisper would write it: as in the text, or else the spoken word."""
    written = (arc.word or "") if arc.written is None else arc.written
    return unicodedata.normalize("NFC", written).translate(_VARIANTS)


def split_marks(written: str) -> tuple[str, str]:
    """A word, and the PAUSES after it, other marks dropped; punctuation alone counts as a word."""
    inner = written.lstrip(OPENING)
    letters = inner.rstrip(CLOSING)
    if not letters:
        return written, ""
    return letters, "".join(mark for mark in inner[len(letters) :] if mark in PAUSES)


def _average(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def find_likeliest_arcs(graph: WordGraph) -> tuple[int, ...]:
    """The word arcs on the path that takes the likeliest arc of each state, the first of equals.

    That is the text in its likeliest forms, with nothing left out. Empty if this path does not lead
    to the final state.
    """
    likeliest: dict[int, int] = {}
    for index, arc in enumerate(graph.arcs):
        best = likeliest.get(arc.from_state)
        if best is None or arc.probability > graph.arcs[best].probability:
            likeliest[arc.from_state] = index
    way: list[int] = []
    state = 0
    while state != graph.final_state:
        if state not in likeliest or len(way) > graph.n_states:
            return ()
        way.append(likeliest[state])
        state = graph.arcs[way[-1]].to_state
    return tuple(arc for arc in way if graph.arcs[arc].word is not None)


def load(request: EngineRequest) -> WhisperDecoder:
    """The decoder of a Whisper model on this machine; shared with the recogniser if that is loaded.

    Raises:
        EngineError: the model is missing or broken, or does not know the language.
    """
    from faster_whisper.tokenizer import Tokenizer

    if not find_model(request.model):
        problem = f"model {request.model} is not on this machine"
        raise EngineError("whisper", problem, f"cuecast models get {request.model}")
    kind = (request.model, request.device, request.compute_type)
    model, _ = load_whisper(*kind, request.cpus)
    try:
        tokenizer = Tokenizer(
            model.hf_tokenizer, model.model.is_multilingual, "transcribe", request.language
        )
    except ValueError as error:
        remedy = "set align.engine: recognizer"
        raise EngineError("whisper", first_line(error), remedy) from error
    return WhisperDecoder(model, tokenizer, request.model)
