"""Words of speech that the small Whisper knows: one window or many at a time, noticed or not.

How well single sentences and long recordings come out is tested beside the model's own card.
"""

from pathlib import Path

import pytest

from benchmarks.tiny_whisper.score import Score
from pipeline.engines.base import SAMPLE_RATE_HZ, EngineRequest, Hints
from pipeline.engines.silero import find_speech
from pipeline.engines.whisper.recognizer import load
from pipeline.records import Stretch
from tests.tiny_whisper.spoken import VOICES, Spoken, join_spoken, say_sentences, score_words

TWO_POINTS = 0.02
RECOVERY_POINTS = 0.05
"""A cut stretch is heard a little worse than a whole window."""

pytestmark = pytest.mark.festival


@pytest.fixture(scope="module")
def spoken() -> Spoken:
    return join_spoken([part for voice in VOICES for part in say_sentences(voice)])


def hear(
    model: Path, spoken: Spoken, speech: tuple[Stretch, ...], batch_size: int = 1
) -> tuple[Score, tuple[Stretch, ...]]:
    request = EngineRequest(str(model), "cpu", "int8", batch_size=batch_size)
    heard = load(request).transcribe(spoken.samples, speech, Hints("en"), lambda share: None)
    words = [word for segment in heard.segments for word in segment.words]
    return score_words(spoken, words), heard.recovered


def test_several_windows_at_a_time_are_heard_as_well_as_one(
    tiny_whisper: Path, spoken: Spoken
) -> None:
    speech = find_speech(spoken.samples)
    one, _ = hear(tiny_whisper, spoken, speech)
    many, _ = hear(tiny_whisper, spoken, speech, batch_size=4)
    assert abs(many.wer - one.wer) <= TWO_POINTS


def test_speech_that_was_not_noticed_is_heard(tiny_whisper: Path, spoken: Spoken) -> None:
    speech = find_speech(spoken.samples)
    third_ms = len(spoken.samples) * 1000 // SAMPLE_RATE_HZ // 3
    noticed = tuple(one for one in speech if not third_ms < one.start_ms < 2 * third_ms)
    all_of_it, _ = hear(tiny_whisper, spoken, speech)
    score, recovered = hear(tiny_whisper, spoken, noticed)
    assert sum(one.end_ms - one.start_ms for one in recovered) > 0.7 * third_ms
    assert score.wer <= all_of_it.wer + RECOVERY_POINTS
