"""The job's own spoken forms come before every rule."""

import pytest

from pipeline.aligners.options import AlignOptions
from pipeline.verbalization.spoken_text import speak_text
from pipeline.verbalization.tokens import spoken_forms
from pipeline.verbalization.vocabulary import read_vocabulary

GIVEN = {
    "xAI": "x a i",
    "GIF": ("jif", "g i f"),
    "24/7": "twenty four seven three sixty five",
    "$40": ("forty bucks",),
    "C++": "see plus plus",
    "Kardashev": ("K AA1 R D AH0 SH EH2 V",),
    "a100s": "EY1 HH AH N D R AH D Z",
}


@pytest.mark.parametrize(
    ("token", "forms"),
    [
        ("xAI", ["x a i"]),
        ("XAI,", ["x a i"]),
        ("“xai”", ["x a i"]),
        ("xAI's", ["x a i's"]),
        ("gif.", ["jif", "g i f"]),
        ("24/7!", ["twenty four seven three sixty five"]),
        ("$40", ["forty bucks"]),
        ("c++,", ["see plus plus"]),
        ("A100s", ["a100s"]),
    ],
)
@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_a_token_is_verbalized_as_the_job_says(token: str, forms: list[str], language: str) -> None:
    assert [" ".join(form) for form in read_vocabulary(GIVEN).say(token, language)] == forms


@pytest.mark.parametrize("token", ["Kardashev,", "gift", "24", "40", "--"])
def test_what_the_job_does_not_respell_is_verbalized_by_rule(token: str) -> None:
    assert read_vocabulary(GIVEN).say(token, "en") == spoken_forms(token)


def test_recognized_words_are_verbalized_the_same_way() -> None:
    text = speak_text(["the", "xAI", "team"], "de", vocabulary=read_vocabulary(GIVEN))
    assert text.words == ("the", "x", "a", "i", "team")
    assert text.say("XAI") == ("x", "a", "i")


@pytest.mark.parametrize(
    ("token", "way"),
    [
        ("GIF", ""),
        ("GIF", "Jif"),
        ("GIF", "JIF like"),
        ("GIF", "b iy1"),
        ("GIF", "3"),
        ("GIF", "jif!"),
        ("two words", "two words"),
        ("--", "dash"),
        ("a(b)", "a b"),
    ],
)
def test_an_entry_that_is_no_pronunciation_is_one_line_with_its_token(token: str, way: str) -> None:
    with pytest.raises(ValueError, match="vocabulary") as caught:
        AlignOptions(vocabulary={token: (way,)})
    assert f"vocabulary.{token}: " in str(caught.value)


def test_one_way_or_several_may_be_given() -> None:
    assert AlignOptions(vocabulary={"GIF": "jif", "api": ("a p i", "EY1 P IY0")})
