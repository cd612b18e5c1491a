"""Words of speech that the small Whisper knows: one window or many at a time, noticed or not.

How well single sentences and long recordings come out is tested beside the model's own card.
"""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from faster_whisper import BatchedInferencePipeline, WhisperModel

from benchmarks.tiny_whisper.score import Score, normalise
from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Hints
from pipeline.recognizers.whisper.recognizer import load
from pipeline.records import RecognizedWord, Stretch
from pipeline.speech.voice_activity import find_speech
from tests.tiny_whisper.spoken import VOICES, Spoken, join_spoken, say_sentences, score_words

TWO_POINTS = 0.02
REPEATED_POINTS = 0.02
RECOVERY_POINTS = 0.03
"""A cut stretch is decoded a little worse than a whole window, and the same words in other windows
better or worse."""
PHRASE_WORDS = 3
COMPUTE_TYPE = "float32"
"""What int8 gives depends on the processor's instructions, and chance is worth two points here."""

pytestmark = pytest.mark.festival


@pytest.fixture(scope="module")
def spoken() -> Spoken:
    return join_spoken([part for voice in VOICES for part in say_sentences(voice)])


def decode_windows(
    model: Path, spoken: Spoken, speech: tuple[Stretch, ...], batch_size: int = 1
) -> tuple[Score, tuple[Stretch, ...]]:
    request = EngineRequest(str(model), "cpu", COMPUTE_TYPE, batch_size=batch_size)
    heard = load(request).transcribe(spoken.samples, speech, Hints("en"), lambda share: None)
    words = [word for segment in heard.segments for word in segment.words]
    return score_words(spoken, words), heard.recovered


@pytest.fixture(scope="module")
def score(tiny_whisper: Path, spoken: Spoken) -> Score:
    """What the engine decodes of it."""
    return decode_windows(tiny_whisper, spoken, find_speech(spoken.samples))[0]


@pytest.mark.parametrize("way", ["batched", "sequential"])
def test_words_are_as_right_as_the_librarys_own(
    way: str, tiny_whisper: Path, spoken: Spoken, score: Score
) -> None:
    model = WhisperModel(str(tiny_whisper), device="cpu", compute_type=COMPUTE_TYPE, cpu_threads=1)
    found, _ = (BatchedInferencePipeline(model) if way == "batched" else model).transcribe(
        spoken.samples.astype(np.float32) / 32768,
        language="en",
        vad_filter=True,
        word_timestamps=True,
        temperature=0.0,
        condition_on_previous_text=False,
    )
    words = [
        RecognizedWord(word.word.strip(), round(1000 * word.start), round(1000 * word.end) + 1)
        for segment in found
        for word in segment.words
    ]
    assert len(words) > len(spoken.words) / 2
    assert score.wer <= score_words(spoken, words).wer + TWO_POINTS


def test_a_sentence_that_is_spoken_again_is_decoded_again(tiny_whisper: Path) -> None:
    """And what was spoken once is not taken for its echo."""
    again = join_spoken([part for part in say_sentences("ked") for _ in range(2)], pause_s=0.3)
    once, _ = decode_windows(
        tiny_whisper, *listen_to(join_spoken(say_sentences("ked"), pause_s=0.3))
    )
    twice, _ = decode_windows(tiny_whisper, *listen_to(again))
    assert twice.wer <= once.wer + REPEATED_POINTS


def listen_to(spoken: Spoken) -> tuple[Spoken, tuple[Stretch, ...]]:
    return spoken, find_speech(spoken.samples)


def test_no_phrase_is_decoded_more_often_than_it_was_spoken(
    tiny_whisper: Path, spoken: Spoken
) -> None:
    request = EngineRequest(str(tiny_whisper), "cpu", COMPUTE_TYPE)
    speech = find_speech(spoken.samples)
    heard = load(request).transcribe(spoken.samples, speech, Hints("en"), lambda share: None)
    texts = [normalise(word.text) for segment in heard.segments for word in segment.words]
    said = count_phrases([word for word, _, _ in spoken.words])
    assert not {
        phrase: count
        for phrase, count in count_phrases(texts).items()
        if phrase in said and count > said[phrase]
    }


def count_phrases(texts: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(texts[at:] for at in range(PHRASE_WORDS)), strict=False))


def test_windows_in_a_batch_are_decoded_as_well_as_one(tiny_whisper: Path, spoken: Spoken) -> None:
    speech = find_speech(spoken.samples)
    one, _ = decode_windows(tiny_whisper, spoken, speech)
    many, _ = decode_windows(tiny_whisper, spoken, speech, batch_size=4)
    assert abs(many.wer - one.wer) <= TWO_POINTS


def test_undetected_speech_is_decoded(tiny_whisper: Path, spoken: Spoken) -> None:
    speech = find_speech(spoken.samples)
    third_ms = len(spoken.samples) * 1000 // SAMPLE_RATE_HZ // 3
    noticed = tuple(one for one in speech if not third_ms < one.start_ms < 2 * third_ms)
    all_of_it, _ = decode_windows(tiny_whisper, spoken, speech)
    score, recovered = decode_windows(tiny_whisper, spoken, noticed)
    assert sum(one.end_ms - one.start_ms for one in recovered) > 0.7 * third_ms
    assert score.wer <= all_of_it.wer + RECOVERY_POINTS
