"""How well words follow each other, by the model in PocketSphinx's wheel."""

import pytest

from pipeline.language_models.bigrams import MAX_LIFT, measure_pmi


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
    first: str, usual: str, strange: str
) -> None:
    assert measure_pmi(first, usual) > 1
    assert measure_pmi(first, strange) < 0


@pytest.mark.parametrize(
    ("first", "second"),
    [("skarnholt", "the"), ("the", "skarnholt"), ("<s>", "the"), ("the", "<s>"), ("", "the")],
)
def test_words_that_the_model_does_not_know_have_no_pmi(first: str, second: str) -> None:
    assert measure_pmi(first, second) == 0


def test_no_pair_decides_alone() -> None:
    assert measure_pmi("los", "angeles") == MAX_LIFT
