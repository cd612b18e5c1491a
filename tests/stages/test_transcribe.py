"""The transcribe stage: what an engine hears, in the player's time."""

import contextlib
import json
import shutil
import wave
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from pipeline.codec import read_record, write_record
from pipeline.errors import CuecastError, EngineError, MediaError
from pipeline.job.executors import make_executor
from pipeline.models.packaged import find_folder
from pipeline.records import RecognizedWord, Segment, Transcript
from tests.patience import PATIENCE_S
from tests.stages.steps import Staged, read_media, read_truth

TINY_WHISPER = Path(__file__).parents[1] / "tiny_whisper" / "model"
ANCHOR_TOLERANCE_MS = 100
"""First-pass times only have to be near."""
FAR_OFF = 10**9
"""The library looks attention layers up unchecked: this one lies outside of all memory."""


def transcribe(staged: Staged) -> Transcript:
    staged.run("transcribe")
    return read_record(staged.folder / "transcribe" / "transcript.json", Transcript)


def write_script(folder: Path, *words: RecognizedWord) -> str:
    """A transcript for the scripted engine; returns its path."""
    path = folder / "heard.json"
    segment = Segment(words[0].start_ms, words[-1].end_ms, words)
    write_record(path, Transcript("en", "scripted", "", (segment,), ()))
    return str(path)


def plain(word: str) -> str:
    return word.lower().strip(".,?!")


def cut_sound(staged: Staged, seconds: float, keep_sound: bool = True) -> None:
    """Leave the first seconds of the recording, or silence as long as they are."""
    path = staged.folder / "ingest" / "audio.wav"
    with wave.open(str(path)) as file:
        n_samples = int(file.getframerate() * seconds)
        sound = file.readframes(n_samples) if keep_sound else bytes(2 * n_samples)
        parameters = file.getparams()
    with wave.open(str(path), "wb") as file:
        file.setparams(parameters)
        file.writeframes(sound)
    media = replace(read_media(staged.folder), n_samples=n_samples)
    write_record(staged.folder / "ingest" / "media.json", media)


def test_what_was_heard_is_in_the_players_time(spoken_talk: Staged, tmp_path: Path) -> None:
    model = write_script(
        tmp_path, RecognizedWord("stand", 921, 1_300), RecognizedWord("on", 1_337, 1_450)
    )
    heard = transcribe(spoken_talk.having(transcribe={"engine": "scripted", "model": model}))
    assert read_media(spoken_talk.folder).sound_start_ms == 400
    assert [word.start_ms for word in heard.segments[0].words] == [921, 1_337]
    assert heard.segments[0].start_ms == 921


def test_speech_is_noted_in_the_players_time(spoken_talk: Staged, tmp_path: Path) -> None:
    model = write_script(tmp_path, RecognizedWord("stand", 921, 1_300))
    heard = transcribe(spoken_talk.having(transcribe={"engine": "scripted", "model": model}))
    first, last = read_truth("talk")[0], read_truth("talk")[-1]
    assert abs(heard.speech[0].start_ms - first["start_ms"]) < 200
    assert abs(heard.speech[-1].end_ms - last["end_ms"]) < 600


def test_the_embedded_engine_guided_by_the_text_hears_nearly_all_of_it(
    spoken_talk: Staged,
) -> None:
    context = spoken_talk.having(transcribe={"engine": "pocketsphinx"}).run("transcribe")
    assert context.used == {"engine": "pocketsphinx", "model": "en-us", "device": "cpu"}
    heard = read_record(spoken_talk.folder / "transcribe" / "transcript.json", Transcript)
    starts = {(word.text, word.start_ms) for one in heard.segments for word in one.words}
    truth = [word for word in read_truth("talk") if word["text"].isalpha()]
    n_recognized = sum(
        any(
            text == word["text"].lower() and abs(ms - word["start_ms"]) <= ANCHOR_TOLERANCE_MS
            for text, ms in starts
        )
        for word in truth
    )
    assert n_recognized > 0.9 * len(truth)


