"""Sentence models in ONNX: pooled as they say, by any number of threads, refused in one line."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import EngineError
from pipeline.language_models.sentence_encoder import (
    OnnxSentenceEncoder,
    load_sentence_encoder,
    require_files,
)
from tests.language_models.tiny_encoder import make_encoder

SUBJECTS = {"sea": ["boat", "sail", "tide"], "food": ["bread", "oven", "flour"]}
SPOKEN = ["Boat sail tide.", "A boat.", "Bread, oven; flour!", "", "tide " * 400]


def encode(folder: Path, spoken: list[str], cpus: int = 1) -> np.ndarray:
    return OnnxSentenceEncoder(folder, cpus).encode(spoken)


def test_sentences_that_mean_the_like_lie_close(tmp_path: Path) -> None:
    vectors = encode(make_encoder(tmp_path / "model", SUBJECTS), SPOKEN)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    alike = vectors @ vectors.T
    assert alike[0, 1] > 0.7
    assert alike[0, 2] < 0.5


def test_padding_changes_nothing(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "model", SUBJECTS)
    alone = np.concatenate([encode(folder, [sentence]) for sentence in SPOKEN])
    assert np.allclose(alone, encode(folder, SPOKEN), atol=1e-6)


def test_the_threads_change_nothing(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "model", SUBJECTS)
    many = [f"{'boat ' * (n % 7)}oven" for n in range(200)]
    assert (encode(folder, many, cpus=1) == encode(folder, many, cpus=4)).all()


def test_a_model_is_pooled_as_it_says(tmp_path: Path) -> None:
    first = encode(make_encoder(tmp_path / "cls", SUBJECTS, pooling="cls"), SPOKEN)
    assert np.allclose(first, first[0])  # the first token is the same one everywhere


@pytest.mark.parametrize("inputs", [("input_ids",), ("input_ids", "attention_mask")])
def test_a_model_is_given_what_it_takes(tmp_path: Path, inputs: tuple[str, ...]) -> None:
    whole = encode(make_encoder(tmp_path / "whole", SUBJECTS), SPOKEN)
    less = encode(make_encoder(tmp_path / "less", SUBJECTS, inputs=inputs, is_deep=True), SPOKEN)
    assert np.allclose(whole, less)


def test_a_sentence_is_cut_to_what_the_model_takes(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "model", SUBJECTS)
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 6}')
    cut, short = encode(folder, ["boat boat boat boat bread bread bread", "boat boat boat boat"])
    assert np.allclose(cut, short)


def test_no_sentences_are_no_vectors(tmp_path: Path) -> None:
    assert encode(make_encoder(tmp_path / "model", SUBJECTS), []).shape[0] == 0


def test_a_name_in_the_hubs_cache_is_found_without_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = tmp_path / "models--org--tiny"
    make_encoder(repo / "snapshots" / "abc", SUBJECTS, is_deep=True)
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text("abc")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    assert OnnxSentenceEncoder(require_files("org/tiny"), 1).encode(["boat"]).shape == (1, 3)
    with pytest.raises(EngineError, match="embedder org/other: is not on this machine; name one"):
        require_files("org/other")


def test_what_is_no_model_is_refused_in_one_line(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "model", SUBJECTS)
    cases = {
        "model.onnx": "model.onnx missing; name one that holds",
        "tokenizer.json": "tokenizer.json missing; name one that holds",
    }
    for name, problem in cases.items():
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(b"{ nonsense")
        with pytest.raises(EngineError, match="can't be used") as caught:
            load_sentence_encoder(str(folder), 1)
        assert "\n" not in str(caught.value)
        (folder / name).unlink()
        with pytest.raises(EngineError, match=problem):
            load_sentence_encoder(str(folder), 1)
        (folder / name).write_bytes(whole)
    for missing, problem in ((str(tmp_path / "nowhere"), "no such folder"), ("no", "is not on")):
        with pytest.raises(EngineError, match=problem):
            load_sentence_encoder(missing, 1)
