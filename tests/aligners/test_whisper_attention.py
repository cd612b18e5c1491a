"""Whisper's alignment, on a model that knows few words: what it is asked for, and what never."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer

from pipeline.aligners.whisper_attention import (
    WhisperDecoder,
    find_likeliest_arcs,
    load,
    split_marks,
)
from pipeline.alignment.word_graph import build_graph
from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Samples
from pipeline.errors import EngineError
from pipeline.recognizers.catalog import load_recognizer
from pipeline.records import Arc, ArcTime, WordGraph
from pipeline.verbalization.spoken_text import speak_text
from tests.tiny_whisper.spoken import Spoken, say_german, say_sentences

TEXT = "Stand on a beach for six hours"
SURE = -3.0
"""Of a word that Whisper would have written itself it is surer."""
LEAST_SHARE, NEAR_MS = 0.85, 120


def request(model: Path, language: str | None = "de") -> EngineRequest:
    return EngineRequest(str(model), "cpu", "int8", language=language)


@pytest.fixture(scope="module")
def decoder(tiny_whisper: Path) -> WhisperDecoder:
    return load(request(tiny_whisper))


def graph_of(text: str) -> WordGraph:
    return build_graph(speak_text(text.split(), "de").forms, 0, is_open=False).graph


def written_graph(text: str, language: str = "de") -> WordGraph:
    """The same, with the text as it is written."""
    tokens = text.split()
    return build_graph(speak_text(tokens, language).forms, 0, False, written=tokens).graph


def count_near(spoken: Spoken, graph: WordGraph, path: tuple[ArcTime, ...]) -> int:
    """The words that start about where they were said."""
    firsts = [arc for arc in find_likeliest_arcs(graph) if graph.arcs[arc].written]
    start_ms = {step.arc: step.start_ms for step in path}
    return sum(
        abs(start_ms.get(arc, -9_999) - 1000 * start_s) <= NEAR_MS
        for arc, (_, start_s, _) in zip(firsts, spoken.words, strict=True)
    )


def words_on(graph: WordGraph, arcs: tuple[int, ...]) -> list[str | None]:
    return [graph.arcs[arc].word for arc in arcs]


def test_the_likeliest_way_is_the_text_in_its_likeliest_forms() -> None:
    text = "Um 1984 -- kostete es $5."
    graph = graph_of(text)
    expected = list(speak_text(text.split(), "de").words)
    assert words_on(graph, find_likeliest_arcs(graph)) == expected


def test_an_open_window_has_no_other_text() -> None:
    forms = speak_text(TEXT.split(), "de").forms
    graph = build_graph(forms, 0, is_open=True).graph
    assert words_on(graph, find_likeliest_arcs(graph)) == TEXT.lower().split()


@pytest.mark.parametrize(
    "arcs",
    [
        (),
        (Arc(0, 1, 1.0, "a"),),
        (Arc(0, 1, 1.0, "a"), Arc(1, 0, 0.9), Arc(1, 2, 0.1, "b")),
    ],
)
def test_a_way_that_leads_nowhere_has_no_words(arcs: tuple[Arc, ...]) -> None:
    assert find_likeliest_arcs(WordGraph(3, 2, arcs)) == ()


def test_words_come_in_order_and_none_is_sure(decoder: WhisperDecoder, talk: Samples) -> None:
    graph = graph_of(TEXT)
    path = decoder.decode(talk[: 3 * SAMPLE_RATE_HZ], graph)
    assert path
    assert all(a.end_ms <= b.start_ms and a.arc < b.arc for a, b in pairwise(path))
    assert path[-1].end_ms <= 3_000
    assert all(step.score < -2 for step in path)


def test_times_are_those_that_faster_whisper_would_give(
    decoder: WhisperDecoder, tiny_whisper: Path, talk: Samples
) -> None:
    sound = talk[: 3 * SAMPLE_RATE_HZ]
    model = WhisperModel(str(tiny_whisper), "cpu", compute_type="int8", cpu_threads=1)
    tokenizer = Tokenizer(model.hf_tokenizer, True, "transcribe", "de")
    features = model.feature_extractor(sound.astype(np.float32) / 32768)
    (theirs,) = model.find_alignment(
        tokenizer, [tokenizer.encode(f" {TEXT.lower()}")], model.encode(pad_or_trim(features)), 300
    )
    graph = graph_of(TEXT)
    ours = {
        graph.arcs[step.arc].word: (step.start_ms, step.end_ms)
        for step in decoder.decode(sound, graph)
    }
    assert ours == {
        word["word"].strip(): (round(word["start"] * 1000), round(word["end"] * 1000))
        for word in theirs
        if word["start"] < word["end"]
    }


@pytest.mark.parametrize(
    ("language", "say"),
    [
        pytest.param("de", say_german, id="nouns"),
        pytest.param("en", lambda: say_sentences("kal"), marks=pytest.mark.festival, id="numbers"),
    ],
)
def test_capitals_and_digits_are_read_as_the_text_has_them(
    tiny_whisper: Path, language: str, say: Callable[[], tuple[Spoken, ...]]
) -> None:
    decoder = load(request(tiny_whisper, language))
    n_words = n_near = n_sure = 0
    for spoken in say():
        graph = written_graph(spoken.text, language)
        path = decoder.decode(spoken.samples, graph)
        n_words += len(spoken.words)
        n_near += count_near(spoken, graph, path)
        n_sure += sum(step.score >= SURE for step in path)
    assert n_near >= LEAST_SHARE * n_words
    assert n_sure >= LEAST_SHARE * n_words


def test_a_word_ends_where_its_marks_begin(tiny_whisper: Path) -> None:
    """The model writes a full stop in the pause behind a sentence."""
    decoder = load(request(tiny_whisper))
    for spoken in say_german()[:4]:
        sound = np.concatenate([spoken.samples, np.zeros(SAMPLE_RATE_HZ, np.int16)])
        last = decoder.decode(sound, written_graph(spoken.text))[-1]
        assert abs(last.end_ms - 1000 * spoken.words[-1][2]) <= 2 * NEAR_MS


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Haus", ("Haus", "")),
        ("„Haus“,", ("Haus", ",")),
        ('("don\'t!")', ("don't", "!")),
        ("so—", ("so", "")),
        ("¿Qué?!", ("Qué", "?!")),
        ("$40.", ("$40", ".")),
        ("70%,", ("70%", ",")),
        ("-5", ("-5", "")),
        ("「東京。」", ("東京", "。")),
        ("...", ("...", "")),
        ("", ("", "")),
    ],
)
def test_marks_are_not_said_and_those_of_pauses_are_read(
    written: str, expected: tuple[str, str]
) -> None:
    assert split_marks(written) == expected


def test_quotes_and_dashes_lead_nobody_astray(tiny_whisper: Path) -> None:
    """The model never saw any."""
    decoder = load(request(tiny_whisper))
    for spoken in say_german()[:4]:
        plain, marked = (
            decoder.decode(spoken.samples, written_graph(text))
            for text in (spoken.text, " ".join(f"“{word}—" for word in spoken.text.split()))
        )
        assert plain == marked


@pytest.mark.parametrize(
    ("ours", "theirs"), [("Mu\u0308ller", "M\u00fcller"), ("gibt’s", "gibt's")]
)
def test_the_same_letters_in_other_codes_are_the_same(
    decoder: WhisperDecoder, talk: Samples, ours: str, theirs: str
) -> None:
    sound = talk[: 3 * SAMPLE_RATE_HZ]
    one, other = (decoder.decode(sound, written_graph(f"Hier {word}.")) for word in (ours, theirs))
    assert one and one == other


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (31, TEXT),
        (1, TEXT * 3),
        (29, "x y z " * 150),
    ],
    ids=["sound over 30 s", "more text than can be said", "more tokens than places"],
)
def test_what_whisper_cannot_align_is_left_alone(
    decoder: WhisperDecoder, talk: Samples, seconds: int, text: str
) -> None:
    assert decoder.decode(talk[: seconds * SAMPLE_RATE_HZ], graph_of(text)) == ()


def test_the_language_is_part_of_the_question(tiny_whisper: Path, talk: Samples) -> None:
    sound, graph = talk[: 3 * SAMPLE_RATE_HZ], graph_of(TEXT)
    german, english = (
        load(request(tiny_whisper, language)).decode(sound, graph) for language in ("de", "en")
    )
    assert [step.score for step in german] != [step.score for step in english]


def test_the_recognisers_model_is_not_loaded_twice(
    tiny_whisper: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load_recognizer("faster_whisper", request(tiny_whisper, None))
    with caplog.at_level("INFO"):
        load(request(tiny_whisper))
    assert "loading" not in caplog.text


def test_a_language_whisper_does_not_know_is_one_line(tiny_whisper: Path) -> None:
    with pytest.raises(EngineError, match=r"whisper: 'xx' is not a valid language") as caught:
        load(request(tiny_whisper, "xx"))
    assert "\n" not in str(caught.value)


def test_a_model_that_is_not_here_is_never_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EngineError, match="model tiny is not on this machine; cuecast models get"):
        load(request(Path("tiny")))
