"""What is decoded a second time, by a scripted network."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.recognizers.moonshine.passes import SILENCE_MS, decode_all
from pipeline.recognizers.moonshine.transcription import DecodedPiece
from pipeline.records import Progress, Stretch
from pipeline.speech.energy import Loudness

PIECES = (Stretch(0, 8_000), Stretch(9_000, 15_000), Stretch(16_000, 17_500))
FLAT = "and so we go on and on without any end to it"

Say = Callable[[Stretch, int], str]


class ScriptedDecoder:
    """Writes what `say` has for a piece and the silence before it; notes what it was asked."""

    def __init__(self, say: Say) -> None:
        self.asked: list[tuple[Stretch, int]] = []
        self._say = say

    def __call__(
        self, pieces: Sequence[Stretch], progress: Progress, silence_ms: int
    ) -> tuple[DecodedPiece, ...]:
        self.asked += [(piece, silence_ms) for piece in pieces]
        progress(1.0)
        words = (tuple(self._say(piece, silence_ms).split()) for piece in pieces)
        return tuple(
            DecodedPiece(piece, spoken, -0.1, 0.0, is_ended=True)
            for piece, spoken in zip(pieces, words, strict=True)
        )


@pytest.fixture(scope="module")
def loudness() -> Loudness:
    noise = np.random.default_rng(4).integers(-9_000, 9_000, 18 * SAMPLE_RATE_HZ)
    return Loudness(noise.astype(np.int16), PIECES)


def decode(loudness: Loudness, say: Say) -> tuple[list[str], ScriptedDecoder]:
    """The texts in order of time, and who decoded them."""
    decoder = ScriptedDecoder(say)
    shares: list[float] = []
    recognized = decode_all(decoder, PIECES, loudness, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    starts = [one.piece.start_ms for one in recognized]
    assert starts == sorted(starts)
    return [" ".join(one.words) for one in recognized], decoder


def test_what_is_well_is_decoded_once(loudness: Loudness) -> None:
    texts, decoder = decode(loudness, lambda piece, silence_ms: f"From {piece.start_ms} on.")
    assert texts == ["From 0 on.", "From 9000 on.", "From 16000 on."]
    assert decoder.asked == [(piece, 0) for piece in PIECES]


def test_a_loop_is_decoded_again_in_halves(
    loudness: Loudness, caplog: pytest.LogCaptureFixture
) -> None:
    def say(piece: Stretch, silence_ms: int) -> str:
        return "We go on. " * 9 if piece == PIECES[1] else "Well."

    with caplog.at_level("INFO"):
        texts, decoder = decode(loudness, say)
    assert texts == ["Well."] * 4
    (one, _), (other, _) = decoder.asked[3:]
    assert (one.start_ms, one.end_ms, other.end_ms) == (9_000, other.start_ms, 15_000)
    assert "1 of 3 windows looped and were decoded again in halves: 0 of 2" in caplog.text


def test_what_is_short_is_not_halved(loudness: Loudness) -> None:
    def say(piece: Stretch, silence_ms: int) -> str:
        return "We go on. " * 9 if piece == PIECES[2] else "Well."

    texts, decoder = decode(loudness, say)
    assert len(texts) == len(decoder.asked) == 3


def test_a_text_without_punctuation_takes_that_of_a_second_decoding(
    loudness: Loudness, caplog: pytest.LogCaptureFixture
) -> None:
    def say(piece: Stretch, silence_ms: int) -> str:
        marked = "And so he'll go on. And on, without any end to it."
        return marked if silence_ms and piece == PIECES[0] else FLAT

    with caplog.at_level("INFO"):
        texts, decoder = decode(loudness, say)
    assert texts == ["And so we go on. And on, without any end to it.", FLAT, FLAT]
    assert decoder.asked[3:] == [(piece, SILENCE_MS) for piece in PIECES]
    assert "3 of 3 pieces had no punctuation and were decoded again: 2 still" in caplog.text


def test_a_few_words_need_no_punctuation(loudness: Loudness) -> None:
    _, decoder = decode(loudness, lambda piece, silence_ms: "oh yes i see")
    assert len(decoder.asked) == 3
