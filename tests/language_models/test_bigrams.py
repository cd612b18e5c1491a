"""How well words follow each other, by the model in PocketSphinx's wheel."""

import pytest

from pipeline.language_models.bigrams import MAX_LIFT, Bigrams


@pytest.fixture(scope="module")
def pairs() -> Bigrams:
    return Bigrams()


@pytest.mark.parametrize(
    ("first", "usual", "strange"),
    [
        ("united", "states", "of"),
        ("of", "the", "of"),
        ("going", "to", "the"),
        ("years", "ago", "a"),
    ],
)
def test_what_usually_follows_is_lifted_and_what_never_does_is_not(
    pairs: Bigrams, first: str, usual: str, strange: str
) -> None:
    assert pairs.measure_pmi(first, usual) > 1
    assert pairs.measure_pmi(first, strange) < 0


@pytest.mark.parametrize(
    ("first", "second"),
    [("skarnholt", "the"), ("the", "skarnholt"), ("<s>", "the"), ("the", "<s>"), ("", "the")],
)
def test_words_that_the_model_does_not_know_have_no_pmi(
    pairs: Bigrams, first: str, second: str
) -> None:
    assert pairs.measure_pmi(first, second) == 0


def test_no_pair_decides_alone(pairs: Bigrams) -> None:
    assert pairs.measure_pmi("los", "angeles") == MAX_LIFT
