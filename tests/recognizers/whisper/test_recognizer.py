"""faster-whisper's real path: devices, types, languages, and models that can't be loaded."""

import shutil
from pathlib import Path

import ctranslate2
import pytest

from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Hints, Hotword, Samples
from pipeline.errors import EngineError
from pipeline.recognizers.whisper.model import DecodingOptions, LocalTranscriber, load_whisper
from pipeline.recognizers.whisper.recognizer import MOST_HOTWORDS, load, make_options
from pipeline.records import Stretch

HAS_GPU = ctranslate2.get_cuda_device_count() > 0


def ignore(share: float) -> None:
    pass


@pytest.fixture
def sound(talk: Samples) -> Samples:
    return talk[: 8 * SAMPLE_RATE_HZ]


@pytest.fixture(autouse=True)
def nothing_loaded() -> None:
    """What is loaded once a process is loaded in each test."""
    load_whisper.cache_clear()


def test_auto_takes_the_fastest_the_machine_has(
    tiny_whisper: Path, sound: Samples, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        recognizer = load(EngineRequest(model=str(tiny_whisper)))
    recognized = recognizer.transcribe(sound, (Stretch(0, 8_000),), Hints("en"), ignore)
    assert recognized.device == ("cuda" if HAS_GPU else "cpu")
    assert HAS_GPU or "on cpu as int8" in caplog.text


@pytest.mark.parametrize("compute_type", ["int8", "float32"])
def test_the_compute_type_asked_for_is_taken(
    tiny_whisper: Path, compute_type: str, caplog: pytest.LogCaptureFixture
) -> None:
    request = EngineRequest(model=str(tiny_whisper), device="cpu", compute_type=compute_type)
    with caplog.at_level("INFO"):
        load(request)
    assert f"on cpu as {compute_type}" in caplog.text


def test_hotwords_reach_the_model(tiny_whisper: Path, sound: Samples) -> None:
    request = EngineRequest(model=str(tiny_whisper), device="cpu")
    plain, hinted = (
        [*LocalTranscriber(request, 1).decode_windows([[sound]], DecodingOptions("en", hotwords))]
        for hotwords in (None, "Skarnholt Fundy")
    )
    assert hinted != plain


def test_a_prompt_comes_before_the_hotwords_of_every_window() -> None:
    hotwords = tuple(Hotword(word, ()) for word in ("Skarnholt", "Fundy"))
    told = [
        make_options("de", Hints("de", (), names, prompt, "translate"))
        for names, prompt in [
            ((), ""),
            (hotwords, ""),
            ((), " Of tides. "),
            (hotwords, "Of tides."),
        ]
    ]
    assert [options.hotwords for options in told] == [
        None, "Skarnholt Fundy", "Of tides.", "Of tides. Skarnholt Fundy",
    ]  # fmt: skip
    assert {(options.language, options.task) for options in told} == {("de", "translate")}


def test_of_many_hotwords_the_first_are_given_and_the_others_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    words = [f"name{number}" for number in range(MOST_HOTWORDS + 2)]
    hints = Hints("en", hotwords=tuple(Hotword(word, ()) for word in words))
    assert make_options("en", hints).hotwords == " ".join(words[:MOST_HOTWORDS])
    assert f"not {words[-2]}, {words[-1]}: long lists do harm" in caplog.text


def test_the_task_reaches_the_model(tiny_whisper: Path, sound: Samples) -> None:
    request = EngineRequest(model=str(tiny_whisper), device="cpu")
    written, translated = (
        [*LocalTranscriber(request, 1).decode_windows([[sound]], DecodingOptions("de", task=task))]
        for task in ("transcribe", "translate")
    )
    assert written != translated


def test_a_model_that_knows_english_only_can_not_translate(
    tiny_whisper: Path, sound: Samples, tmp_path: Path
) -> None:
    folder = tmp_path / "english"
    shutil.copytree(tiny_whisper, folder)
    tokens = (folder / "vocabulary.json").read_text()
    (folder / "vocabulary.json").write_text(tokens.replace('"",', '"<|startoflm|>",'))
    recognizer = load(EngineRequest(model=str(folder), device="cpu"))
    with pytest.raises(EngineError, match="knows English only, and can't translate into it; name"):
        recognizer.transcribe(sound, (Stretch(0, 8_000),), Hints(task="translate"), ignore)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_language_given_is_the_language_decoded(
    tiny_whisper: Path, sound: Samples, language: str
) -> None:
    recognizer = load(EngineRequest(model=str(tiny_whisper), device="cpu"))
    recognized = recognizer.transcribe(sound, (Stretch(0, 8_000),), Hints(language), ignore)
    assert recognized.language == language


def test_an_unknown_language_is_one_line(tiny_whisper: Path, sound: Samples) -> None:
    recognizer = load(EngineRequest(model=str(tiny_whisper), device="cpu"))
    with pytest.raises(EngineError, match="xx") as caught:
        recognizer.transcribe(sound, (Stretch(0, 8_000),), Hints("xx"), ignore)
    assert "\n" not in str(caught.value)


def test_times_lie_inside_the_recording(tiny_whisper: Path, talk: Samples) -> None:
    recognizer = load(EngineRequest(model=str(tiny_whisper), device="cpu"))
    for n_samples in (SAMPLE_RATE_HZ, 31 * SAMPLE_RATE_HZ, 30 * SAMPLE_RATE_HZ + 900):
        recognized = recognizer.transcribe(
            talk[:n_samples], (Stretch(0, 900),), Hints("en"), ignore
        )
        last_ms = n_samples * 1000 // SAMPLE_RATE_HZ
        assert all(segment.end_ms <= last_ms for segment in recognized.segments)


@pytest.mark.skipif(HAS_GPU, reason="this machine has a GPU")
def test_a_gpu_asked_for_and_not_there_is_one_line(tiny_whisper: Path) -> None:
    with pytest.raises(EngineError, match="can't be loaded on cuda") as caught:
        load(EngineRequest(model=str(tiny_whisper), device="cuda"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("model.bin", b""),
        ("model.bin", b"\0" * 64),
        ("config.json", b"{"),
        ("tokenizer.json", b"{"),
    ],
)
def test_a_broken_model_is_one_line(
    tiny_whisper: Path, tmp_path: Path, name: str, contents: bytes
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_whisper, folder)
    (folder / name).write_bytes(contents)
    with pytest.raises(EngineError, match="can't be loaded on cpu") as caught:
        load(EngineRequest(model=str(folder), device="cpu"))
    assert "\n" not in str(caught.value)


def test_a_compute_type_that_is_none_is_one_line(tiny_whisper: Path) -> None:
    request = EngineRequest(model=str(tiny_whisper), device="cpu", compute_type="float7")
    with pytest.raises(EngineError, match=r"can't be loaded on cpu .*float7"):
        load(request)


@pytest.mark.gpu
def test_a_gpu_computes_in_half_precision(
    tiny_whisper: Path, sound: Samples, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        recognizer = load(EngineRequest(model=str(tiny_whisper), device="cuda"))
    assert "on cuda as float16" in caplog.text
    recognized = recognizer.transcribe(sound, (Stretch(0, 8_000),), Hints("en"), ignore)
    assert recognized.device == "cuda"
