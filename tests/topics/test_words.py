"""Stems of what is talked about; nothing of how people talk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.topics.words import clean_speech, find_stems, normalize


def test_forms_of_a_word_share_a_stem() -> None:
    stems = find_stems(["Bees,", "bee's", "BEE", "bees’"], "en")
    assert set(stems) == {"bee"}


@pytest.mark.parametrize(
    "token", "um yeah, don't we’ll going Brought 7 2% 24/7 3rd -- com- a things (okay)".split()
)
def test_fillers_small_numbers_and_cut_off_words_are_nothing(token: str) -> None:
    assert find_stems([token], "en-GB") == [None]


def test_years_and_names_with_digits_are_words() -> None:
    assert find_stems(["1984.", "A100s"], "en") == ["1984", "a100"]


def test_other_languages_are_stemmed_and_lose_what_is_everywhere() -> None:
    german = ["und die Bienen summen"] * 6 + ["und die Züge fahren"] * 12
    stems = find_stems(" ".join(german).split(), "de")
    assert stems[:4] == [None, None, "bien", "summ"]


@given(st.lists(st.text(max_size=12), max_size=60), st.sampled_from(["en", "fr", "xx", None, ""]))
def test_every_token_has_a_stem_or_none(tokens: list[str], language: str | None) -> None:
    stems = find_stems(tokens, language)
    assert len(stems) == len(tokens)
    assert all(stem is None or stem for stem in stems)


def test_punctuation_and_case_do_not_count() -> None:
    assert normalize("“Naïve,”") == "naïve"
    assert normalize("...") == ""


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("so, um, what is, uh, rust?", "What is rust?"),
        ("and you know, why why do they do- do it?", "Why do they do it?"),
        ("That that is it, it is.", "That is it, it is."),
        ("-- …", ""),
    ],
)
def test_speech_is_written_without_its_stumbles(spoken: str, written: str) -> None:
    assert clean_speech(spoken.split()) == written
