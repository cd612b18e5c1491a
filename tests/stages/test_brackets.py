"""Brackets whose words are said are words; those that are not said are sounds."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.alignment.brackets import Reading, find_undecided, read_brackets
from pipeline.alignment.transcript import parse_transcript
from pipeline.alignment.words_text import parse_words
from pipeline.captions.profile import find_profile
from pipeline.captions.retimed_cues import retime
from pipeline.codec import read_record, to_plain
from pipeline.records import CueList, TimedText, Turn, Word
from pipeline.stages.text import parse_text
from samples.voices import VoiceOptions, speak
from tests.stages.steps import Staged, ingest
from tests.wav_file import write_samples

RATE_HZ = 16_000
WORD_MS = 100
SUBJECTS = ("the people of the village", "my brother and his friend", "all of the children")
VERBS = ("walked along the river", "bought some bread and butter", "talked about the weather")
ENDS = ("before the sun went down", "in the middle of the winter", "until the morning came")
BRACKETS = ("about forty dollars", "or later", "mostly", "not many", "Spain", "door slams",
    "the crowd was laughing")  # fmt: skip


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


def say_talk(
    folder: Path, sentences: Sequence[tuple[str, str, bool]], text: str, name: str
) -> None:
    """Align a text of this name with the sentences as they are said, in a folder's `talk`."""
    pause = np.zeros(RATE_HZ * 400 // 1000, np.float32)
    sound = [pause]
    said_words = [said.split() for _, said, _ in sentences]
    for speech in speak(said_words, "kal", VoiceOptions(rate_hz=RATE_HZ)):
        sound += [speech.samples, pause]
    write_samples(folder / "talk.wav", (np.concatenate(sound) * 32767).astype(np.int16), RATE_HZ)
    (folder / name).write_text(text)
    ingest(folder / "talk.wav", folder / "talk")
    options = {"transcribe": {"engine": "pocketsphinx"}, "captions": {"breaks": "keep"}}
    staged = Staged(folder / "talk", folder / name, options)
    staged.run("transcribe")
    staged.run("align")
    staged.run("captions")


def expect_words(sentences: Sequence[tuple[str, str, bool]]) -> list[str]:
    """The words of sentences: brackets only where they are said."""
    expected: list[str] = []
    for written, _, is_said in sentences:
        head, _, rest = written.partition(" (")
        inside, _, tail = rest.partition("),")
        middle = f" ({inside})," if is_said else ","
        expected += f"{head}{middle}{tail}".split()
    return expected


@pytest.mark.festival
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_brackets_are_judged_by_the_sound(tmp_path: Path, seed: int) -> None:
    sentences = write_sentences(random.Random(seed), 8)
    say_talk(tmp_path, sentences, "\n".join(written for written, _, _ in sentences), "talk.txt")
    timed = read_record(tmp_path / "talk" / "align" / "words.json", TimedText)
    assert [word.text for word in timed.words] == expect_words(sentences)
    n_said = sum(
        len(w.partition("(")[2].partition(")")[0].split()) for w, _, said in sentences if said
    )
    assert sum(word.from_bracket for word in timed.words) == n_said
    assert len(timed.sounds) == len(sentences) // 2
    assert sum(turn.n_words for turn in timed.turns) == len(timed.words)


@pytest.mark.festival
def test_brackets_of_a_caption_file_are_judged_by_the_sound_too(tmp_path: Path) -> None:
    sentences = write_sentences(random.Random(4), 8)
    cues = [
        f"00:{n:02}:00.000 --> 00:{n:02}:05.000\n{written}"
        for n, (written, _, _) in enumerate(sentences)
    ]
    say_talk(tmp_path, sentences, "\n\n".join(["WEBVTT", *cues]), "talk.vtt")
    timed = read_record(tmp_path / "talk" / "align" / "words.json", TimedText)
    assert [word.text for word in timed.words] == expect_words(sentences)
    kept = read_record(tmp_path / "talk" / "captions" / "cues.json", CueList)
    assert [" ".join(cue.lines) for cue in kept.cues] == [written for written, _, _ in sentences]
    starts = [word.start_ms for word in timed.words if word.text[0].isupper()]
    assert [marks[0].start_ms for cue in kept.cues if (marks := cue.marks)] == starts


words = st.text(st.sampled_from("abcdefg"), min_size=2, max_size=4)
bracketed = st.builds(
    lambda inside, ends, mark: f"{ends[0]}{' '.join(inside)}{ends[1]}{mark}",
    st.lists(words, min_size=1, max_size=3),
    st.sampled_from(["()", "[]"]),
    st.sampled_from(["", ".", ","]),
)


@settings(max_examples=30)
@given(
    st.lists(st.lists(words | bracketed, min_size=1, max_size=5), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_every_word_and_sound_keeps_its_cue_whatever_is_said(
    lines: list[list[str]], chance: random.Random
) -> None:
    lines = [[f"Cue{n}", *line] for n, line in enumerate(lines)]
    blocks = [
        f"00:00:{n:02}.000 --> 00:00:{n:02}.900\n{' '.join(line)}" for n, line in enumerate(lines)
    ]
    script = parse_text("\n\n".join(["WEBVTT", *blocks]), "talk.vtt", (), 1_000)
    undecided = find_undecided(script)
    assert undecided == frozenset(range(len(script.brackets)))
    said = {number for number in undecided if chance.random() < 0.5}
    reading = read_brackets(script, said)
    assert read_brackets(script, undecided).script.words == tuple(
        token for line in lines for token in " ".join(line).split()
    )
    assert read_brackets(script, ()).script.words == script.words
    timed = time_words(reading)
    assert script.captions is not None
    cues = retime(script.captions, timed, find_profile("netflix-en")).cues
    starts = [n for n, word in enumerate(timed.words) if word.text.startswith("Cue")]
    assert [cue.marks[0].start_ms for cue in cues] == [WORD_MS * n for n in starts]


def time_words(reading: Reading) -> TimedText:
    """The words of a reading, one after the other."""
    timed = tuple(
        Word(word, WORD_MS * n, WORD_MS * n + 90, "aligned", 1.0, 0)
        for n, word in enumerate(reading.script.words)
    )
    turns = (Turn(None, None, 0, len(timed)),)
    text = TimedText("en", "", WORD_MS * len(timed), turns, timed, reading.script.sounds)
    return reading.mark(text)


@settings(max_examples=30)
@given(st.lists(words | bracketed, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_a_words_json_as_text_keeps_what_stood_in_brackets(
    tokens: list[str], chance: random.Random
) -> None:
    script = parse_transcript(f"so {' '.join(tokens)} end")
    said = {number for number in find_undecided(script) if chance.random() < 0.5}
    timed = time_words(read_brackets(script, said))
    again = parse_words(json.dumps(to_plain(timed)))
    reading = read_brackets(again, find_undecided(again))
    assert time_words(reading) == timed
