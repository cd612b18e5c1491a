"""What hardly is a job for Whisper: a clear finding, or an error of one line, and no traceback."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.codec import read_record
from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.errors import AlignmentError, CuecastError, EngineError, MediaError
from pipeline.records import AlignmentSummary, TimedText
from tests.sound_fixtures import make_chords, make_noise
from tests.stages.steps import Staged
from tests.stages.test_recognised_words import stage
from tests.tiny_whisper.spoken import Spoken, join_spoken, say_german

OTHER = (
    "Aber der Ausschuss vertagte seine Sitzung, weil niemand das Protokoll mitgebracht hatte. " * 20
)
FOREIGN = ("東京は大きいです", "Москва", "красивая", "مرحبا", "😀😀")


@pytest.fixture(scope="module")
def spoken() -> Spoken:
    return join_spoken(say_german()[:8])


def align(staged: Staged) -> tuple[TimedText, AlignmentSummary]:
    """Both stages, and what the second one seals."""
    staged.run("transcribe")
    staged.run("align")
    folder = staged.folder / "align"
    words = read_record(folder / "words.json", TimedText)
    return words, read_record(folder / "summary.json", AlignmentSummary)


def test_a_text_of_another_recording_is_said_to_be_so(tiny_whisper: Path, tmp_path: Path) -> None:
    """Single words of it are heard all the same."""
    long = join_spoken([part for variant in ("", "+m3") for part in say_german(variant)])
    staged = stage(long, tiny_whisper, tmp_path).having(language="de").about(OTHER)
    with pytest.raises(AlignmentError, match="does not belong to this recording"):
        align(staged)
    timed, summary = align(staged.having(align={"mismatch": "keep"}))
    assert {word.status for word in timed.words} == {"unspoken"}
    assert not summary.matches
    assert "the text does not belong to this recording" in summary.reasons


@pytest.mark.parametrize(("number", "status"), [(4, "aligned"), (None, "unspoken")])
def test_a_text_of_one_word_is_found_or_it_is_not(
    spoken: Spoken, tiny_whisper: Path, tmp_path: Path, number: int | None, status: str
) -> None:
    text = "Protokoll" if number is None else spoken.text.split()[number]
    options = {"language": "de", "align": {"mismatch": "keep"}}
    timed, summary = align(stage(spoken, tiny_whisper, tmp_path).having(**options).about(text))
    assert [word.status for word in timed.words] == [status]
    assert summary.review


@pytest.mark.parametrize("has_text", [False, True])
def test_two_seconds_have_their_words_and_no_others(
    spoken: Spoken, tiny_whisper: Path, tmp_path: Path, has_text: bool
) -> None:
    short = replace(spoken, samples=spoken.samples[: 2 * SAMPLE_RATE_HZ])
    staged = stage(short, tiny_whisper, tmp_path).having(language="de")
    timed, _ = align(staged.about(spoken.text) if has_text else staged)
    spans = [word.span for word in timed.words if word.status == "aligned" and word.span]
    assert 2 <= len(spans) <= 8
    assert all(end_ms <= 2_000 for _, end_ms in spans)


def test_words_in_other_scripts_leave_the_rest_in_place_though_no_language_is_named(
    spoken: Spoken, tiny_whisper: Path, tmp_path: Path
) -> None:
    own = spoken.text.split()
    text = " ".join([*own[:20], *FOREIGN, *own[20:]])
    staged = stage(spoken, tiny_whisper, tmp_path).having(language=None).about(text)
    timed, summary = align(staged)
    assert timed.language == "de"
    assert [word.text for word in timed.words] == text.split()
    statuses = Counter(word.status for word in timed.words if word.text not in FOREIGN)
    assert statuses["aligned"] >= 0.95 * len(own)
    assert "aligned" not in {word.status for word in timed.words if word.text in FOREIGN}
    assert summary.matches


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(30 * SAMPLE_RATE_HZ, np.int16),
        make_noise(20),
        make_noise(8_000),
        np.zeros(100, np.int16),
    ],
    ids=["silence", "hiss", "loud noise", "nothing at all"],
)
@pytest.mark.parametrize("has_text", [False, True])
def test_a_recording_without_speech_is_one_line(
    spoken: Spoken, tiny_whisper: Path, tmp_path: Path, sound: Samples, has_text: bool
) -> None:
    staged = stage(replace(spoken, samples=sound), tiny_whisper, tmp_path).having(language=None)
    with pytest.raises(MediaError, match="no speech in the recording; check audio") as caught:
        (staged.about(spoken.text) if has_text else staged).run("transcribe")
    assert "\n" not in str(caught.value)


def test_music_that_is_taken_for_speech_has_no_words(
    spoken: Spoken, tiny_whisper: Path, tmp_path: Path
) -> None:
    staged = stage(replace(spoken, samples=make_chords()), tiny_whisper, tmp_path)
    with pytest.raises(AlignmentError, match="no words were heard; give the item a text") as caught:
        align(staged)
    assert "\n" not in str(caught.value)
    told = staged.having(language="de").about(spoken.text)
    with pytest.raises(AlignmentError, match="no words were heard in the recording; check audio"):
        align(told)
    timed, summary = align(told.having(align={"mismatch": "keep"}))
    assert {word.status for word in timed.words} == {"unspoken"}
    assert not summary.matches


@pytest.mark.parametrize(
    ("text", "language", "error", "complaint"),
    [
        ("", "de", MediaError, "has no words; give the text"),
        (" \n -- … \n", "de", MediaError, "has no words; give the text"),
        ("Haus", "xx", EngineError, "'xx' is not a valid language code"),
    ],
    ids=["no text", "marks alone", "no such language"],
)
def test_what_cannot_be_asked_is_one_line(
    spoken: Spoken,
    tiny_whisper: Path,
    tmp_path: Path,
    text: str,
    language: str,
    error: type[CuecastError],
    complaint: str,
) -> None:
    staged = stage(spoken, tiny_whisper, tmp_path).having(language=language).about(text)
    with pytest.raises(error, match=complaint) as caught:
        staged.run("transcribe")
    assert "\n" not in str(caught.value)
