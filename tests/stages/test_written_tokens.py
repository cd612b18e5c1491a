"""Every written token gets the time at which it is said, whatever it is written like."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pipeline.codec import read_record
from pipeline.records import TimedText
from samples.voices import VoiceOptions, speak
from tests.stages.steps import Staged, ingest
from tests.wav_file import write_samples

TOLERANCE_MS = 100
RATE_HZ = 16_000
PAUSE_MS = 350

SENTENCES = (
    "we paid {$1.5m|one point five million dollars} for {24/7|twenty four seven} service at "
    "{example.com/path|example dot com slash path} in {'98|ninety eight}",
    "the {a100s|a one hundreds} run at {70%|seventy percent} and use {5,000|five thousand} watts "
    "from {3pm|three p m} to {10:30|half past ten} every day",
    "write to {nora@example.org|nora at example dot org} or call {555-1234|five five five one two "
    "three four} before the {21st|twenty first} of march",
    "the {U.S.|u s} team wrote it in {c++|c plus plus} on a {5kg|five kilogram} machine with "
    "{10-20|ten to twenty} cores and {1/2|half} a disk",
    "so {x^2|x squared} plus {4°C|four degrees celsius} makes {GPT-4|g p t four} drive at "
    "{100km/h|a hundred kilometers an hour} since {1984|nineteen eighty four}",
)
"""What is written and, behind the bar, what is said."""


def read_tokens(sentence: str) -> list[tuple[str, list[str]]]:
    """Each token of a sentence with the words said for it."""
    tokens = []
    for part in sentence.replace("}", "{").split("{"):
        written, bar, said = part.partition("|")
        tokens += [(written, said.split())] if bar else [(word, [word]) for word in part.split()]
    return tokens


def say(folder: Path) -> list[tuple[str, int]]:
    """Speak the sentences into `talk.wav`; the tokens and when each starts."""
    tokens = [read_tokens(sentence) for sentence in SENTENCES]
    spoken = [[word for _, words in sentence for word in words] for sentence in tokens]
    pause = np.zeros(RATE_HZ * PAUSE_MS // 1000, np.float32)
    sound, starts = [pause], []
    for sentence, speech in zip(
        tokens, speak(spoken, "kal", VoiceOptions(rate_hz=RATE_HZ)), strict=True
    ):
        n_before, at = sum(map(len, sound)), 0
        for written, words in sentence:
            start = n_before + speech.words[at].start_sample
            starts.append((written, start * 1000 // RATE_HZ))
            at += len(words)
        sound += [speech.samples, pause]
    write_samples(folder / "talk.wav", (np.concatenate(sound) * 32767).astype(np.int16), RATE_HZ)
    return starts


@pytest.mark.festival
def test_every_written_token_is_found_where_it_is_said(tmp_path: Path) -> None:
    truth = say(tmp_path)
    ingest(tmp_path / "talk.wav", tmp_path / "talk")
    text = tmp_path / "talk.txt"
    text.write_text(" ".join(written for written, _ in truth))
    staged = Staged(tmp_path / "talk", text, {"transcribe": {"engine": "pocketsphinx"}})
    staged.run("transcribe")
    staged.run("align")
    timed = read_record(tmp_path / "talk" / "align" / "words.json", TimedText)
    assert [word.text for word in timed.words] == [written for written, _ in truth]
    late = [
        (written, start_ms, word.start_ms)
        for (written, start_ms), word in zip(truth, timed.words, strict=True)
        if word.status != "aligned" or abs((word.start_ms or 0) - start_ms) > TOLERANCE_MS
    ]
    assert late == []
    assert all(a.end_ms <= b.end_ms for a, b in pairwise(timed.words) if a.end_ms and b.end_ms)
