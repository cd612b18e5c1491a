"""The Moonshine network: sound to tokens, and the log-probability of given tokens.

How sound is cut for it is its users' matter. Source: Jeffries et al. 2024,
"Moonshine: Speech Recognition for Live Transcription and Voice Commands".
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.errors import EngineError
from pipeline.memory import trim
from pipeline.models.packaged import require_folder
from pipeline.recognizers.moonshine.unpacked import unpack
from pipeline.recognizers.moonshine.vocabulary import END, START, Vocabulary
from pipeline.records import record

LEAST_SAMPLES = SAMPLE_RATE_HZ // 10
"""Shortest sound that the network can encode."""
MOST_TEXTS = 4
"""Texts scored at once, to bound memory: each token has logits of the whole vocabulary."""
_MOST_TOKENS_PER_S = 7
"""Nobody speaks faster; a network that writes more tokens is in a loop."""

Floats = npt.NDArray[np.float32]


@record
class Written:
    """The network's text for one sound.

    `log_probability` is the mean over the tokens and the end token; `silence` the probability of
    an empty text; `is_ended` whether the end token was reached.
    """

    tokens: tuple[int, ...]
    log_probability: float
    silence: float
    is_ended: bool


def load_model(n_threads: int = 1) -> "MoonshineModel":
    """The model in the wheel; its output does not depend on the number of threads.

    Raises:
        EngineError: the wheel is not installed.
    """
    return MoonshineModel(require_folder(), n_threads)


def count_most_tokens(sounds: Sequence[Samples]) -> int:
    """The most tokens to decode for the longest of the sounds, with the end token."""
    longest_s = max(LEAST_SAMPLES, *map(len, sounds)) / SAMPLE_RATE_HZ
    return 1 + round(longest_s * _MOST_TOKENS_PER_S)


class MoonshineModel:
    """A loaded model."""

    def __init__(self, folder: Path, n_threads: int = 1) -> None:
        self.vocabulary = Vocabulary.read(folder / "tokenizer.bin")
        # Unpacking takes half a gigabyte for a moment.
        trim()
        self._encoder = _open(folder / "encoder_model.ort", n_threads)
        # The encoder dequantises its weights once a sound, the decoder would at each step.
        self._decoder = _open(folder / "decoder_model_merged.ort", n_threads, is_stepped=True)
        trim()
        self._memories = [
            node for node in self._decoder.get_inputs() if node.name.startswith("past_key_values")
        ]

    def encode(self, sounds: Sequence[Samples]) -> Floats:
        """Run the encoder.

        Args:
            sounds: of similar length, as the shorter ones are padded with silence.
        Returns:
            (n_sounds, n_frames, n_dims), about 24 ms a frame.
        """
        longest = max(LEAST_SAMPLES, *map(len, sounds))
        # One by one: no slower than all at once, in less memory.
        encoded = [self._encode(np.pad(sound, (0, longest - len(sound)))) for sound in sounds]
        return np.concatenate(encoded)

    def write(self, encoded: Floats, n_tokens: int, n_least: int = 0) -> list[Written]:
        """Greedy decoding of every sound, until the end token.

        Args:
            n_tokens: the most tokens of a text.
            n_least: the fewest tokens of a text.
        """
        tokens = np.full((len(encoded), 1), START, np.int64)
        rows = [_Row() for _ in encoded]
        memory: dict[str, Floats] | None = None
        for n_written in range(n_tokens):
            logits, memory = self._step(encoded, tokens, memory)
            rated = _rate_tokens(logits[:, -1, : len(self.vocabulary)])
            for row, rates in zip(rows, rated, strict=True):
                row.add(rates, may_end=n_written >= n_least)
            if all(row.is_ended for row in rows):
                break
            tokens = np.array([[row.tokens[-1]] for row in rows], np.int64)
        return [row.finish() for row in rows]

    def rate_texts(self, encoded: Floats, texts: Sequence[Sequence[int]]) -> list[float]:
        """The log-probability of each text given the sound.

        Args:
            encoded: (1, n_frames, n_dims), one sound.
            texts: tokens, with `END` after them if the text ends there.
        """
        rated: list[float] = []
        for at in range(0, len(texts), MOST_TEXTS):
            rated += self._rate(encoded, texts[at : at + MOST_TEXTS])
        return rated

    def _encode(self, sound: Samples) -> Floats:
        inputs = sound[None].astype(np.float32) / np.float32(32768)
        encoded: Floats = self._encoder.run(None, {"input_values": inputs})[0]
        return encoded

    def _rate(self, encoded: Floats, texts: Sequence[Sequence[int]]) -> list[float]:
        longest = max(map(len, texts))
        tokens = np.full((len(texts), longest + 1), END, np.int64)
        tokens[:, 0] = START
        for row, text in zip(tokens, texts, strict=True):
            row[1 : len(text) + 1] = text
        logits, _ = self._step(encoded.repeat(len(texts), axis=0), tokens[:, :-1], None)
        # One by one: each token of each text has logits of the whole vocabulary.
        return [
            float(np.take_along_axis(_rate_tokens(own), spoken[:, None], axis=1)[: len(text)].sum())
            for own, spoken, text in zip(logits, tokens[:, 1:], texts, strict=True)
        ]

    def _step(
        self, encoded: Floats, tokens: npt.NDArray[np.int64], memory: dict[str, Floats] | None
    ) -> tuple[Floats, dict[str, Floats]]:
        """Logits (n_sounds, n_tokens, n_vocabulary) after each token, and the key-value cache."""
        shape = (len(encoded), self._memories[0].shape[1], 0, self._memories[0].shape[3])
        past = memory or {node.name: np.zeros(shape, np.float32) for node in self._memories}
        logits, *present = self._decoder.run(
            None,
            {
                "input_ids": tokens,
                "encoder_hidden_states": encoded,
                "use_cache_branch": np.array([memory is not None]),
                **past,
            },
        )
        # Cross-attention is cached by the first step: later ones return its part empty.
        remembered = {
            node.name: past[node.name] if memory and ".encoder." in node.name else value
            for node, value in zip(self._memories, present, strict=True)
        }
        return logits, remembered


class _Row:
    """The text of one sound while it is decoded."""

    def __init__(self) -> None:
        self.tokens: list[int] = []
        self.is_ended = False
        self._rates: list[float] = []
        self._silence = 0.0

    def add(self, rates: Floats, may_end: bool) -> None:
        """Append the likeliest token, given the log-probability of each: (n_vocabulary,)."""
        if self.is_ended:
            return
        if not self.tokens:
            self._silence = float(np.exp(rates[END]))
        first = 0 if may_end else END + 1
        token = first + int(rates[first:].argmax())
        self._rates.append(float(rates[token]))
        self.tokens.append(token)
        self.is_ended = token == END

    def finish(self) -> Written:
        tokens = tuple(token for token in self.tokens if token != END)
        mean = float(np.mean(self._rates)) if self._rates else 0.0
        return Written(tokens, mean, self._silence, self.is_ended)


def _rate_tokens(logits: Floats) -> Floats:
    """The log-probability of each token, along the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    rated: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return rated


def _open(path: Path, n_threads: int, is_stepped: bool = False) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = n_threads, 1
    # No memory plans: one is kept for every shape, and each step has another.
    options.enable_mem_pattern = False
    # No memory arena: it would keep what the largest step took.
    options.enable_cpu_mem_arena = False
    # No spinning: threads that wait for each other would take twice the CPU time.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        network = unpack(path) if is_stepped else str(path)
        return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own kinds share no other base
        raise EngineError(str(path), f"can't be read ({error})", "install it anew") from error
