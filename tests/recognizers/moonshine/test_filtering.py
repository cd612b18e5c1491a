"""Which words of the network are accepted."""

import numpy as np
import pytest

from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.recognizers.moonshine.filtering import filter_piece
from pipeline.recognizers.moonshine.transcription import DecodedPiece
from pipeline.records import Stretch
from pipeline.speech.energy import Loudness

PIECE = Stretch(0, 8_000)


@pytest.fixture(scope="module")
def loudness() -> Loudness:
    noise = np.random.default_rng(3).integers(-9_000, 9_000, 8 * SAMPLE_RATE_HZ)
    return Loudness(noise.astype(np.int16), (PIECE,))


def decode(
    text: str, log_probability: float, silence: float, is_ended: bool = True
) -> DecodedPiece:
    return DecodedPiece(PIECE, tuple(text.split()), log_probability, silence, is_ended)


@pytest.mark.parametrize(("log_probability", "silence"), [(-0.2, 0.0), (-0.9, 0.3), (-0.2, 0.95)])
def test_one_sign_of_speech_is_enough(
    loudness: Loudness, log_probability: float, silence: float
) -> None:
    segment, refusals = filter_piece(decode("Yes, I am.", log_probability, silence), loudness)
    assert segment
    assert [word.text for word in segment.words] == ["Yes,", "I", "am."]
    assert not refusals


@pytest.mark.parametrize(
    ("log_probability", "silence", "reason", "figure"),
    [(-0.7, 0.9, "no speech", 0.9), (-2.0, 0.9, "no speech", 0.9), (-1.5, 0.2, "unsure", -1.5)],
)
def test_words_for_noise_are_refused(
    loudness: Loudness, log_probability: float, silence: float, reason: str, figure: float
) -> None:
    segment, refusals = filter_piece(decode("Thank you.", log_probability, silence), loudness)
    assert segment is None
    (refused,) = refusals
    assert [word.text for word in refused.words] == ["Thank", "you."]
    assert (refused.reason, refused.figure) == (reason, figure)


def test_two_rounds_of_a_loop_are_accepted(loudness: Loudness) -> None:
    segment, refusals = filter_piece(decode("So " + "I see it " * 6 + "now.", -0.1, 0.0), loudness)
    assert segment
    assert " ".join(word.text for word in segment.words) == "So I see it I see it now."
    (refused,) = refusals
    assert (refused.reason, refused.figure, len(refused.words)) == ("loop", 6.0, 12)


def test_no_words_are_nothing(loudness: Loudness) -> None:
    segment, refusals = filter_piece(decode("", -0.2, 0.99), loudness)
    assert (segment, refusals) == (None, ())


def test_a_text_without_an_end_or_with_many_rounds_is_looped() -> None:
    assert decode("So it goes", -0.1, 0.0, is_ended=False).is_looped
    assert decode("I see it " * 6, -0.1, 0.0).is_looped
    assert not decode("No, no, no, no.", -0.1, 0.0).is_looped
