"""OpenAI's smallest models, from their packages: words, times, languages, and no words of noise."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from faster_whisper import WhisperModel
from rapidfuzz.distance import Levenshtein

from benchmarks.tiny_whisper import espeak
from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Hints, Recognition, Samples
from pipeline.errors import EngineError
from pipeline.models.model_packages import assemble, explain_lack, find_packaged
from pipeline.recognizers.whisper.recognizer import load
from pipeline.records import RecognizedWord, Stretch
from pipeline.speech.voice_activity import find_speech
from pipeline.text.bare_words import bare_word
from tests.sound_fixtures import make_applause, make_chords, make_noise

pytestmark = [pytest.mark.model_packages, pytest.mark.slow]

MOST_WRONG = 0.18
"""Of the talk's words: its voices are synthetic. The library's own modes have .17 to .2."""
MEDIAN_MS, P95_MS = 120, 450
"""Starts of words, before alignment."""

TEXTS = {
    "de": "Guten Morgen, meine Damen und Herren. Heute sprechen wir über das Wetter und die Berge"
    " im Süden. Morgen wird es regnen, und am Abend fällt Schnee.",
    "es": "Buenos días a todos. Hoy hablamos del tiempo y de las montañas del sur. Mañana va a"
    " llover, y por la noche va a nevar.",
    "it": "Buongiorno a tutti. Oggi parliamo del tempo e delle montagne del sud. Domani pioverà, e"
    " la sera nevicherà.",
}


def ignore(share: float) -> None:
    pass


@pytest.fixture(scope="module", params=["base", "tiny.en"])
def model(request: pytest.FixtureRequest) -> str:
    return require(request.param)


@pytest.fixture(scope="module")
def base() -> str:
    """The model that knows other languages."""
    return require("base")


def require(name: str) -> str:
    """The folder of a model, if its packages are installed."""
    row = find_packaged(name)
    assert row
    folder = assemble(row)
    if folder is None:
        pytest.skip(f"{explain_lack(row)}: {row.command}")
    return str(folder)


def transcribe(
    model: str, samples: Samples, hints: Hints | None = None, batch_size: int = 1
) -> Recognition:
    request = EngineRequest(model, "cpu", batch_size=batch_size, cpus=2)
    return load(request).transcribe(samples, find_speech(samples), hints or Hints(), ignore)


def words_of(recognition: Recognition) -> list[RecognizedWord]:
    return [word for segment in recognition.segments for word in segment.words]


def plain(texts: Sequence[str]) -> list[str]:
    return [bare_word(text) for text in texts if bare_word(text)]


def test_words_and_their_times_are_right(
    model: str, talk: Samples, talk_words: list[tuple[str, int]]
) -> None:
    recognition = transcribe(model, talk)
    words = [word for word in words_of(recognition) if bare_word(word.text)]
    said, heard = plain([text for text, _ in talk_words]), plain([word.text for word in words])
    assert recognition.language == "en"
    assert Levenshtein.distance(said, heard) <= MOST_WRONG * len(said)
    offs_ms = [
        abs(talk_words[edit.src_start + number][1] - words[edit.dest_start + number].start_ms)
        for edit in Levenshtein.opcodes(said, heard)
        if edit.tag == "equal"
        for number in range(edit.src_end - edit.src_start)
    ]
    assert np.median(offs_ms) <= MEDIAN_MS
    assert np.percentile(offs_ms, 95) <= P95_MS


def test_words_hardly_depend_on_the_batch_and_are_as_right_as_those_of_sequential_decoding(
    model: str, talk: Samples, talk_words: list[tuple[str, int]]
) -> None:
    alone, batched = (
        plain([word.text for word in words_of(transcribe(model, talk, Hints("en"), batch_size))])
        for batch_size in (1, 3)
    )
    library = WhisperModel(model, "cpu", compute_type="int8")
    segments, _ = library.transcribe(
        talk.astype(np.float32) / 32768, language="en", temperature=0.0
    )
    sequential = plain(" ".join(segment.text for segment in segments).split())
    said = plain([text for text, _ in talk_words])
    assert Levenshtein.distance(alone, batched) <= 1
    assert Levenshtein.distance(said, alone) <= Levenshtein.distance(said, sequential)


def test_silence_chords_noise_and_applause_give_no_words(model: str, talk: Samples) -> None:
    sounds = [
        np.zeros(20 * SAMPLE_RATE_HZ, np.int16), make_chords(), make_noise(1_500), make_applause(),
    ]  # fmt: skip
    for sound in sounds:
        speech = (*find_speech(sound), Stretch(0, len(sound) * 1000 // SAMPLE_RATE_HZ))
        recognizer = load(EngineRequest(model, "cpu", cpus=2))
        for part in speech:
            assert not words_of(recognizer.transcribe(sound, (part,), Hints("en"), ignore))


def test_between_applause_and_music_there_are_the_words_of_the_talk_alone(
    model: str, talk: Samples, talk_words: list[tuple[str, int]]
) -> None:
    spoken = talk[: 20 * SAMPLE_RATE_HZ]
    before = np.concatenate([make_applause(), make_noise(300)])
    samples = np.concatenate([before, spoken, make_chords(), make_applause()])
    start_ms = len(before) * 1000 // SAMPLE_RATE_HZ
    words = words_of(transcribe(model, samples, Hints("en")))
    said = plain([text for text, at_ms in talk_words if at_ms < 19_000])
    assert Levenshtein.distance(said, plain([word.text for word in words])) <= 0.15 * len(said)
    assert all(start_ms <= word.start_ms < start_ms + 20_200 for word in words)


@pytest.fixture(scope="module")
def foreign() -> dict[str, Samples]:
    """eSpeak's voices, in a process of their own: it starts in one way a process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        return {code: apart.submit(say, code, text).result() for code, text in TEXTS.items()}


def say(code: str, text: str) -> Samples:
    speech = espeak.speak(text.split(), f"{code}+f2", 1.1)
    return (speech.samples * 32767).astype(np.int16)


@pytest.mark.parametrize("code", TEXTS)
def test_a_language_that_nobody_named_is_found_and_written(
    base: str, foreign: dict[str, Samples], code: str
) -> None:
    recognition = transcribe(base, foreign[code])
    assert recognition.language == code
    said, heard = plain(TEXTS[code].split()), plain([w.text for w in words_of(recognition)])
    assert Levenshtein.distance(said, heard) <= 0.6 * len(said)


def test_a_greeting_in_another_language_does_not_decide(
    base: str, foreign: dict[str, Samples], talk: Samples
) -> None:
    greeting = np.concatenate([foreign["de"]] * 3)
    assert transcribe(base, greeting).language == "de"
    assert transcribe(base, np.concatenate([greeting, talk])).language == "en"


def test_the_english_model_refuses_other_languages(talk: Samples) -> None:
    with pytest.raises(EngineError, match="knows English only, not 'de'; name another model"):
        transcribe(require("tiny.en"), talk[:SAMPLE_RATE_HZ], Hints("de"))
