"""Clips of a noisy recording listened to: by what the aligner learnt of it, wherever its words are
said to be."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.aligners.recording.acoustic_model import RECORDING_MODEL_NAME
from pipeline.codec import read_record, write_record
from pipeline.job.context import StepContext
from pipeline.media.wav import read_samples
from pipeline.records import Clip, ClipList, TimedText, TopicList
from pipeline.stages import clips
from tests.stages.steps import Staged, ingest, make_request, write_cues
from tests.stages.test_align import heard_talk
from tests.wav_file import write_samples

NOISE_DB = 15
WANTED_MS = 40
"""95 % of the words found again lie within this."""
LATE_MS = 200


@pytest.fixture
def noisy_talk(spoken_talk: Staged, tmp_path: Path) -> Staged:
    """The talk with noise 15 dB below it, aligned; its sound is `talk.wav`."""
    sound = read_samples(spoken_talk.folder / "ingest" / "audio.wav")
    plain = np.array(sound, float)
    white = np.random.default_rng(5).standard_normal(len(plain))
    power = np.square(plain).mean() / 10 ** (NOISE_DB / 10)
    write_samples(tmp_path / "talk.wav", (plain + white * np.sqrt(power)).astype(np.int16), 16_000)
    ingest(tmp_path / "talk.wav", tmp_path / "noisy")
    noisy = heard_talk(replace(spoken_talk, folder=tmp_path / "noisy"))
    noisy.run("align")
    return noisy


def make_clips(staged: Staged, source: Path, name: str) -> Sequence[Clip]:
    """Two clips of the talk, and what was heard in them."""
    folder = staged.folder
    for needed in ("topics", name):
        (folder / needed).mkdir(exist_ok=True)
    write_record(folder / "topics" / "topics.json", TopicList(()))
    select = [
        {"title": "One", "from": "But the shape of the shore", "to": "a ruler to notice"},
        {"title": "Two", "from": "The sea fills a pond", "to": "a wooden wheel"},
    ]
    write_cues(folder)
    asked = {"clips": {"select": select, "captions": "none"}, "align": {}, "captions": {},
             "title": "Talk", "translate": {}}  # fmt: skip
    clips.run(StepContext(make_request("clips", folder, {"media": source}, asked, folder / name)))
    return read_record(folder / name / "clips.json", ClipList).clips


def errors_ms(made: Sequence[Clip]) -> list[int]:
    """How much later than they should be words were found."""
    return [
        word.found_ms - word.expected_ms
        for clip in made if clip.check
        for word in clip.check.words if word.found_ms is not None
    ]  # fmt: skip


def test_words_of_noisy_clips_are_found_where_they_are(noisy_talk: Staged, tmp_path: Path) -> None:
    source, recording_model = (
        tmp_path / "talk.wav",
        noisy_talk.folder / "align" / RECORDING_MODEL_NAME,
    )
    made = make_clips(noisy_talk, source, "clips")
    errors = np.abs(errors_ms(made))
    assert len(errors) >= 15
    assert np.percentile(errors, 95) <= WANTED_MS
    recording_model.unlink()
    unlearnt = np.abs(errors_ms(make_clips(noisy_talk, source, "again")))
    assert errors.mean() < 0.8 * unlearnt.mean()


def test_captions_that_come_early_are_found_to(noisy_talk: Staged, tmp_path: Path) -> None:
    path = noisy_talk.folder / "align" / "words.json"
    timed = read_record(path, TimedText)
    words = tuple(
        replace(word, start_ms=span[0] - LATE_MS, end_ms=span[1] - LATE_MS)
        if (span := word.span) and span[0] >= LATE_MS
        else replace(word, status="unspoken", confidence=0.0, start_ms=None, end_ms=None)
        for word in timed.words
    )
    write_record(path, replace(timed, words=words))
    made = make_clips(noisy_talk, tmp_path / "talk.wav", "clips")
    errors = errors_ms(made)
    assert len(errors) >= 12
    assert np.median(errors) == pytest.approx(LATE_MS, abs=10)
    assert all(clip.check and clip.check.problems for clip in made)
