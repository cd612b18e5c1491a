"""Who speaks is told by the channel that stands out; what the text says stays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.levels import Levels
from pipeline.records import TimedText, Turn, Word
from pipeline.speakers.channels import name_speakers

PER_S = 100
SPEAKERS = ("nora", "emil")
WORD_MS = 400
BLEED = 0.3


def make_timed(said_by: str, turns: tuple[Turn, ...] | None = None) -> TimedText:
    """A text of a word for each letter, 400 ms each; `_` is a word that was not heard."""
    words = tuple(
        Word(f"w{n}", None, None, "unspoken", 0.0, 0)
        if letter == "_"
        else Word(f"w{n}", n * WORD_MS, (n + 1) * WORD_MS, "aligned", 1.0, 0)
        for n, letter in enumerate(said_by)
    )
    return TimedText("en", "", 1, turns or (Turn(None, None, 0, len(words)),), words)


def make_levels(said_by: str, gains: tuple[float, float] = (1, 1)) -> Levels:
    """Each word on its speaker's channel (n, e), some of it on the other, a hum below."""
    n_frames = WORD_MS * PER_S // 1000
    rows = [
        (1.0, BLEED) if letter == "n" else (BLEED, 1.0) if letter == "e" else (0.0, 0.0)
        for letter in said_by
        for _ in range(n_frames)
    ]
    amplitudes = np.array(rows).reshape(-1, 2) * gains * 8000 + 20
    return Levels(20 * np.log10(amplitudes, dtype=np.float32), PER_S)


def spans(timed: TimedText) -> list[tuple[str | None, int, int]]:
    return [(turn.speaker, turn.first_word, turn.n_words) for turn in timed.turns]


def test_a_text_without_turns_gets_them() -> None:
    named = name_speakers(make_timed("nnneeeenn"), make_levels("nnneeeenn"), SPEAKERS)
    assert spans(named) == [("nora", 0, 3), ("emil", 3, 4), ("nora", 7, 2)]
    assert {turn.speaker_from for turn in named.turns} == {"inferred"}
    assert [word.turn for word in named.words] == [0, 0, 0, 1, 1, 1, 1, 2, 2]


@pytest.mark.parametrize("gains", [(1.0, 0.1), (0.1, 1.0)])
def test_a_quiet_microphone_is_no_quiet_speaker(gains: tuple[float, float]) -> None:
    named = name_speakers(make_timed("nnnneeee"), make_levels("nnnneeee", gains), SPEAKERS)
    assert spans(named) == [("nora", 0, 4), ("emil", 4, 4)]


def test_a_cough_on_another_channel_is_no_turn() -> None:
    levels = make_levels("nnnnnn")
    levels.db[90:110] = 20 * np.log10((20, 8000))
    levels.db[:20] = 20 * np.log10((20, 8000))
    assert spans(name_speakers(make_timed("nnnnnn"), levels, SPEAKERS)) == [("nora", 0, 6)]


def test_turns_of_the_text_are_named_whole_and_labels_stay() -> None:
    turns = (
        Turn("lena", "label", 0, 2),
        Turn("nora", "inferred", 2, 3),
        Turn(None, None, 5, 1),
        Turn(None, None, 6, 1),
    )
    timed = make_timed("eeeenn_", turns)
    named = name_speakers(timed, make_levels("eeeenn_"), SPEAKERS)
    assert named.turns == (
        Turn("lena", "label", 0, 2),
        Turn("emil", "inferred", 2, 3),
        Turn("nora", "inferred", 5, 1),
        Turn(None, None, 6, 1),
    )
    assert named.words == timed.words


def test_sound_that_ends_before_its_words_names_nobody_in_particular() -> None:
    timed = make_timed("nn", (Turn(None, None, 0, 1), Turn(None, None, 1, 1)))
    assert name_speakers(timed, make_levels(""), SPEAKERS).turns == timed.turns


@given(st.text("ne_", min_size=1, max_size=40))
def test_every_word_stays_in_its_place(said_by: str) -> None:
    timed = make_timed(said_by)
    named = name_speakers(timed, make_levels(said_by), SPEAKERS)
    assert [word.text for word in named.words] == [word.text for word in timed.words]
    assert all(
        word.turn == number
        for number, turn in enumerate(named.turns)
        for word in named.words[turn.first_word : turn.first_word + turn.n_words]
    )
