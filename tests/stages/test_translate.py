"""The translate stage, and what becomes of its words: captions in a second language."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.codec import read_record, write_record
from pipeline.errors import EngineError
from pipeline.records import RecognizedWord, Segment, Stretch, TimedText, Transcript
from tests.captions.reading import parse_vtt
from tests.stages.steps import Staged

ENGLISH = "The tide is out. Who would have thought so? It comes back at six."
GERMAN = "- [nora] Es ist Ebbe. Wer hätte das gedacht?\n- [emil] Um sechs kommt sie wieder."
START_MS, WORD_MS = 1_000, 400
SPEECH = (Stretch(1_000, 7_500),)


def decode_windows(staged: Staged, text: str, language: str, engine: str = "scripted") -> None:
    """What the transcribe stage would have sealed."""
    words = [
        RecognizedWord(word, START_MS + number * WORD_MS, START_MS + number * WORD_MS + 300)
        for number, word in enumerate(text.split())
    ]
    segment = Segment(words[0].start_ms, words[-1].end_ms, tuple(words))
    folder = staged.folder / "transcribe"
    folder.mkdir(exist_ok=True)
    transcript = Transcript(language, engine, "", (segment,), SPEECH)
    write_record(folder / "transcript.json", transcript)


def write_script(folder: Path, text: str, language: str = "de") -> str:
    """A transcript for the scripted engine."""
    words = tuple(
        RecognizedWord(word, START_MS + number * WORD_MS, START_MS + number * WORD_MS + 300)
        for number, word in enumerate(text.split())
    )
    segment = Segment(words[0].start_ms, words[-1].end_ms, words)
    path = folder / "english.json"
    write_record(path, Transcript(language, "scripted", "", (segment,), ()))
    return str(path)


@pytest.fixture
def german(spoken_talk: Staged, tmp_path: Path) -> Staged:
    """A talk heard in German, whose translation a script gives."""
    decode_windows(
        spoken_talk, "Es ist Ebbe. Wer hätte das gedacht? Um sechs kommt sie wieder.", "de"
    )
    script = write_script(tmp_path, ENGLISH)
    return spoken_talk.about(GERMAN).having(
        language="de", transcribe={"engine": "scripted", "model": script}, translate={"to": "en"},
        captions={"formats": ["vtt", "srt", "words", "ass", "hls", "txt"]},
    )  # fmt: skip


def read_words(staged: Staged) -> TimedText:
    return read_record(staged.folder / "translate" / "words.en.json", TimedText)


def caption(staged: Staged) -> Path:
    """Run what comes between; returns the folder of the captions."""
    for stage in ("translate", "align", "captions"):
        staged.run(stage)
    return staged.folder / "captions"


def test_the_words_of_the_translation_come_with_the_engines_times(german: Staged) -> None:
    context = german.run("translate")
    words = read_words(german)
    assert [word.text for word in words.words] == ENGLISH.split()
    assert [word.start_ms for word in words.words[:3]] == [1_000, 1_400, 1_800]
    assert (words.language, words.translated_from) == ("en", "de")
    assert context.used["engine"] == "scripted"


def test_captions_are_made_in_both_languages_each_in_its_files(german: Staged) -> None:
    folder = caption(german)
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "captions.vtt", "captions.srt", "words.vtt", "captions.ass", "hls", "transcript.txt",
        "lint.json", "captions.en.vtt", "captions.en.srt", "hls.en", "transcript.en.txt",
        "lint.en.json", "cues.json", "cues.en.json",
    }  # fmt: skip
    first, second = (
        parse_vtt((folder / name).read_text("utf-8"))
        for name in ("captions.vtt", "captions.en.vtt")
    )
    assert [cue.speaker for cue in first][:1] == ["nora"]
    assert " ".join(line for cue in second for line in cue.lines) == ENGLISH
    assert [cue.speaker for cue in second] == ["nora", "emil"]
    assert second[0].start_ms == START_MS
    assert (folder / "hls.en" / "captions.m3u8").read_text().startswith("#EXTM3U")
    assert "The tide" in (folder / "hls.en" / "captions-00000.vtt").read_text()
    assert json.loads((folder / "lint.en.json").read_text())["n_cues"] == len(second)


def test_a_recording_that_is_in_that_language_already_is_not_translated(
    german: Staged, caplog: pytest.LogCaptureFixture
) -> None:
    decode_windows(german, ENGLISH, "en")
    german.run("translate")
    assert not (german.folder / "translate" / "words.en.json").exists()
    assert "talk: is in 'en' already: not translated" in caplog.text


@pytest.mark.parametrize(
    ("transcribe", "translate", "problem"),
    [
        (
            {"engine": "pocketsphinx"},
            {},
            "pocketsphinx: can't translate; use `transcribe: {engine: f",
        ),
        (
            {"model": "acme/none"},
            {},
            "transcribe.model: acme/none is not on this machine; `cuecast models get acme/none`",
        ),
        ({}, {"model": "acme/none"}, "acme/none is not on this machine; `cuecast models get acme"),
        ({}, {"model": "/nowhere"}, "/nowhere: no such folder; check"),
    ],
)
def test_without_an_engine_that_translates_it_is_one_line(
    german: Staged, transcribe: dict[str, str], translate: dict[str, str], problem: str
) -> None:
    asked = german.having(transcribe=transcribe, translate={"to": "en", **translate})
    with pytest.raises(EngineError) as caught:
        asked.run("translate")
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("engine", ["auto", "pocketsphinx", "scripted"])
def test_whisper_translates_with_a_model_of_its_own(
    german: Staged, tiny_whisper: Path, engine: str
) -> None:
    """The small model knows no language: that it is asked in another way is all that shows."""
    asked = german.having(
        transcribe={"engine": engine, "device": "cpu"},
        translate={"to": "en", "model": str(tiny_whisper)},
    )
    context = asked.run("translate")
    assert context.used["engine"] == "faster_whisper"
    words = read_words(german)
    assert words.engine == "faster_whisper"
    assert words.words


# --- a translation instead of the words ----------------------------------------------------------


def test_a_transcript_may_be_a_translation_and_is_timed_by_the_recogniser_alone(
    german: Staged,
) -> None:
    asked = replace(german, text=None).having(translate={})
    transcribe = {**asked.options["transcribe"], "task": "translate"}  # type: ignore[dict-item]
    asked = asked.having(transcribe=transcribe)
    asked.run("transcribe")
    transcript = read_record(asked.folder / "transcribe" / "transcript.json", Transcript)
    assert transcript.language == "en"
    asked.run("align")
    words = read_record(asked.folder / "align" / "words.json", TimedText)
    assert (words.engine, words.language) == ("scripted", "en")
    assert words.translated_from == transcript.translated_from == "de"
    assert [word.start_ms for word in words.words[:2]] == [1_000, 1_400]
    with pytest.raises(EngineError, match="pocketsphinx: can't find a translation in the sound"):
        asked.having(align={"engine": "pocketsphinx"}).run("align")


def test_english_is_not_translated_into_english_but_timed_as_ever(
    spoken_talk: Staged, tmp_path: Path
) -> None:
    script = write_script(tmp_path, "Stand on a beach", language="en")
    asked = replace(spoken_talk, text=None).having(
        transcribe={"engine": "scripted", "model": script, "task": "translate"}
    )
    asked.run("transcribe")
    asked.run("align")
    words = read_record(asked.folder / "align" / "words.json", TimedText)
    assert (words.engine, words.translated_from) == ("pocketsphinx", None)


def test_a_text_is_no_translation(german: Staged) -> None:
    asked = german.having(transcribe={"engine": "scripted", "task": "translate"})
    with pytest.raises(EngineError, match="talk: has a text, which is no translation; leave the"):
        asked.run("transcribe")


def test_the_embedded_engine_can_not_translate(spoken_talk: Staged) -> None:
    asked = replace(spoken_talk, text=None).having(
        language="de", transcribe={"engine": "pocketsphinx", "task": "translate"}
    )
    with pytest.raises(EngineError, match="pocketsphinx: can't translate; use `transcribe: "):
        asked.run("transcribe")
