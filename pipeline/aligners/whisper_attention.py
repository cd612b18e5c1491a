"""Whisper's own alignment as a graph decoder: of a window's likeliest text, all of it, as written.

Cross-attention says where words lie, not whether they were said: whatever text it is given, it
finds a place for. So it serves for gaps between words that were recognised, and no further.
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
"""faster-whisper fails on less."""
MAX_SAMPLES = 30 * SAMPLE_RATE_HZ
MAX_TOKENS = 440
"""The decoder has 448 places, some of which say language and task."""
MAX_LETTERS_PER_S = 30
"""Nobody says more: the text is not all in this sound, and no word of it would lie right."""
PAUSES = ".,;:!?。，、！？：；।؟،؛"
"""Marks that Whisper writes for pauses; what it writes of other marks, nobody can foresee."""
_AROUND = "\"'“”„‘’‚«»‹›()[]{}「」『』（）"
OPENING, CLOSING = f"{_AROUND}¿¡", f"{_AROUND}{PAUSES}…–—"
"""What stands around a word and is no part of it."""
_VARIANTS = str.maketrans("’‘ʼ`", "''''")
"""Whisper writes apostrophes straight."""
MEDIAN_WIDTH = 7
SCORE_BIAS = -2.0
SCORE_SCALE = 1.5
"""From mean log-probabilities of a word's tokens, given those before, to PocketSphinx's scores
(`alignment/status.py`): never quite sure, as a language model guesses much without listening;
unheard below a thirtieth a token. Chosen, not measured."""

logger = logging.getLogger(__name__)


class WhisperDecoder:
    """Forced alignment by cross-attention; 20 ms frames, smoothed over seven of them."""

    name = "whisper"

    def __init__(self, model: "WhisperModel", tokenizer: "Tokenizer", name: str) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._model_name = name

    def start_recording(self) -> None:
        """Nothing is learnt of a recording."""

    def decode(self, samples: Samples, graph: WordGraph) -> tuple[ArcTime, ...]:
        """The word arcs of the graph's likeliest path, whatever the sound, that take time in it.

        Empty for sound or text that is too long for Whisper, or text too long for the sound.

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
        """The tokens of what is written, and those of each arc: of its word, not of its marks."""
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
    """What Whisper would write for an arc: what the text has, or else the word as it is said."""
    written = (arc.word or "") if arc.written is None else arc.written
    return unicodedata.normalize("NFC", written).translate(_VARIANTS)


def split_marks(written: str) -> tuple[str, str]:
    """A word, and the pauses behind it, other marks left out; mere marks are a word."""
    inner = written.lstrip(OPENING)
    letters = inner.rstrip(CLOSING)
    if not letters:
        return written, ""
    return letters, "".join(mark for mark in inner[len(letters) :] if mark in PAUSES)


def _average(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def find_likeliest_arcs(graph: WordGraph) -> tuple[int, ...]:
    """The word arcs on the way from the beginning that takes the likeliest arc of each state.

    Of equally likely ones the first: a text in its likeliest forms, nothing left out. Empty if
    that way does not lead to the final state.
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
    """The decoder of a Whisper model that is here; the recogniser's own, if it is loaded so.

    Raises:
        EngineError: the model is not here or broken, or does not know the language.
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
