"""Words are told apart by what stands beside them."""

import pytest

from pipeline.topics.usage import Usage

TEXT = (
    "We avoid the storm. They avoid storms, and the storm is very strong. "
    "A storm of nuclear waste, nuclear sand. Nuclear waste is more toxic than waste."
)


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
    usage = Usage(TEXT.split())
    assert usage.is_verb(word) == is_verb
    assert usage.is_head(word) == is_head
    assert usage.is_thing(word) == is_thing


def test_of_a_language_it_does_not_know_it_says_nothing() -> None:
    usage = Usage("пчёлы любят мёд, пчёлы живут в улье".split())
    assert not usage.is_verb("любят")
    assert usage.is_thing("мёд")
