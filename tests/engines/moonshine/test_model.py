"""The network on a real voice."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.engines.base import Samples
from pipeline.engines.moonshine.model import MoonshineModel
from pipeline.errors import EngineError
from tests.engines.moonshine.conftest import SAID

N_TOKENS = 60


def words(text: str) -> list[str]:
    return "".join(char for char in text.lower() if char.isalpha() or char == " ").split()


def test_a_voice_is_written_down(model: MoonshineModel, beckett: Samples) -> None:
    (tokens,) = model.write(model.encode([beckett]), N_TOKENS)
    assert words(model.vocabulary.join(tokens)) == words(SAID)


def test_sounds_side_by_side_say_what_each_says_alone(
    model: MoonshineModel, beckett: Samples
) -> None:
    half = beckett[: len(beckett) // 2]
    alone = model.write(model.encode([half]), N_TOKENS) + model.write(
        model.encode([beckett]), N_TOKENS
    )
    together = model.write(model.encode([half, beckett]), N_TOKENS)
    said = [[words(model.vocabulary.join(row)) for row in rows] for rows in (alone, together)]
    assert said[0] == said[1]


def test_no_more_is_written_than_allowed(model: MoonshineModel, beckett: Samples) -> None:
    (tokens,) = model.write(model.encode([beckett]), 4)
    assert len(tokens) == 4


def test_what_was_said_is_likelier_than_another_word(
    model: MoonshineModel, beckett: Samples
) -> None:
    encoded = model.encode([beckett])

    def rate(said: str) -> float:
        tokens = model.vocabulary.cut(" " + said)
        rated = model.rate(encoded, tokens)
        return float(sum(rated[at, token] for at, token in enumerate(tokens)))

    assert rate(SAID) > rate(SAID.replace("fail better", "sail better")) > rate("Something else.")


def test_rates_are_log_probabilities(model: MoonshineModel, beckett: Samples) -> None:
    rated = model.rate(model.encode([beckett]), model.vocabulary.cut(" Ever tried"))
    assert len(rated) == len(model.vocabulary.cut(" Ever tried")) + 1
    np.testing.assert_allclose(np.exp(rated).sum(axis=1), 1, rtol=1e-4)


def test_a_file_that_is_no_model_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.bin").write_bytes(b"")
    (tmp_path / "encoder_model.ort").write_bytes(b"nothing")
    with pytest.raises(EngineError, match="can't be read"):
        MoonshineModel(tmp_path)
