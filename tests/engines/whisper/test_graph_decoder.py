"""Whisper's alignment, on a model that knows few words: what it is asked for, and what never."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer

from pipeline.alignment.graph import build_graph
from pipeline.alignment.spoken_text import speak_text
from pipeline.engines.base import SAMPLE_RATE_HZ, EngineRequest, Samples
from pipeline.engines.catalog import load_recognizer
from pipeline.engines.whisper.graph_decoder import WhisperDecoder, find_likeliest_arcs, load
from pipeline.errors import EngineError
from pipeline.records import Arc, WordGraph

TEXT = "Stand on a beach for six hours"


def request(model: Path, language: str | None = "de") -> EngineRequest:
    return EngineRequest(str(model), "cpu", "int8", language=language)


@pytest.fixture(scope="module")
def decoder(tiny_whisper: Path) -> WhisperDecoder:
    return load(request(tiny_whisper))


def graph_of(text: str) -> WordGraph:
    return build_graph(speak_text(text.split(), "de").forms, 0, is_open=False).graph


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
