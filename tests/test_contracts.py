"""One suite over every recogniser and every graph decoder of the catalog."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pipeline.aligners.catalog import load_graph_decoder
from pipeline.aligners.table import ALIGNERS
from pipeline.alignment.word_graph import build_graph
from pipeline.codec import write_record
from pipeline.contracts import (
    SAMPLE_RATE_HZ,
    EngineRequest,
    GraphDecoder,
    Hints,
    Recognition,
    Recognizer,
    Samples,
)
from pipeline.models.packaged import find_folder
from pipeline.recognizers.catalog import load_recognizer
from pipeline.recognizers.table import LISTENER, RECOGNIZERS
from pipeline.records import GARBAGE, RecognizedWord, Segment, Stretch, Transcript, WordGraph
from pipeline.speech.voice_activity import find_speech
from pipeline.verbalization.spoken_text import format_lines, speak_text

SECONDS = 7
START_TOLERANCE_MS = 60
N_WORDS = 16
"""Words of the talk's first sentence."""


def ignore(share: float) -> None:
    assert 0 <= share <= 1


@pytest.fixture(scope="module")
def opening(talk: Samples) -> Samples:
    """The first seconds of the talk."""
    return talk[: SECONDS * SAMPLE_RATE_HZ]


@pytest.fixture(scope="module")
def speech(opening: Samples) -> tuple[Stretch, ...]:
    return find_speech(opening)


# --- recognisers -------------------------------------------------------------------------------


@pytest.fixture(params=sorted(RECOGNIZERS), scope="module")
def recognizer(
    request: pytest.FixtureRequest, tiny_whisper: Path, tmp_path_factory: pytest.TempPathFactory
) -> Recognizer:
    if request.param == LISTENER and find_folder() is None:
        pytest.skip("no wheel of the model for this machine")
    script = tmp_path_factory.mktemp("script") / "transcript.json"
    words = (RecognizedWord("stand", 500, 900), RecognizedWord("on", 900, 1_000))
    segment = Segment(500, 1_000, words)
    write_record(script, Transcript("en", "scripted", "", (segment,), ()))
    models = {"faster_whisper": str(tiny_whisper), "scripted": str(script)}
    return load_recognizer(request.param, EngineRequest(model=models.get(request.param, "")))


@pytest.fixture(scope="module")
def shares(recognizer: Recognizer) -> list[float]:
    """The progress told while the opening was recognised."""
    return []


@pytest.fixture(scope="module")
def recognition(
    recognizer: Recognizer, opening: Samples, speech: tuple[Stretch, ...], shares: list[float]
) -> Recognition:
    return recognizer.transcribe(opening, speech, Hints("en"), shares.append)


def test_a_recogniser_says_who_it_is(recognition: Recognition) -> None:
    assert recognition.engine in RECOGNIZERS
    assert recognition.model
    assert recognition.device == "cpu"
    assert recognition.language == "en"


def test_words_come_in_order_inside_the_recording(recognition: Recognition) -> None:
    segments = recognition.segments
    words = [word for segment in segments for word in segment.words]
    assert words
    assert all(a.start_ms <= b.start_ms for a, b in pairwise(segments))
    assert all(word.end_ms <= SECONDS * 1000 for word in words)
    for segment in segments:
        assert all(a.start_ms <= b.start_ms for a, b in pairwise(segment.words))
        assert all(segment.start_ms <= word.start_ms < segment.end_ms for word in segment.words)


def test_words_are_words(recognition: Recognition) -> None:
    texts = [word.text for segment in recognition.segments for word in segment.words]
    assert all(text and text == text.strip() and text[0] not in "<[(" for text in texts)


def test_the_same_sound_gives_the_same_words(
    recognizer: Recognizer,
    recognition: Recognition,
    opening: Samples,
    speech: tuple[Stretch, ...],
) -> None:
    assert recognizer.transcribe(opening, speech, Hints("en"), ignore) == recognition


def test_a_language_not_told_is_found_out(recognizer: Recognizer, opening: Samples) -> None:
    sound = opening[: 2 * SAMPLE_RATE_HZ]
    assert recognizer.transcribe(sound, (Stretch(0, 2_000),), Hints(), ignore).language


