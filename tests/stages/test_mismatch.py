"""Texts of other recordings are refused, those that belong are not; drawn by a seeded generator."""

import json
import random
from pathlib import Path

import pytest

from pipeline.codec import read_record
from pipeline.errors import AlignmentError
from pipeline.records import AlignmentSummary
from pipeline.text.times import format_timestamp
from tests.stages.steps import SAMPLES, Staged
from tests.stages.test_align import heard_talk

SEEDS = range(40)
SENTENCE_WORDS = 8
FORMS = ("txt", "vtt", "json")


def cut(name: str) -> list[list[str]]:
    """The words of a sample's truth in pieces."""
    truth = json.loads((SAMPLES / f"{name}.truth.json").read_text())
    words = [word["text"] for word in truth["words"]]
    return [words[first : first + SENTENCE_WORDS] for first in range(0, len(words), SENTENCE_WORDS)]


def draw_text(chance: random.Random) -> tuple[list[str], bool]:
    """Words of the talk, of an episode, or of both; whether they belong to the talk.

    Of those that do, from a quarter to all of the pieces are the talk's, or they are some of it
    among many times as many of others.
    """
    own, others = cut("talk"), cut("episode")
    kind = chance.choice(("own", "half wrong", "part of a long text", "other"))
    match kind:
        case "own":
            first = chance.randrange(len(own) // 2)
            pieces = own[first : first + chance.randint(3, len(own))]
        case "half wrong":
            share = chance.uniform(0.25, 0.9)
            pieces = [piece if chance.random() < share else chance.choice(others) for piece in own]
        case "part of a long text":
            place = chance.randrange(len(others))
            pieces = others[:place] + own + others[place:]
        case _:
            first = chance.randrange(len(others) - 3)
            pieces = others[first : first + chance.randint(3, 90)]
    return [word for piece in pieces for word in piece], kind != "other"


def write_text(folder: Path, words: list[str], form: str) -> Path:
    """The words as plain text, captions or words.json."""
    path = folder / f"text.{form}"
    match form:
        case "vtt":
            cues = [
                f"{format_timestamp(1000 * n)} --> {format_timestamp(1000 * n + 900)}\n{word}\n"
                for n, word in enumerate(words)
            ]
            path.write_text("\n".join(["WEBVTT\n", *cues]))
        case "json":
            timed = [
                {"text": word, "start_ms": None, "end_ms": None, "status": "unspoken",
                 "confidence": 0, "turn": 0}
                for word in words
            ]  # fmt: skip
            turn = {"speaker": None, "speaker_from": None, "first_word": 0, "n_words": len(words)}
            head = {"version": 1, "language": "en", "engine": "any", "duration_ms": 60_000}
            path.write_text(json.dumps({**head, "turns": [turn], "words": timed}))
        case _:
            path.write_text(" ".join(words))
    return path


@pytest.mark.parametrize("seed", SEEDS)
def test_a_text_is_refused_if_it_is_of_another_recording_and_kept_if_the_job_says_so(
    spoken_talk: Staged, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    words, belongs = draw_text(chance)
    text = write_text(tmp_path, words, chance.choice(FORMS))
    staged = heard_talk(spoken_talk)
    staged = Staged(staged.folder, text, {**staged.options, "align": {"engine": "recognizer"}})
    if not belongs:
        message = r"^talk: the text does not belong to this recording: .+\d.+; give the text"
        with pytest.raises(AlignmentError, match=message):
            staged.run("align")
        staged = staged.having(align={"engine": "recognizer", "mismatch": "keep"})
    staged.run("align")
    summary = read_record(staged.folder / "align" / "summary.json", AlignmentSummary)
    assert summary.matches == belongs
    assert summary.n_words == len(words)
    assert belongs or summary.review


def test_a_recording_without_its_text_is_no_mismatch(untold_talk: Staged) -> None:
    heard_talk(untold_talk, n_words=3).having(align={"engine": "recognizer"}).run("align")