def test_without_a_text_words_come_out_too(spoken_talk: Staged) -> None:
    cut_sound(spoken_talk, 6)
    staged = replace(spoken_talk.having(transcribe={"engine": "pocketsphinx"}), text=None)
    heard = [word.text for segment in transcribe(staged).segments for word in segment.words]
    assert {"stand", "beach", "hours"} & set(heard)


@pytest.mark.skipif(find_folder() is None, reason="no wheel of the model for this machine")
def test_without_a_text_and_a_model_moonshine_writes_sentences(
    spoken_talk: Staged, caplog: pytest.LogCaptureFixture
) -> None:
    cut_sound(spoken_talk, 12)
    asked = replace(spoken_talk, text=None).having(
        transcribe={"hotwords": ["tide"], "prompt": "So"}
    )
    with caplog.at_level("INFO"):
        context = asked.run("transcribe")
    assert context.used == {"engine": "moonshine", "model": "base-en", "device": "cpu"}
    heard = read_record(asked.folder / "transcribe" / "transcript.json", Transcript)
    words = [word for segment in heard.segments for word in segment.words]
    said = [plain(word["text"]) for word in read_truth("talk") if word["end_ms"] < 12_000]
    assert len(set(said) & {plain(word.text) for word in words}) > 0.8 * len(set(said))
    assert words[0].text[0].isupper()
    assert words[-1].text[-1] in ".,?"
    assert abs(words[0].start_ms - read_truth("talk")[0]["start_ms"]) < 200
    for option in ("prompt", "hotwords"):
        assert f"moonshine takes no {option}: transcribe.{option} " in caplog.text


def test_hotwords_are_listened_for_as_the_vocabulary_says_them(spoken_talk: Staged) -> None:
    cut_sound(spoken_talk, 3)
    options = {"engine": "pocketsphinx", "hotwords": ["Q-X of", "(qx2)"]}
    vocabulary = {"Q-X": "stand on", "qx2": "S IH1 K S AW1 ER0 Z"}
    staged = spoken_talk.having(transcribe=options, align={"vocabulary": vocabulary})
    heard = transcribe(replace(staged, text=None))
    words = [word.text for segment in heard.segments for word in segment.words]
    assert words[0] == "Q-X"
    assert "qx2" in words


TEXT = "and so we met Kuznetsov there, and all the others who came along"


@pytest.mark.parametrize(
    ("text", "told"), [(None, "Q-X, of, xAI"), (TEXT, "Q-X, of")], ids=["no text", "text"]
)
def test_whisper_is_told_hotwords_and_without_a_text_the_vocabulary(
    spoken_talk: Staged, caplog: pytest.LogCaptureFixture, text: str | None, told: str
) -> None:
    cut_sound(spoken_talk, 3)
    options = {"model": str(TINY_WHISPER), "device": "cpu", "hotwords": ["(Q-X) of"]}
    asked = spoken_talk.having(transcribe=options, align={"vocabulary": {"xAI": "x a i"}})
    with caplog.at_level("INFO"):
        transcribe(asked.about(text) if text else replace(asked, text=None))
    assert f"listening for {told}" in caplog.messages


def test_what_whisper_is_told_is_told_in_every_window(spoken_talk: Staged) -> None:
    cut_sound(spoken_talk, 50)
    whisper = {"model": str(TINY_WHISPER), "device": "cpu"}
    asked = replace(spoken_talk, text=None).having(transcribe=whisper)
    heard = [
        [word for segment in transcribe(one).segments for word in segment.words]
        for one in (
            asked,
            asked.having(transcribe={**whisper, "prompt": "Of tides and Fundy."}),
            asked.having(align={"vocabulary": {"Skarnholt": "skarn holt"}}),
            asked.having(transcribe={**whisper, "hotwords": ["Kuznetsov"]}),
        )
    ]
    for is_late in (False, True):
        parts = [[word for word in words if (word.start_ms > 30_000) == is_late] for words in heard]
        assert all(one != other for one, other in combinations(parts, 2))


