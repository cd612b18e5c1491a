"""A network that unpacks its weights once gives what it gave before."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from pipeline.models.packaged import require_folder
from pipeline.recognizers.moonshine.unpacked import unpack

N_FRAMES, N_DIMS = 50, 416


@pytest.fixture(scope="module")
def packed() -> Path:
    return require_folder() / "decoder_model_merged.ort"


@pytest.fixture(scope="module")
def unpacked(packed: Path) -> bytes:
    return unpack(packed)


def open_network(network: str | bytes, **options: object) -> Any:
    own = onnxruntime.SessionOptions()
    for name, value in options.items():
        setattr(own, name, value)
    return onnxruntime.InferenceSession(network, own, providers=["CPUExecutionProvider"])


def step(session: Any, tokens: list[int]) -> np.ndarray:
    """Logits of the first tokens of a text, for made-up sound."""
    rng = np.random.default_rng(1)
    sound = rng.normal(size=(1, N_FRAMES, N_DIMS)).astype(np.float32)
    given = {
        "input_ids": np.array([tokens], np.int64),
        "encoder_hidden_states": sound,
        "use_cache_branch": np.array([False]),
    }
    for node in session.get_inputs():
        if node.name not in given:
            given[node.name] = np.zeros((1, node.shape[1], 0, node.shape[3]), np.float32)
    logits: np.ndarray = session.run(["logits"], given)[0]
    return logits


def test_the_answers_stay(packed: Path, unpacked: bytes) -> None:
    before, after = (step(open_network(one), [1, 40, 300]) for one in (str(packed), unpacked))
    assert before.std() > 0.5
    np.testing.assert_allclose(after, before, atol=1e-3)


def test_nothing_is_unpacked_when_it_runs(unpacked: bytes, tmp_path: Path) -> None:
    retained = tmp_path / "kept.onnx"
    level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    before = Counter(node.op_type for node in onnx.load_from_string(unpacked).graph.node)
    open_network(unpacked, optimized_model_filepath=str(retained), graph_optimization_level=level)
    after = Counter(node.op_type for node in onnx.load(str(retained)).graph.node)
    assert before["Cast"] > 50
    assert after == {"If": 1}