@pytest.mark.parametrize("n_samples", [0, 1, 500, 2_000])
def test_hardly_any_sound_is_no_error(recognizer: Recognizer, n_samples: int) -> None:
    sound = np.zeros(n_samples, np.int16)
    assert recognizer.transcribe(sound, (), Hints("en", ("hello there",)), ignore)
    assert recognizer.transcribe(sound, (Stretch(0, 130),), Hints("en"), ignore)


def test_progress_is_told(recognition: Recognition, shares: list[float]) -> None:
    assert shares or recognition.engine == "scripted"
    assert all(0 <= share <= 1 for share in shares)


# --- graph decoders ----------------------------------------------------------------------------


MODELS = {"ctc": "tiny_ctc", "whisper": "tiny_whisper"}
"""Fixtures of the models that decoders are given."""
DEAF = {"whisper"}
"""Decoders whose model here hardly knows a word here: what they find has the right shape."""
READERS = {"whisper"}
"""Decoders that learned from written text, and read what is written; others know spoken words."""


def load_decoder(request: pytest.FixtureRequest) -> GraphDecoder:
    name = request.param
    model = str(request.getfixturevalue(MODELS[name])) if name in MODELS else ""
    return load_graph_decoder(name, EngineRequest(model=model, device="cpu", language="en"))


@pytest.fixture(params=sorted(set(ALIGNERS) - DEAF), scope="module")
def decoder(request: pytest.FixtureRequest) -> GraphDecoder:
    """Each decoder that can hear."""
    return load_decoder(request)


@pytest.fixture(params=sorted(ALIGNERS), scope="module")
def any_decoder(request: pytest.FixtureRequest) -> GraphDecoder:
    return load_decoder(request)


def graph_of(text: str, is_open: bool = False) -> WordGraph:
    return build_graph(speak_text(text.split(), "en").forms, 0, is_open).graph