def test_a_prompt_is_nothing_for_the_embedded_engine(
    spoken_talk: Staged, caplog: pytest.LogCaptureFixture
) -> None:
    cut_sound(spoken_talk, 3)
    transcribe(spoken_talk.having(transcribe={"engine": "pocketsphinx", "prompt": "Of tides."}))
    assert "pocketsphinx takes no prompt: transcribe.prompt is left out" in caplog.text


def test_the_number_of_cpus_changes_nothing(spoken_talk: Staged) -> None:
    spoken = spoken_talk.having(transcribe={"engine": "pocketsphinx"})
    cut_sound(spoken, 20)
    at_once = transcribe(spoken)
    spoken.run("transcribe")
    assert transcribe(spoken) == at_once


def test_a_model_given_by_path_is_faster_whispers(spoken_talk: Staged) -> None:
    cut_sound(spoken_talk, 8)
    staged = spoken_talk.having(transcribe={"model": str(TINY_WHISPER), "device": "cpu"})
    context = staged.run("transcribe")
    assert context.used["engine"] == "faster_whisper"
    assert context.used["device"] == "cpu"


@pytest.mark.parametrize("engine", ["auto", "pocketsphinx"])
@pytest.mark.parametrize("has_text", [True, False])
def test_a_language_the_embedded_engines_do_not_know_is_one_line(
    spoken_talk: Staged, engine: str, has_text: bool
) -> None:
    staged = spoken_talk.having(language="de", transcribe={"engine": engine})
    staged = staged if has_text else replace(staged, text=None)
    with pytest.raises(EngineError, match="knows English only, not 'de'; use `transcribe:"):
        transcribe(staged)


@pytest.mark.parametrize(
    "text", ["大家好，欢迎收听今天的节目。", "مرحبا بكم في برنامجنا اليوم، GPT-4."]
)
def test_a_text_in_other_letters_is_one_line_though_no_language_is_named(
    spoken_talk: Staged, text: str
) -> None:
    staged = spoken_talk.about(text).having(language=None, transcribe={"engine": "pocketsphinx"})
    with pytest.raises(EngineError, match="English only, and the text has other letters; say the"):
        transcribe(staged)


def test_a_recording_without_speech_is_one_line(spoken_talk: Staged) -> None:
    cut_sound(spoken_talk, 5, keep_sound=False)
    with pytest.raises(MediaError, match="talk: no speech in the recording; check audio"):
        transcribe(spoken_talk)


@pytest.mark.parametrize("text", ["", " \n ", "-- … --", "- (laughing)\n- [nora]"])
def test_a_text_without_words_is_one_line(spoken_talk: Staged, text: str) -> None:
    with pytest.raises(MediaError, match="has no words; give the text that was spoken, or none"):
        transcribe(spoken_talk.about(text))


@pytest.mark.parametrize("token", ["a ", "word ", "1" * 39 + " ", "(x)."])
def test_a_text_far_too_long_for_its_recording_is_one_line(spoken_talk: Staged, token: str) -> None:
    text = (token * 1_500_000)[:15_000_000]
    with pytest.raises(CuecastError, match="far too many for its recording; give the part of it"):
        transcribe(spoken_talk.about(text))


def test_an_engine_that_crashes_takes_nothing_with_it(spoken_talk: Staged, tmp_path: Path) -> None:
    cut_sound(spoken_talk, 8)
    model = tmp_path / "crashing"
    shutil.copytree(TINY_WHISPER, model)
    config = json.loads((model / "config.json").read_text())
    (model / "config.json").write_text(json.dumps({**config, "alignment_heads": [[FAR_OFF, 0]]}))
    broken = spoken_talk.having(transcribe={"model": str(model), "device": "cpu"})
    words = write_script(tmp_path, RecognizedWord("stand", 921, 1_300))
    sound = spoken_talk.having(transcribe={"engine": "scripted", "model": words})
    with contextlib.closing(make_executor("local", 1)) as executor:
        with pytest.raises(CuecastError) as caught:
            executor.submit(broken.request("transcribe")).result(PATIENCE_S)
        assert "\n" not in str(caught.value)
        outcome = executor.submit(sound.request("transcribe")).result(PATIENCE_S)
    assert outcome.used["engine"] == "scripted"
