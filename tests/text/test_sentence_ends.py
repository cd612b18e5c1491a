"""Ends of sentences and of questions are seen behind whatever closes."""

import pytest

from pipeline.text.sentence_ends import ends_question, ends_sentence


@pytest.mark.parametrize(
    "token",
    ["sea.", "sea!", 'sea."', "(sea.)", "sea…", "海。", "海。」", "sea?'", "No.", "I."],
)
def test_a_sentence_ends(token: str) -> None:
    assert ends_sentence(token)


@pytest.mark.parametrize("token", ["sea?", "sea?”", "海？", "(sea?)", "بحر؟"])
def test_a_question_ends(token: str) -> None:
    assert ends_question(token)
    assert ends_sentence(token)


@pytest.mark.parametrize("token", ["sea", "sea,", "3.5", "what?ever", ""])
def test_nothing_ends(token: str) -> None:
    assert not ends_sentence(token)
    assert not ends_question(token)


@pytest.mark.parametrize("token", ["Mrs.", "Dr.", "“Prof.", "e.g.", "vs.", "J.", "(B."])
def test_after_an_abbreviation_and_an_initial_the_sentence_goes_on(token: str) -> None:
    assert not ends_sentence(token)


def test_a_language_may_bring_abbreviations_of_its_own() -> None:
    assert not ends_sentence("usw.", frozenset({"usw"}))
    assert ends_sentence("Dr.", frozenset({"usw"}))