@pytest.fixture(scope="module")
def sentence(opening: Samples, talk_words: list[tuple[str, int]]) -> Samples:
    """The talk's first sentence."""
    end_ms = talk_words[N_WORDS][1]
    return opening[: end_ms * SAMPLE_RATE_HZ // 1000]


def decode_windows(
    decoder: GraphDecoder, samples: Samples, graph: WordGraph
) -> list[tuple[str, int]]:
    """The words of the best path, and when they start; what is not in the text is none."""
    decoder.start_recording()
    path = decoder.decode(samples, graph)
    assert all(step.start_ms < step.end_ms for step in path)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(path))
    assert all(step.end_ms <= len(samples) * 1000 // SAMPLE_RATE_HZ + 10 for step in path)
    said = [(graph.arcs[step.arc].word or "", step.start_ms) for step in path]
    return [(word, start_ms) for word, start_ms in said if word != GARBAGE]


def test_what_was_said_is_found_where_it_was_said(
    decoder: GraphDecoder, sentence: Samples, talk_words: list[tuple[str, int]]
) -> None:
    text = " ".join(word for word, _ in talk_words[:N_WORDS])
    heard = decode_windows(decoder, sentence, graph_of(text))
    assert [word for word, _ in heard] == [word.lower().strip(",.") for word in text.split()]
    for (_, start_ms), (_, true_ms) in zip(heard, talk_words, strict=False):
        assert abs(start_ms - true_ms) <= START_TOLERANCE_MS


def test_a_word_too_many_is_skipped(
    decoder: GraphDecoder, sentence: Samples, talk_words: list[tuple[str, int]]
) -> None:
    words = [word for word, _ in talk_words[:N_WORDS]]
    heard = decode_windows(
        decoder, sentence, graph_of(" ".join([*words[:6], "parliament", *words[6:]]))
    )
    assert "parliament" not in dict(heard)
    assert len(heard) == N_WORDS


@pytest.mark.parametrize("n_unspoken", [30, 120])
def test_a_page_too_many_is_skipped(
    decoder: GraphDecoder,
    sentence: Samples,
    talk_words: list[tuple[str, int]],
    n_unspoken: int,
) -> None:
    words = [word for word, _ in talk_words[:N_WORDS]]
    page = [word for word, _ in talk_words[40 : 40 + n_unspoken]]
    heard = dict(
        decode_windows(decoder, sentence, graph_of(" ".join([*words[:8], *page, *words[8:]])))
    )
    true_ms = {word.lower().strip(",."): start_ms for word, start_ms in talk_words[:N_WORDS]}
    n_right = sum(
        abs(heard.get(word, -9_999) - start_ms) <= START_TOLERANCE_MS
        for word, start_ms in true_ms.items()
    )
    assert n_right >= 0.8 * len(true_ms)


def test_an_open_window_may_begin_and_end_anywhere_in_the_text(
    decoder: GraphDecoder, sentence: Samples, talk_words: list[tuple[str, int]]
) -> None:
    words = [word for word, _ in talk_words]
    text = " ".join([*words[60:90], *words[:N_WORDS], *words[90:120]])
    heard = decode_windows(decoder, sentence, graph_of(text, is_open=True))
    assert [word for word, _ in heard] == [w.lower().strip(",.") for w in words[:N_WORDS]]


def test_the_form_that_was_said_is_chosen(
    decoder: GraphDecoder, talk: Samples, talk_words: list[tuple[str, int]]
) -> None:
    number = next(i for i, (word, _) in enumerate(talk_words) if word == "1784,")
    first_ms = talk_words[number - 3][1] - 200
    last_ms = talk_words[number + 3][1]
    sound = talk[first_ms * 16 : last_ms * 16]
    text = " ".join(word for word, _ in talk_words[number - 3 : number + 3])
    heard = [word for word, _ in decode_windows(decoder, sound, graph_of(text))]
    assert "seventeen eighty four" in " ".join(heard)


@pytest.mark.parametrize("n_samples", [0, 1, 400, 1_600])
def test_too_little_sound_fits_no_path_and_does_no_harm(
    any_decoder: GraphDecoder,
    sentence: Samples,
    talk_words: list[tuple[str, int]],
    n_samples: int,
) -> None:
    graph = graph_of(" ".join(word for word, _ in talk_words[:N_WORDS]))
    before = decode_windows(any_decoder, sentence, graph)
    assert decode_windows(any_decoder, sentence[:n_samples], graph) == []
    assert before and decode_windows(any_decoder, sentence, graph) == before


def test_a_graph_without_words_is_no_error(any_decoder: GraphDecoder, sentence: Samples) -> None:
    assert decode_windows(any_decoder, sentence, graph_of("-- …")) == []


def test_after_another_recording_the_result_is_the_same(
    any_decoder: GraphDecoder,
    talk: Samples,
    sentence: Samples,
    talk_words: list[tuple[str, int]],
) -> None:
    graph = graph_of(" ".join(word for word, _ in talk_words[:N_WORDS]))
    before = decode_windows(any_decoder, sentence, graph)
    decode_windows(any_decoder, (talk[200_000:400_000] // 8).astype(np.int16), graph)
    assert decode_windows(any_decoder, sentence, graph) == before


def test_what_is_written_is_for_those_that_read_it(
    any_decoder: GraphDecoder, sentence: Samples, talk_words: list[tuple[str, int]]
) -> None:
    tokens = [word for word, _ in talk_words[:N_WORDS]]
    forms = speak_text(tokens, "en").forms
    spoken, written, shouted = (
        any_decoder.decode(sentence, build_graph(forms, 0, False, False, texts).graph)
        for texts in ((), tokens, [token.upper() for token in tokens])
    )
    assert spoken and written
    assert (spoken != written) == (written != shouted) == (any_decoder.name in READERS)


def test_a_decoder_says_who_it_is(any_decoder: GraphDecoder) -> None:
    assert any_decoder.name in ALIGNERS


# --- both together -----------------------------------------------------------------------------


def test_a_text_guides_the_embedded_recogniser(
    opening: Samples, speech: tuple[Stretch, ...], talk_words: list[tuple[str, int]]
) -> None:
    recognizer = load_recognizer("pocketsphinx", EngineRequest())
    lines = format_lines(speak_text([word for word, _ in talk_words], "en"))
    guided = recognizer.transcribe(opening, speech, Hints("en", lines), ignore)
    heard = [word.text for segment in guided.segments for word in segment.words]
    expected = [word.lower().strip(",.") for word, _ in talk_words[: len(heard)]]
    assert sum(a == b for a, b in zip(heard, expected, strict=True)) > 0.9 * len(heard)
