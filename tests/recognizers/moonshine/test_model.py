"""The network on a real voice."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.errors import EngineError
from pipeline.recognizers.moonshine.model import MoonshineModel
from pipeline.recognizers.moonshine.vocabulary import END
from tests.recognizers.moonshine.conftest import SPOKEN

N_TOKENS = 60


def words(text: str) -> list[str]:
    return "".join(char for char in text.lower() if char.isalpha() or char == " ").split()


def test_a_voice_is_written_down(model: MoonshineModel, beckett: Samples) -> None:
    (written,) = model.write(model.encode([beckett]), N_TOKENS)
    assert words(model.vocabulary.join(written.tokens)) == words(SPOKEN)
    assert written.is_ended


def test_sounds_in_a_batch_give_what_each_gives_alone(
    model: MoonshineModel, beckett: Samples
) -> None:
    half = beckett[: len(beckett) // 2]
    alone = model.write(model.encode([half]), N_TOKENS) + model.write(
        model.encode([beckett]), N_TOKENS
    )
    together = model.write(model.encode([half, beckett]), N_TOKENS)
    spoken = [
        [words(model.vocabulary.join(row.tokens)) for row in rows] for rows in (alone, together)
    ]
    assert spoken[0] == spoken[1]


def test_no_more_is_written_than_allowed(model: MoonshineModel, beckett: Samples) -> None:
    (written,) = model.write(model.encode([beckett]), 4)
    assert len(written.tokens) == 4
    assert not written.is_ended


def test_a_text_can_be_made_to_go_on(model: MoonshineModel) -> None:
    encoded = model.encode([np.zeros(SAMPLE_RATE_HZ, np.int16)])
    (ended,) = model.write(encoded, N_TOKENS)
    (made,) = model.write(encoded, N_TOKENS, n_least=2)
    assert not ended.tokens
    assert len(made.tokens) >= 2
    assert ended.silence == made.silence > 0.5
    assert made.log_probability < ended.log_probability


def test_a_spoken_word_is_likelier_than_another(model: MoonshineModel, beckett: Samples) -> None:
    encoded = model.encode([beckett])

    texts = (SPOKEN, SPOKEN.replace("fail better", "sail better"), "Something else.")
    tokens = [[*model.vocabulary.cut(" " + text), END] for text in texts]
    together = model.rate_texts(encoded, tokens)
    assert 0 > together[0] > together[1] > together[2]
    alone = [model.rate_texts(encoded, [text])[0] for text in tokens]
    np.testing.assert_allclose(together, alone, rtol=1e-3)


def test_a_file_that_is_no_model_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.bin").write_bytes(b"")
    (tmp_path / "encoder_model.ort").write_bytes(b"nothing")
    with pytest.raises(EngineError, match="can't be read"):
        MoonshineModel(tmp_path)
