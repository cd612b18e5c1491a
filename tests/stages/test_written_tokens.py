"""Every written token gets the time at which it is said, whatever it is written like."""

import random
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from num2words import num2words

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
N_SPACED = 12
SPACES = (" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}")


def read_tokens(sentence: str) -> list[tuple[str, list[str]]]:
    """Each token of a sentence with the words said for it."""
    tokens = []
    for part in sentence.replace("}", "{").split("{"):
        written, bar, said = part.partition("|")
        tokens += [(written, said.split())] if bar else [(word, [word]) for word in part.split()]
    return tokens


def say(folder: Path, sentences: Sequence[str] = SENTENCES) -> list[tuple[str, int]]:
    """Speak the sentences into `talk.wav`; the tokens and when each starts."""
    tokens = [read_tokens(sentence) for sentence in sentences]
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


def align(folder: Path, text: str) -> TimedText:
    """Align a text with `talk.wav`."""
    ingest(folder / "talk.wav", folder / "talk")
    path = folder / "talk.txt"
    path.write_text(text)
    staged = Staged(folder / "talk", path, {"transcribe": {"engine": "pocketsphinx"}})
    staged.run("transcribe")
    staged.run("align")
    return read_record(folder / "talk" / "align" / "words.json", TimedText)


@pytest.mark.festival
def test_every_written_token_is_found_where_it_is_said(tmp_path: Path) -> None:
    truth = say(tmp_path)
    timed = align(tmp_path, " ".join(written for written, _ in truth))
    assert [word.text for word in timed.words] == [written for written, _ in truth]
    late = [
        (written, start_ms, word.start_ms)
        for (written, start_ms), word in zip(truth, timed.words, strict=True)
        if word.status != "aligned" or abs((word.start_ms or 0) - start_ms) > TOLERANCE_MS
    ]
    assert late == []
    assert all(a.end_ms <= b.end_ms for a, b in pairwise(timed.words) if a.end_ms and b.end_ms)


ABBREVIATED = (
    "in {pp.|pages} twelve to fifteen and {ch.|chapter} three you read it {w/o|without} a light",
    "the {govt.|government} sent {Lt.|lieutenant} Miller to the house on {Park|park} {Ave.|avenue} "
    "last {Tues.|tuesday} in {Jan.|january} of that year",
    "they came to {Ft.|fort} Wayne with {Rev.|reverend} Brown and {No.|number} {5|five} of those",
    "it took ten {min.|minutes} and six {sec.|seconds} on a {cpu|c p u} with ten {kg|kilograms} of "
    "metal and {10⁶|ten to the sixth} parts",
    "the {diﬃcult|difficult} road is {ｆｕｌｌ|full} of {𝐬𝐭𝐨𝐧𝐞𝐬|stones} and {５０|fifty} trees",
)
"""Abbreviations, powers and letters in other shapes."""


@pytest.mark.festival
def test_abbreviations_and_letters_in_other_shapes_are_found_where_they_are_said(
    tmp_path: Path,
) -> None:
    truth = say(tmp_path, ABBREVIATED)
    timed = align(tmp_path, " ".join(written for written, _ in truth))
    assert [word.text for word in timed.words] == [written for written, _ in truth]
    late = [
        (written, start_ms, word.start_ms)
        for (written, start_ms), word in zip(truth, timed.words, strict=True)
        if word.status != "aligned" or abs((word.start_ms or 0) - start_ms) > TOLERANCE_MS
    ]
    assert late == []


def make_spaced_sentences() -> list[str]:
    """Sentences with a number in groups of three digits each."""
    chance = random.Random(19)
    sentences = []
    for _ in range(N_SPACED):
        number = chance.randrange(1, 1000) * 10 ** chance.choice((3, 3, 6))
        number += chance.choice((0, chance.randrange(1000)))
        written = f"{number:,}".replace(",", chance.choice(SPACES))
        spoken = " ".join(re.findall("[a-z]+", num2words(number)))
        thing = chance.choice(("people", "letters", "houses", "trees"))
        sentences.append(f"there were {{{written}|{spoken}}} {thing} in the country last year")
    return sentences


@pytest.mark.festival
def test_a_number_over_several_words_is_timed_over_all_of_them(tmp_path: Path) -> None:
    truth = say(tmp_path, make_spaced_sentences())
    timed = align(tmp_path, " ".join(written for written, _ in truth))
    assert [word.text for word in timed.words] == [
        part for written, _ in truth for part in written.split()
    ]
    assert [word.text for word in timed.words if word.status != "aligned"] == []
    assert all(
        a.end_ms is not None and b.start_ms is not None and a.start_ms is not None
        and a.start_ms < b.start_ms and a.end_ms <= b.start_ms + 1
        for a, b in pairwise(timed.words)
    )  # fmt: skip
    at = 0
    for written, start_ms in truth:
        assert abs((timed.words[at].start_ms or 0) - start_ms) <= TOLERANCE_MS, written
        at += len(written.split())
