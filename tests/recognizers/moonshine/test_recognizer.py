"""Speech to words, by the network itself; and sounds that are none."""

import numpy as np
import numpy.typing as npt
import pytest

from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Hints, Recognition, Samples
from pipeline.errors import EngineError
from pipeline.recognizers.moonshine.recognizer import load
from pipeline.records import Stretch
from pipeline.speech.voice_activity import find_speech
from pipeline.text.bare_words import bare_word
from tests.recognizers.moonshine.conftest import SPOKEN

SECONDS = 6


def ignore(share: float) -> None:
    assert 0 <= share <= 1


def recognise(
    samples: Samples, *speech: Stretch, cpus: int = 1, hints: Hints | None = None
) -> Recognition:
    recognizer = load(EngineRequest(cpus=cpus))
    return recognizer.transcribe(samples, speech, hints or Hints(), ignore)


def text_of(recognition: Recognition) -> str:
    return " ".join(word.text for one in recognition.segments for word in one.words)


def test_a_real_voice_is_written_down_with_marks_and_capitals(beckett: Samples) -> None:
    found = recognise(beckett, *find_speech(beckett))
    assert (found.engine, found.model, found.language) == ("moonshine", "base-en", "en")
    assert [*map(bare_word, text_of(found).split())] == [*map(bare_word, SPOKEN.split())]
    assert (text_of(found)[0], text_of(found)[-1]) == (SPOKEN[0], SPOKEN[-1])
    assert not found.refused


def test_words_lie_in_the_speech_they_were_recognized_in(beckett: Samples) -> None:
    late = np.concatenate([np.zeros(5 * SAMPLE_RATE_HZ, np.int16), beckett])
    speech = find_speech(late)
    words = [word for one in recognise(late, *speech).segments for word in one.words]
    assert speech[0].start_ms <= words[0].start_ms
    assert words[-1].end_ms <= speech[-1].end_ms
    assert all(any(w.start_ms < s.end_ms and w.end_ms > s.start_ms for s in speech) for w in words)


def test_the_number_of_threads_and_the_hints_change_nothing(beckett: Samples) -> None:
    speech = find_speech(beckett)
    told = Hints("en", ("no matter",), prompt="Trial")
    assert recognise(beckett, *speech) == recognise(beckett, *speech, cpus=2, hints=told)


def seconds(make: npt.NDArray[np.float64]) -> Samples:
    return (make / np.abs(make).max() * 9_000).astype(np.int16)


TIME_S = np.arange(SECONDS * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
NOISE = np.random.default_rng(5).standard_normal(len(TIME_S))
CHORD = sum(np.sin(2 * np.pi * hz * TIME_S) for hz in (220, 277, 330, 440))
NO_SPEECH = {
    "white noise": NOISE,
    "gusts": NOISE * (1 + np.sin(2 * np.pi * 3 * TIME_S)),
    "tone": np.sin(2 * np.pi * 440 * TIME_S),
    "hum": sum(np.sin(2 * np.pi * 50 * step * TIME_S) / step for step in range(1, 8)),
    "music": CHORD * np.exp(-4 * (TIME_S % 0.5)),
    "clicks": np.where(TIME_S % 0.5 < 0.002, 1.0, 0.0),
}


@pytest.mark.parametrize("sound", sorted(NO_SPEECH))
def test_noise_and_music_give_no_text_even_if_taken_for_speech(sound: str) -> None:
    samples = seconds(np.asarray(NO_SPEECH[sound]))
    found = recognise(samples, Stretch(0, SECONDS * 1000))
    assert text_of(found) == ""
    assert all(one.reason in ("no speech", "unsure") for one in found.refused)


def test_another_language_is_one_line(beckett: Samples) -> None:
    with pytest.raises(EngineError, match="moonshine: knows English only, not 'de'; use `transcr"):
        recognise(beckett, hints=Hints("de"))
