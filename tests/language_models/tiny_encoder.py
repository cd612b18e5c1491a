"""A sentence model as the hub has them, made by hand: a table of word vectors, in ONNX.

Real ONNX, a real tokenizer.json; what is tiny is that a word means its subject and nothing else.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


def make_encoder(
    folder: Path,
    subjects: Mapping[str, Sequence[str]],
    inputs: Sequence[str] = ("input_ids", "attention_mask", "token_type_ids"),
    pooling: str = "mean",
    is_deep: bool = False,
) -> Path:
    """Write a model whose words lie along their subject's axis; `is_deep` puts it into onnx/."""
    folder.mkdir(parents=True)
    words = [word for group in subjects.values() for word in group]
    tokens = [*SPECIAL, *words]
    table = np.zeros((len(tokens), 1 + len(subjects)), np.float32)
    table[: len(SPECIAL), 0] = (5.0, 0.01, 1.0, 1.0)  # padding that is not masked out shows
    for axis, group in enumerate(subjects.values(), 1):
        for word in group:
            table[tokens.index(word), axis] = 1.0
    _write_model(folder / "onnx/model.onnx" if is_deep else folder / "model.onnx", table, inputs)
    _write_tokenizer(folder / "tokenizer.json", tokens)
    (folder / "1_Pooling").mkdir()
    settings = {"pooling_mode_cls_token": pooling == "cls", "pooling_mode_mean_tokens": True}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(settings))
    return folder


def _write_model(path: Path, table: np.ndarray, inputs: Sequence[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    fed = [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "tokens"]) for n in inputs]
    shape = ["batch", "tokens", table.shape[1]]
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
        "encoder",
        fed,
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(path))


def _write_tokenizer(path: Path, tokens: Sequence[str]) -> None:
    vocabulary = {token: number for number, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    ends = [(name, vocabulary[name]) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=ends
    )
    tokenizer.save(str(path))
