"""Ends of sentences and of questions are seen behind whatever closes."""

import pytest

from pipeline.text.sentence_ends import closes_question, closes_sentence


@pytest.mark.parametrize("token", ["sea.", "sea!", 'sea."', "(sea.)", "sea…", "海。", "sea?'"])
def test_a_sentence_ends(token: str) -> None:
    assert closes_sentence(token)


@pytest.mark.parametrize("token", ["sea?", "sea?”", "海？", "(sea?)"])
def test_a_question_ends(token: str) -> None:
    assert closes_question(token)
    assert closes_sentence(token)


@pytest.mark.parametrize("token", ["sea", "sea,", "3.5", "what?ever", ""])
def test_nothing_ends(token: str) -> None:
    assert not closes_sentence(token)
    assert not closes_question(token)
