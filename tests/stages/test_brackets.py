"""Brackets whose words are said are words; those that are not said are sounds."""

import random
from pathlib import Path

import numpy as np
import pytest

from pipeline.codec import read_record
from pipeline.records import TimedText
from samples.voices import VoiceOptions, speak
from tests.stages.steps import Staged, ingest
from tests.wav_file import write_samples

RATE_HZ = 16_000
SUBJECTS = ("the people of the village", "my brother and his friend", "all of the children")
VERBS = ("walked along the river", "bought some bread and butter", "talked about the weather")
ENDS = ("before the sun went down", "in the middle of the winter", "until the morning came")
BRACKETS = ("about forty dollars", "or later", "mostly", "not many", "Spain", "door slams")


def write_sentences(chance: random.Random, n_sentences: int) -> list[tuple[str, str, bool]]:
    """Sentences as written and as said, and whether the bracket in each is said."""
    sentences = []
    for number in range(n_sentences):
        subject, verb, end = map(chance.choice, (SUBJECTS, VERBS, ENDS))
        bracket, is_said = chance.choice(BRACKETS), number % 2 == 0
        written = f"{subject.capitalize()} {verb} ({bracket}), {end}."
        said = f"{subject} {verb} {bracket if is_said else ''} {end}"
        sentences.append((written, said, is_said))
    return sentences


@pytest.mark.festival
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_brackets_are_judged_by_the_sound(tmp_path: Path, seed: int) -> None:
    sentences = write_sentences(random.Random(seed), 8)
    pause = np.zeros(RATE_HZ * 400 // 1000, np.float32)
    sound = [pause]
    said_words = [said.split() for _, said, _ in sentences]
    for speech in speak(said_words, "kal", VoiceOptions(rate_hz=RATE_HZ)):
        sound += [speech.samples, pause]
    write_samples(tmp_path / "talk.wav", (np.concatenate(sound) * 32767).astype(np.int16), RATE_HZ)
    (tmp_path / "talk.txt").write_text("\n".join(written for written, _, _ in sentences))
    ingest(tmp_path / "talk.wav", tmp_path / "talk")
    options = {"transcribe": {"engine": "pocketsphinx"}}
    staged = Staged(tmp_path / "talk", tmp_path / "talk.txt", options)
    staged.run("transcribe")
    staged.run("align")
    timed = read_record(tmp_path / "talk" / "align" / "words.json", TimedText)
    expected: list[str] = []
    for written, _, is_said in sentences:
        head, _, rest = written.partition(" (")
        inside, _, tail = rest.partition("),")
        middle = f" ({inside})," if is_said else ","
        expected += f"{head}{middle}{tail}".split()
    assert [word.text for word in timed.words] == expected
    n_said = sum(
        len(w.partition("(")[2].partition(")")[0].split()) for w, _, said in sentences if said
    )
    assert sum(word.from_bracket for word in timed.words) == n_said
    assert len(timed.sounds) == len(sentences) // 2
    assert sum(turn.n_words for turn in timed.turns) == len(timed.words)
