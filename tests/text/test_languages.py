"""Languages by whatever name people give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langcodes import Language
from langcodes.data_dicts import LANGUAGE_ALPHA3, LANGUAGE_ALPHA3_BIBLIOGRAPHIC

from pipeline.text.languages import find_language, match_language

CODES = sorted(code for code in LANGUAGE_ALPHA3 if Language.get(code).language == code)
REGIONS = ("US", "DE", "BR", "001", "Latn", "Hant-TW")


@st.composite
def names(draw: st.DrawFn) -> tuple[str, str]:
    """A language's code, and one of the ways to write it."""
    code = draw(st.sampled_from(CODES))
    region = draw(st.sampled_from(REGIONS))
    ways = (
        code,
        code.upper(),
        f"{code}-{region}",
        f"{code}_{region}".upper(),
        LANGUAGE_ALPHA3[code],
        LANGUAGE_ALPHA3_BIBLIOGRAPHIC.get(code, LANGUAGE_ALPHA3[code]).upper(),
        Language.get(code).language_name(),
        Language.get(code).language_name().lower(),
        f"  {code}\t",
    )
    return code, draw(st.sampled_from(ways))


@given(names())
def test_a_language_is_known_by_codes_tags_and_names(name: tuple[str, str]) -> None:
    code, written = name
    assert find_language(written) == code
    assert find_language(code) == code


@pytest.mark.parametrize("code", ["no", "nb", "tl", "jw", "sh", "iw"])
def test_a_code_of_two_letters_stays_the_one_that_an_engine_may_know(code: str) -> None:
    assert find_language(code) == code


@given(st.text(max_size=20))
def test_what_is_no_language_is_refused_with_what_to_do(written: str) -> None:
    try:
        assert find_language(written).isalpha()
    except ValueError as error:
        assert "is no language; " in str(error)


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("gemran", "did you mean German?"),
        ("Spansih", "did you mean Spanish?"),
        ("xx", "write a code such as en, or its name"),
        ("und", "write a code such as en, or its name"),
        ("qqq", "write a code such as en, or its name"),
    ],
)
def test_a_language_nobody_knows_is_refused(written: str, remedy: str) -> None:
    with pytest.raises(ValueError, match=rf"'{written}' is no language; {remedy.rstrip('?')}"):
        find_language(written)


def test_a_model_is_asked_in_the_code_it_knows() -> None:
    whisper = ("de", "en", "jw", "no", "tl", "yue", "zh")
    pairs = {"nb": "no", "fil": "tl", "jv": "jw", "cmn": "zh", "yue": "yue", "eu": None, "en": "en"}
    assert {code: match_language(code, whisper) for code in pairs} == pairs
