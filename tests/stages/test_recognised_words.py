"""From sound to timed words through both stages, on sentences the small Whisper never heard."""

from pathlib import Path

import pytest

from benchmarks.tiny_whisper.score import normalise, percentile
from benchmarks.tiny_whisper.sentences import GERMAN
from pipeline.codec import read_record, write_record
from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.records import RecognizedWord, Segment, Stretch, TimedText, Transcript
from tests.stages.steps import Staged, ingest
from tests.tiny_whisper.spoken import (
    VOICES,
    Spoken,
    join_spoken,
    say_german,
    say_sentences,
    score_words,
)  # fmt: skip
from tests.wav_file import write_samples

WER = 0.10
GERMAN_WER = 0.15
RECOGNISED_MEDIAN_MS, RECOGNISED_P95_MS = 25, 110
LOOKED_FOR_MS = 100
ALIGNED_MEDIAN_MS, ALIGNED_P95_MS = 20, 85


def stage(spoken: Spoken, model: Path, folder: Path) -> Staged:
    """The recording after ingest, for Whisper, with no text."""
    wav = folder / "sound.wav"
    write_samples(wav, spoken.samples, SAMPLE_RATE_HZ)
    ingest(wav, folder / "item")
    # What int8 gives depends on the processor's instructions, and bounds here are narrow.
    options = {"model": str(model), "device": "cpu", "compute_type": "float32"}
    return Staged(folder / "item").having(transcribe=options)


def transcribe(staged: Staged) -> tuple[Transcript, list[RecognizedWord]]:
    """What the stage seals, and its words."""
    staged.run("transcribe")
    recognized = read_record(staged.folder / "transcribe" / "transcript.json", Transcript)
    return recognized, [word for part in recognized.segments for word in part.words]


@pytest.mark.festival
@pytest.mark.parametrize("voice", VOICES)
def test_words_are_near_when_recognised_and_in_place_when_aligned(
    voice: str, tiny_whisper: Path, tmp_path: Path
) -> None:
    spoken = join_spoken(say_sentences(voice))
    staged = stage(spoken, tiny_whisper, tmp_path)
    recognized, words = transcribe(staged)
    assert recognized.engine == "faster_whisper"
    recognised = score_words(spoken, words)
    assert recognised.wer <= WER
    assert percentile(recognised.starts_ms, 50) <= RECOGNISED_MEDIAN_MS
    assert percentile(recognised.starts_ms, 95) <= RECOGNISED_P95_MS
    staged.about(spoken.text).run("align")
    timed = read_record(staged.folder / "align" / "words.json", TimedText)
    assert [word.text for word in timed.words] == spoken.text.split()
    aligned = score_words(
        spoken,
        [
            RecognizedWord(word.text, word.start_ms, word.end_ms or word.start_ms)
            for word in timed.words
            if word.start_ms is not None
        ],
    )
    assert aligned.wer == 0
    assert percentile(aligned.starts_ms, 50) <= ALIGNED_MEDIAN_MS
    assert percentile(aligned.starts_ms, 95) <= ALIGNED_P95_MS


@pytest.mark.festival
def test_a_text_makes_what_is_heard_no_other(tiny_whisper: Path, tmp_path: Path) -> None:
    spoken = join_spoken(say_sentences("kal"))
    staged = stage(spoken, tiny_whisper, tmp_path)
    without, _ = transcribe(staged)
    with_text, _ = transcribe(staged.about(spoken.text))
    assert with_text == without


def test_german_that_nobody_named_comes_out_as_german(tiny_whisper: Path, tmp_path: Path) -> None:
    spoken = join_spoken(say_german())
    staged = stage(spoken, tiny_whisper, tmp_path).having(language=None)
    recognized, words = transcribe(staged)
    assert recognized.language == "de"
    assert score_words(spoken, words).wer <= GERMAN_WER
    assert {normalise(word.text) for word in words} <= {word.lower() for word in GERMAN}


def test_words_that_were_not_recognised_are_looked_for_between_the_others(
    tiny_whisper: Path, tmp_path: Path
) -> None:
    spoken = join_spoken(say_german())
    missed = (12, 30, 31, 44, 68)
    assert {spoken.text.split()[number] for number in missed} > {"Haus", "Kind", "Fluss"}
    recognized = tuple(
        RecognizedWord(word, round(1000 * start_s), round(1000 * end_s))
        for number, (word, start_s, end_s) in enumerate(spoken.words)
        if number not in missed
    )
    staged = stage(spoken, tiny_whisper, tmp_path).having(language="de").about(spoken.text)
    segments = tuple(Segment(word.start_ms, word.end_ms, (word,)) for word in recognized)
    speech = (Stretch(0, recognized[-1].end_ms),)
    (staged.folder / "transcribe").mkdir()
    transcript = Transcript("de", "faster_whisper", str(tiny_whisper), segments, speech)
    write_record(staged.folder / "transcribe" / "transcript.json", transcript)
    staged.run("align")
    timed = read_record(staged.folder / "align" / "words.json", TimedText)
    assert timed.engine == "whisper"
    assert [word.text for word in timed.words] == spoken.text.split()
    for number in missed:
        word, (_, start_s, _) = timed.words[number], spoken.words[number]
        assert word.status == "aligned", word
        assert word.start_ms is not None
        assert abs(word.start_ms - 1000 * start_s) <= LOOKED_FOR_MS


@pytest.mark.festival
def test_english_that_nobody_named_comes_out_as_english(tiny_whisper: Path, tmp_path: Path) -> None:
    spoken = join_spoken(say_sentences("slt"))
    recognized, words = transcribe(stage(spoken, tiny_whisper, tmp_path).having(language=None))
    assert recognized.language == "en"
    assert score_words(spoken, words).wer <= WER
