"""Brackets in both readings: as words where they are said, as sounds or nothing where not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.brackets import Reading, find_undecided, read_brackets
from pipeline.alignment.transcript import parse_transcript
from pipeline.records import TimedText, Turn, Word
from pipeline.verbalization.forms import UNSAID
from pipeline.verbalization.spoken_text import speak_text

plain = st.text(st.sampled_from("abcdefg"), min_size=3, max_size=7)
brackets = st.builds(
    lambda words, ends, mark: f"{ends[0]}{' '.join(words)}{ends[1]}{mark}",
    st.lists(plain, min_size=1, max_size=3),
    st.sampled_from(["()", "[]"]),
    st.sampled_from(["", ".", ",", "?”"]),
)
texts = st.lists(st.one_of(plain, brackets), min_size=1, max_size=20).map(
    lambda tokens: f"so {' '.join(tokens)} end"
)


def read_all(text: str) -> Reading:
    script = parse_transcript(text)
    return read_brackets(script, find_undecided(script))


def find_spoken(reading: Reading, *aligned: str) -> list[tuple[str, ...]]:
    """The brackets that are said if the sound has these words."""
    words = tuple(
        Word(word, 100 * n, 100 * n + 90, "aligned", 1.0, 0)
        if word.strip("().,") in aligned
        else Word(word, None, None, "unspoken", 0.0, 0)
        for n, word in enumerate(reading.script.words)
    )
    timed = TimedText("en", "pocketsphinx", 60_000, (Turn(None, None, 0, len(words)),), words)
    return [reading.script.brackets[number].tokens for number in sorted(reading.find_spoken(timed))]


@given(texts)
def test_with_all_brackets_said_every_token_is_a_word_verbatim(text: str) -> None:
    reading = read_all(text)
    assert reading.script.words == tuple(text.split())
    assert not reading.script.sounds
    assert {reading.script.words[token] for token in reading.inside} >= {
        token for token in text.split() if token[0] in "(["
    }


def test_a_text_of_brackets_alone_has_no_words() -> None:
    assert read_all("(abc def) [ghi]").script.words == ()


@given(texts)
def test_with_none_said_the_text_is_as_it_was_parsed(text: str) -> None:
    script = parse_transcript(text)
    assert read_brackets(script, ()).script == script


@given(texts, st.randoms(use_true_random=False))
def test_any_reading_has_each_bracket_once_and_turns_that_cover_it(
    text: str, chance: random.Random
) -> None:
    script = parse_transcript(f"- {text}\n- {text}")
    said = {number for number in find_undecided(script) if chance.random() < 0.5}
    made = read_brackets(script, said).script
    assert len(made.sounds) + len(said) == len(script.sounds)
    assert [turn.first_word for turn in made.turns] == [0, made.turns[0].n_words]
    assert sum(turn.n_words for turn in made.turns) == len(made.words)
    letters = [char for char in "".join(made.words) if char.isalnum()]
    letters += [char for sound in made.sounds for char in sound.text if char.isalnum()]
    assert sorted(letters) == sorted(char for char in text * 2 if char.isalnum())
    places = [sound.after_word for sound in made.sounds]
    assert places == sorted(places)


def test_a_mark_after_a_bracket_joins_the_word_before_only_if_it_is_no_word() -> None:
    script = parse_transcript("we met the team (ABC) in Paris (France).")
    assert script.words[-1] == "Paris."
    made = read_brackets(script, {1}).script
    assert made.words == ("we", "met", "the", "team", "in", "Paris", "(France).")
    assert [(sound.text, sound.after_word) for sound in made.sounds] == [("ABC", 3)]


@pytest.mark.parametrize("noise", ["(laughing)", "[Music]", "(inaudible 0:05)", "(Nora sighs)"])
def test_a_bracket_that_names_a_noise_is_none_of_words(noise: str) -> None:
    assert not find_undecided(parse_transcript(f"so {noise} then"))


def test_a_heading_that_is_said_is_words() -> None:
    reading = read_all("so [Part One] we went")
    assert reading.script.words == ("so", "[Part", "One]", "we", "went")
    assert (reading.script.n_headings, parse_transcript("a [Part One] b").n_headings) == (0, 1)


def test_a_bracket_is_said_if_most_of_its_words_are_found() -> None:
    reading = read_all("we paid (about forty dollars) for it (or more).")
    assert find_spoken(reading, "about", "dollars") == [("(about", "forty", "dollars)")]
    assert find_spoken(reading, "more") == []
    assert find_spoken(reading, "or", "more") == [("(or", "more)")]


def test_the_words_of_a_bracket_may_be_left_unspoken_in_the_graph_and_in_the_language_model() -> (
    None
):
    reading = read_all("we paid them (about forty dollars) for it all")
    text = speak_text(reading.script.words, "en")
    forms = reading.make_optional(text).forms
    assert [UNSAID in ways for ways in forms] == [3 <= token < 6 for token in range(9)]
    assert list(reading.format_bypasses(text)) == ["paid them for it"]


numbers = st.lists(st.integers(0, 999), min_size=1, max_size=3).map(
    lambda groups: " ".join([str(1 + groups[0] % 999), *(f"{group:03}" for group in groups[1:])])
)


@given(
    st.lists(st.one_of(plain, numbers, brackets, numbers.map("({})".format)), max_size=12),
    st.sets(st.integers(0, 12)),
)
def test_numbers_over_several_words_and_brackets_leave_the_same_tokens_in_every_reading(
    tokens: list[str], spoken: set[int]
) -> None:
    script = parse_transcript(f"so {' '.join(tokens)} end")
    everything = read_brackets(script, find_undecided(script))
    chosen = read_brackets(script, find_undecided(script) & spoken)
    text = speak_text(everything.list_tokens(), "en")
    remaining = everything.list_remaining(text, find_undecided(script) & spoken)
    left = [everything.list_tokens()[token] for token in remaining]
    assert [one.rstrip(".,?”") for one in left] == [
        one.rstrip(".,?”") for one in chosen.list_tokens()
    ]
    assert " ".join(chosen.list_tokens()).replace("\u202f", " ").split() == list(
        chosen.script.words
    )
