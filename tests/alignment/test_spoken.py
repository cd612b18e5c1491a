"""How a written token may be said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment.spoken import MAX_FORMS, spoken_forms

LIKELIEST = {
    "word": "word",
    "Stop!": "stop",
    "“quoted,”": "quoted",
    "it’s": "it's",
    "'cause": "'cause",
    "’em,": "'em",
    "dogs'": "dogs",
    "'hello'": "hello",
    "rock'n'roll": "rock'n'roll",
    "state-of-the-art": "state of the art",
    "knock-": "knock",
    "5,000": "five thousand",
    "300,000": "three hundred thousand",
    "24/7": "twenty four seven",
    "$40": "forty dollars",
    "$1": "one dollar",
    "$1.50": "one dollar fifty",
    "$2.00": "two dollars",
    "$0.05": "five cents",
    "$5bn": "five billion dollars",
    "€20": "twenty euros",
    "70%": "seventy percent",
    "1984": "nineteen eighty four",
    "1500": "fifteen hundred",
    "2005": "two thousand and five",
    "1950s.": "nineteen fifties",
    "around'90": "around ninety",
    "a100s": "a one hundreds",
    "100k": "one hundred k",
    "0.7": "zero point seven",
    ".7": "point seven",
    "3.10": "three point one zero",
    "1.2.3": "one point two point three",
    "1st": "first",
    "22nd,": "twenty second",
    "9:05": "nine o five",
    "10:00": "ten",
    "9:30am": "nine thirty a m",
    "U.S.": "u s",
    "a.i.": "a i",
    "NASA": "nasa",
    "GROK-1,": "grok one",
    "R&D": "r and d",
    "C++": "c plus plus",
    "#1": "number one",
    "II": "two",
    "www.example.com": "w w w dot example dot com",
    "https://example.com/a": "example dot com slash a",
    "nora@example.org,": "nora at example dot org",
    "café": "café",
    "cafe\u0301": "café",
    "Привет!": "привет",
    "हिन्दी": "हिन्दी",
    "東京": "東京",
}

OTHER_WAYS = {
    "1984": "one nine eight four",
    "2024": "two thousand twenty four",
    "140": "one forty",
    "100": "a hundred",
    "100k": "one hundred thousand",
    "$40": "forty",
    "$1.50": "one dollar and fifty cents",
    "0.7": "point seven",
    "3.11": "three point eleven",
    "007": "zero zero seven",
    "NASA": "n a s a",
    "iv": "iv",
    "9am": "nine am",
    "end.Then": "end then",
}


@pytest.mark.parametrize(("token", "said"), LIKELIEST.items())
def test_a_token_is_likeliest_said_so(token: str, said: str) -> None:
    assert " ".join(spoken_forms(token)[0]) == said


@pytest.mark.parametrize(("token", "said"), OTHER_WAYS.items())
def test_a_token_may_be_said_another_way(token: str, said: str) -> None:
    assert tuple(said.split()) in spoken_forms(token)[1:]


@pytest.mark.parametrize("token", ["--", "-", "…", ",", "(?)", "“”", "♪"])
def test_punctuation_alone_has_nothing_to_say(token: str) -> None:
    assert spoken_forms(token) == ((),)


@pytest.mark.parametrize(
    ("token", "language", "said"),
    [
        ("1984", "de", "eintausendneunhundertvierundachtzig"),
        ("5,000", "fr", "cinq mille"),
        ("70%", "es", "setenta"),
        ("3.5", "fr", "trois virgule cinq"),
        ("21", "xx", "twenty one"),
    ],
)
def test_numbers_are_said_in_the_texts_language(token: str, language: str, said: str) -> None:
    assert " ".join(spoken_forms(token, language)[0]) == said


@pytest.mark.parametrize("number", ["7" * 400, "7" * 5000, "0." + "7" * 400, "7" * 400 + ".5"])
@pytest.mark.parametrize("language", ["en", "am", "de"])
def test_endless_numbers_are_read_digit_by_digit(number: str, language: str) -> None:
    (digit,) = spoken_forms("7", language)[0]
    assert spoken_forms(number, language)[0].count(digit) >= number.count("7")


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30))
def test_every_token_has_forms_of_sayable_words(token: str) -> None:
    forms = spoken_forms(token)
    assert 1 <= len(forms) <= MAX_FORMS
    assert len(set(forms)) == len(forms)
    for form in forms:
        assert all(word and word == word.lower() and not word.isspace() for word in form)
        assert not any(char in '."?!,;:' for word in form for char in word)


@given(
    st.integers(0, 10**9), st.sampled_from(["", "$", "€"]), st.sampled_from(["", "%", "k", "th"])
)
def test_numbers_are_never_silent(number: int, before: str, behind: str) -> None:
    for token in (f"{before}{number}{behind}", f"{before}{number:,}{behind}"):
        assert all(spoken_forms(token))
        assert not any(char.isdigit() for form in spoken_forms(token) for w in form for char in w)
