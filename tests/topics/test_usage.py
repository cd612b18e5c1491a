"""Words are told apart by what stands beside them."""

import pytest

from pipeline.topics.clauses import Spoken
from pipeline.topics.usage import Usage, asks_for_quality

TEXT = (
    "We avoid the storm. They avoid storms, and the storm is very strong. "
    "A storm of nuclear waste, nuclear sand. Nuclear waste is more toxic than waste."
)


def count(text: str) -> Usage:
    tokens = text.split()
    return Spoken(tokens, [None] * len(tokens)).usage


@pytest.mark.parametrize(
    ("word", "is_verb", "is_head", "is_thing"),
    [
        ("avoid", True, False, False),
        ("storm", False, True, True),
        ("waste", False, True, True),
        ("nuclear", False, False, False),
        ("strong", False, False, False),
    ],
)
def test_verbs_things_and_qualities(
    word: str, is_verb: bool, is_head: bool, is_thing: bool
) -> None:
    usage = count(TEXT)
    assert usage.is_verb(word) == is_verb
    assert usage.is_head(word) == is_head
    assert usage.is_thing(word) == is_thing


def test_in_an_unknown_language_any_word_may_be_any_part_of_speech() -> None:
    usage = count("пчёлы любят мёд, пчёлы живут в улье")
    assert not usage.is_verb("любят")
    assert usage.is_thing("мёд")


def test_what_ends_a_name_once_in_many_times_is_cut_from_one() -> None:
    usage = count(
        "the economic, most powerful engine. an economic engine, an economic war, an economic "
        "island, the economic side of an economic war. the engine is old."
    )
    assert not usage.is_head("economic")
    assert not usage.is_thing("economic")
    assert usage.is_thing("engine")


def test_what_is_joined_to_another_word_may_go_on() -> None:
    usage = count("the red and white flag. the red and the green. a red or white flag. the flag.")
    assert not usage.is_thing("red")
    assert usage.is_thing("flag")


def test_of_words_after_a_degree_only_those_of_a_statement_are_adjectives() -> None:
    assert asks_for_quality(("is", "very"))
    assert not asks_for_quality(("a", "very"))
    assert not asks_for_quality(("is", "the"))


def test_what_is_so_than_something_else_is_a_quality() -> None:
    usage = count("The moon pulls the sea harder than the sand. The sea is deep.")
    assert usage.is_quality("harder")
    assert not usage.is_head("harder")
    assert usage.is_thing("sea")


def test_what_goes_up_or_away_is_a_verb() -> None:
    usage = count("The water walks up the sand. It waits and walks away. The sand waits.")
    assert usage.is_verb("walks")
    assert not usage.is_verb("sand")
