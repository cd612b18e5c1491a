"""Sentence embeddings by a transformer in ONNX: similar meanings give close vectors.

The folder is that of a sentence-transformers model: `tokenizer.json`, and `model.onnx`, there or in
`onnx/`; optionally `1_Pooling/config.json` (pooling) and `sentence_bert_config.json` (the longest
sentence). Never the network.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import EngineError
from pipeline.models.devices import first_line
from pipeline.models.installed import find_model
from pipeline.models.kinds import SENTENCES, list_files

Vectors = npt.NDArray[np.float32]

MAX_TOKENS = 256
BATCH_SENTENCES = 32


@cache
def load_sentence_encoder(model: str, cpus: int) -> "OnnxSentenceEncoder":
    """The encoder of a folder or of a name in the hub's cache, loaded once per process.

    Raises:
        EngineError: it is not on this machine, or can't be used.
    """
    return OnnxSentenceEncoder(require_files(model), cpus)


def require_files(model: str) -> Path:
    """The folder of an encoder given by path or by name.

    Raises:
        EngineError: it is not on this machine, or lacks a file.
    """
    folder = find_model(model, SENTENCES)
    if folder is None:
        raise EngineError(f"embedder {model}", "is not on this machine", SENTENCES.remedy)
    return folder


class OnnxSentenceEncoder:
    """A loaded model.

    Each batch is run by one thread, so that results don't depend on their number.
    """

    def __init__(self, folder: Path, cpus: int) -> None:
        self._where = str(folder)
        self._cpus = cpus
        self._pools_first = _read_json(folder / "1_Pooling/config.json").get(
            "pooling_mode_cls_token", False
        )
        limit = _read_json(folder / "sentence_bert_config.json").get("max_seq_length", MAX_TOKENS)
        tokenizer, network, *_ = SENTENCES.choose(list_files(folder))
        self._tokenizer = _load_tokenizer(folder / tokenizer, int(limit))
        self._session = _load_session(folder / network)
        self._inputs = {node.name for node in self._session.get_inputs()}

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """(n_sentences, n_dims) unit vectors, one a sentence.

        Raises:
            EngineError: the model can't be run on its tokenizer's tokens.
        Cost: linear; some 150 sentences a second and core with a model of MiniLM's size.
        """
        order = sorted(range(len(sentences)), key=lambda n: (len(sentences[n]), n))
        batches = [
            order[first : first + BATCH_SENTENCES]
            for first in range(0, len(order), BATCH_SENTENCES)
        ]
        with ThreadPoolExecutor(self._cpus) as pool:
            found = list(pool.map(lambda b: self._encode([sentences[n] for n in b]), batches))
        vectors = np.zeros((len(sentences), found[0].shape[1] if found else 0), np.float32)
        for batch, part in zip(batches, found, strict=True):
            vectors[batch] = part
        return vectors

    def _encode(self, sentences: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(sentences)
        ids = np.asarray([each.ids for each in encoded], np.int64)
        mask = np.asarray([each.attention_mask for each in encoded], np.int64)
        fed = {
            "input_ids": ids,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(ids),
        }
        try:
            (output, *_) = self._session.run(
                None, {name: fed[name] for name in fed if name in self._inputs}
            )
        except Exception as error:  # onnxruntime's own kinds share no other base
            raise _refuse(self._where, error) from error
        pooled = self._pool(np.asarray(output, np.float32), mask)
        lengths = np.linalg.norm(pooled, axis=1, keepdims=True)
        return np.asarray(pooled / np.maximum(lengths, 1e-9), np.float32)

    def _pool(self, output: Vectors, mask: npt.NDArray[np.int64]) -> Vectors:
        """The mean over real tokens, or the first token's vector; some models pool themselves."""
        if output.ndim == 2:
            return output
        if self._pools_first:
            return output[:, 0]
        weights = mask[:, :, None].astype(np.float32)
        return np.asarray((output * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0))


def _load_tokenizer(path: Path, limit: int) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing more exact
        raise _refuse(str(path), error) from error
    tokenizer.enable_truncation(limit)
    tokenizer.enable_padding()
    return tokenizer


def _load_session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own kinds share no other base
        raise _refuse(str(path), error) from error


def _read_json(path: Path) -> dict[str, Any]:
    """A file of settings; an empty dict if it does not exist."""
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise _refuse(str(path), error) from error
    return found if isinstance(found, dict) else {}


def _refuse(where: str, error: Exception) -> EngineError:
    problem = f"can't be used ({first_line(error)[:200]})"
    return EngineError(f"embedder {where}", problem, SENTENCES.remedy)
