"""The samples, end to end by the embedded engine: how near each word is to the truth."""

import json
import statistics
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.codec import read_record
from pipeline.records import AlignmentSummary, TimedText, Word
from tests.stages.steps import SAMPLES, Staged, ingest, read_media, read_truth

MEDIAN_MS = 12
NEAR_MS = 100
NEAR_SHARE = 0.98
END_MS = 250
"""A word may be heard to end later than it does, in the silence behind it."""
SOUND_MS = 400
DICTIONARY_LACKS = {"episode": ("vellimor", "drommelin", "ostravelle"), "talk": ("Skarnholt",)}
"""Names made up for the samples."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample, what is true of it, and what was found."""

    name: str
    timed: TimedText
    summary: AlignmentSummary

    @property
    def errors_ms(self) -> list[int]:
        """How far off each start is; a word without a time is very far off."""
        return [
            10_000 if word.start_ms is None else abs(word.start_ms - true["start_ms"])
            for word, true in zip(self.timed.words, read_truth(self.name), strict=True)
        ]

    def find(self, part: str) -> list[Word]:
        return [word for word in self.timed.words if part in word.text]


@pytest.fixture(scope="module", params=["talk.mp4", "episode.opus"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    media = Path(request.param)
    folder = tmp_path_factory.mktemp("samples") / media.stem
    ingest(SAMPLES / media, folder)
    speakers = ["nora", "emil"] if media.stem == "episode" else []
    staged = Staged(
        folder,
        SAMPLES / f"{media.stem}.txt",
        {"transcribe": {"engine": "pocketsphinx"}, "speakers": speakers},
    )
    staged.run("transcribe")
    staged.run("align")
    return Sample(
        media.stem,
        read_record(folder / "align" / "words.json", TimedText),
        read_record(folder / "align" / "summary.json", AlignmentSummary),
    )


def test_every_token_is_there_verbatim_and_in_order(sample: Sample) -> None:
    assert [word.text for word in sample.timed.words] == [
        word["text"] for word in read_truth(sample.name)
    ]


def test_starts_are_exact(sample: Sample) -> None:
    assert statistics.median(sample.errors_ms) <= MEDIAN_MS


def test_hardly_a_word_is_out_of_place(sample: Sample) -> None:
    n_near = sum(error <= NEAR_MS for error in sample.errors_ms)
    assert n_near >= NEAR_SHARE * len(sample.errors_ms)


def test_words_end_where_they_end(sample: Sample) -> None:
    truth = read_truth(sample.name)
    errors = [
        abs(word.end_ms - true["end_ms"])
        for word, true in zip(sample.timed.words, truth, strict=True)
        if word.end_ms is not None
    ]
    assert sum(error <= END_MS for error in errors) >= NEAR_SHARE * len(truth)


def test_words_never_run_backwards_and_never_overlap(sample: Sample) -> None:
    spans = [
        (word.start_ms, word.end_ms)
        for word in sample.timed.words
        if word.start_ms is not None and word.end_ms is not None
    ]
    assert all(a_end <= b_start for (_, a_end), (b_start, _) in pairwise(spans))


def test_digits_and_currency_are_heard(sample: Sample) -> None:
    numbers = [word for word in sample.timed.words if any(map(str.isdigit, word.text))]
    assert len(numbers) >= 4
    assert {word.status for word in numbers} == {"aligned"}


def test_names_no_dictionary_has_are_heard(sample: Sample) -> None:
    for name in DICTIONARY_LACKS[sample.name]:
        assert sample.find(name)
        assert {word.status for word in sample.find(name)} == {"aligned"}


def test_confidence_is_high_and_nothing_is_to_be_reviewed(sample: Sample) -> None:
    summary = sample.summary
    assert (summary.matches, summary.review, summary.reasons) == (True, False, ())
    assert summary.n_unspoken <= (1 - NEAR_SHARE) * summary.n_words
    assert statistics.median(word.confidence for word in sample.timed.words) > 0.9


def test_sounds_are_found_in_their_pauses(sample: Sample) -> None:
    truth = json.loads((SAMPLES / f"{sample.name}.truth.json").read_text())["sounds"]
    assert [sound.text for sound in sample.timed.sounds] == [sound["text"] for sound in truth]
    for sound, true in zip(sample.timed.sounds, truth, strict=True):
        assert sound.after_word == true["after_word"]
        assert sound.start_ms is not None
        assert abs(sound.start_ms - true["start_ms"]) <= SOUND_MS


def test_speakers_take_turns_as_they_did(sample: Sample) -> None:
    truth = read_truth(sample.name)
    if sample.name == "talk":
        assert {turn.speaker for turn in sample.timed.turns} == {None}
        return
    for turn in sample.timed.turns:
        said_by = {word["speaker"] for word in truth[turn.first_word :][: turn.n_words]}
        assert said_by == {turn.speaker}


def test_the_talks_times_are_the_players(tmp_path: Path) -> None:
    ingest(SAMPLES / "talk.mp4", tmp_path)
    truth = json.loads((SAMPLES / "talk.truth.json").read_text())
    assert read_media(tmp_path).sound_start_ms == truth["audio_start_ms"] == 400
