"""Punctuation and capitals of one text for the words of another."""

import pytest

from pipeline.recognizers.moonshine.marks import dress, has_marks, take_marks

FLAT = "Well there's a drug called soma i think they call it so do you"


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        (
            "Well, there's a drug called Soma. I think they call it so. Do you?",
            "Well, there's a drug called Soma. I think they call it so. Do you?",
        ),
        (
            "Well, there's a rug called Summer. I think they call it so. Do you?",
            "Well, there's a drug called Soma. I think they call it so. Do you?",
        ),
        (
            'Well, there\'s a "drug called soma. I think. they so, do you?"',
            "Well, there's a drug called soma. I think. they call it so, do you?",
        ),
        (
            "Well there's a drug called soma uh i think they call it so do you",
            FLAT,
        ),
        ("", FLAT),
        ("Nothing alike.", "Well there's a drug called soma i think they call it so do you."),
    ],
    ids=["same", "other words", "fewer words, quotes", "no marks", "nothing", "another text"],
)
def test_the_words_stay_and_take_marks(others: str, expected: str) -> None:
    assert " ".join(take_marks(FLAT.split(), others.split())) == expected


def test_punctuation_is_looked_for_after_words_only() -> None:
    assert has_marks(["so", "what?"])
    assert not has_marks(["it's", "3.5", "o'clock"])


def test_a_word_is_dressed_as_what_it_stands_for() -> None:
    assert dress(["salt;"], ["Sold,"]) == ("Salt,",)
    assert dress(["salt;"], []) == ("salt",)
