"""The spoken forms of a written token."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import abbreviations
from pipeline.text.letters import plain_letters
from pipeline.verbalization.forms import MAX_LETTERS
from pipeline.verbalization.numbers import join_spaced_numbers, verbalize_number
from pipeline.verbalization.spoken_text import speak_text
from pipeline.verbalization.tokens import MAX_FORMS, spoken_forms

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
    "https://www.spacex.com": "w w w dot spacex dot com",
    "https://x.com/a?b=c": "x dot com slash a question mark b equals c",
    "bbc.co.uk": "bbc dot c o dot u k",
    ".com": "dot com",
    "J.F.K.": "j f k",
    "F.": "f",
    "Dr.": "doctor",
    "etc.": "et cetera",
    "no.": "no",
    "No.1": "number one",
    "$1.5m": "one point five million dollars",
    "$20k": "twenty thousand dollars",
    "$5-10": "five to ten dollars",
    "$5/month": "five dollars per month",
    "50¢": "fifty cents",
    "5€": "five euros",
    "3.5%": "three point five percent",
    "%": "percent",
    "@lex": "at lex",
    "#launch": "hashtag launch",
    "C#": "c sharp",
    "10:30": "ten thirty",
    "1:02:03": "one o two o three",
    "1/2": "one half",
    "2/3": "two thirds",
    "1/8": "one eighth",
    "1½": "one and a half",
    "9/11": "nine eleven",
    "80/20": "eighty twenty",
    "GPT-4": "gpt four",
    "x^2": "x squared",
    "x²": "x squared",
    "10⁶": "ten to the six",
    "said.¹²": "said",
    "word¹,": "word",
    "H₂O": "h two o",
    "pp.": "pages",
    "ch.": "chapter",
    "Lt.": "lieutenant",
    "Ave.": "avenue",
    "govt.": "government",
    "w/o": "without",
    "Ft.": "fort",
    "Rev.": "reverend",
    "Jan.": "january",
    "Tues.": "tuesday",
    "min.": "minutes",
    "sec.": "seconds",
    "Max": "max",
    "sat.": "sat",
    "1°C": "one degree celsius",
    "1in": "one inch",
    "'98": "ninety eight",
    "90s": "nineties",
    "10-20": "ten to twenty",
    "2019–2020": "twenty nineteen to twenty twenty",
    "2pm-3pm": "two p m to three p m",
    "covid-19": "covid nineteen",
    "555-1234": "five five five one two three four",
    "+1-800-555-0199": "one eight o o five five five o one nine nine",
    "7/4/1776": "july fourth seventeen seventy six",
    "2001-09-11": "september eleventh two thousand and one",
    "5kg": "five kilograms",
    "1kg": "one kilogram",
    "100mph": "one hundred miles per hour",
    "km/h": "kilometers per hour",
    "100kb/s": "one hundred kilobytes per second",
    "20°C": "twenty degrees celsius",
    "30m²": "thirty square meters",
    "5'10\"": "five foot ten",
    "1920x1080": "nineteen twenty by one thousand and eighty",
    "192.168.0.1": (
        "one hundred and ninety two point one hundred and sixty eight point zero point one"
    ),
    "-5": "minus five",
    "5+5": "five plus five",
    "±3": "plus or minus three",
    "and/or": "and or",
    "AT&T": "a t and t",
    "B2B": "b two b",
    "XIV": "fourteen",
    "xi": "xi",
    "CO2": "co two",
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
    "https://x.com/a": "x dot com",
    "www.example.com": "example dot com",
    "example.com/path": "example dot com path",
    "e.g.": "for example",
    "10:30": "half past ten",
    "10:00": "ten o'clock",
    "12:00": "noon",
    "3/4": "three out of four",
    "9/11": "nine over eleven",
    "10-20": "ten twenty",
    "'98": "nineteen ninety eight",
    "-5": "five",
    "@lex": "lex",
    "#1": "one",
    "he/she": "he or she",
    "5m": "five meters",
    "5kg": "five kilogram",
    "6ft": "six foot",
    "2x": "two times",
    "x^2": "x to the power of two",
    "10⁶": "ten to the sixth",
    "10⁻³": "ten to the power of minus three",
    "No.": "number",
    "cf.": "see",
    "cpu": "c p u",
    "GPUs": "g p u's",
    "html": "h t m l",
    "sat.": "saturday",
    "Max": "maximum",
    "min": "minutes",
    "Lt.": "leftenant",
    "St.": "street",
    "said.¹²": "said twelve",
    "7.5": "seven and a half",
    "105": "one o five",
    "1080p": "ten eighty p",
    "v2.0": "version two point zero",
    "192.168.0.1": "one ninety two dot one sixty eight dot zero dot one",
    "XIV": "the fourteenth",
    "'90s": "nineteen nineties",
    '10"': "ten inches",
    "end.Then": "end then",
}


@pytest.mark.parametrize(("token", "spoken"), LIKELIEST.items())
def test_a_tokens_likeliest_spoken_form(token: str, spoken: str) -> None:
    assert " ".join(spoken_forms(token)[0]) == spoken


@pytest.mark.parametrize(("token", "spoken"), OTHER_WAYS.items())
def test_a_token_may_have_another_spoken_form(token: str, spoken: str) -> None:
    assert tuple(spoken.split()) in spoken_forms(token)[1:]


@pytest.mark.parametrize("token", ["--", "-", "…", ",", "(?)", "“”", "♪", "🙂", "👩🏽‍🚀", "™", "/"])
def test_punctuation_alone_has_nothing_to_say(token: str) -> None:
    assert spoken_forms(token) == ((),)


@pytest.mark.parametrize(
    ("token", "language", "spoken"),
    [
        ("1984", "de", "eintausendneunhundertvierundachtzig"),
        ("5,000", "fr", "cinq mille"),
        ("70%", "es", "setenta por ciento"),
        ("5.000", "de", "fünftausend"),
        ("3,5", "fr", "trois virgule cinq"),
        ("40€", "de", "vierzig euro"),
        ("$5", "es", "cinco dólares"),
        ("10:30", "de", "zehn uhr dreißig"),
        ("10-20", "fr", "dix à vingt"),
        ("1er", "fr", "premier"),
        ("R&D", "es", "r y d"),
        ("nora@example.es", "es", "nora arroba example punto e s"),
        ("½", "de", "eins zwei"),
        ("3.5", "fr", "trois virgule cinq"),
        ("21", "xx", "twenty one"),
    ],
)
def test_numbers_are_verbalized_in_the_texts_language(
    token: str, language: str, spoken: str
) -> None:
    assert " ".join(spoken_forms(token, language)[0]) == spoken


@pytest.mark.parametrize("number", ["7" * 400, "7" * 5000, "0." + "7" * 400, "7" * 400 + ".5"])
@pytest.mark.parametrize("language", ["en", "am", "de"])
def test_endless_numbers_are_read_digit_by_digit(number: str, language: str) -> None:
    (digit,) = spoken_forms("7", language)[0]
    n_read = min(number.count("7"), (MAX_LETTERS - len("zero point")) // len(digit))
    assert spoken_forms(number, language)[0].count(digit) >= n_read


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
def test_numbers_are_never_silent(number: int, before: str, after: str) -> None:
    for token in (f"{before}{number}{after}", f"{before}{number:,}{after}"):
        assert all(spoken_forms(token))
        assert not any(char.isdigit() for form in spoken_forms(token) for w in form for char in w)


@given(
    st.integers(1_000, 10**9),
    st.sampled_from([" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "’"]),
    st.sampled_from(["en", "de", "fr", "es"]),
    st.sampled_from(["", ".", ",", "!"]),
)
def test_digits_in_groups_are_one_number(
    number: int, between: str, language: str, after: str
) -> None:
    written = f"{number:,}".replace(",", between) + after
    tokens = join_spaced_numbers(f"there are {written} here".split())
    assert [tokens[0], tokens[1], tokens[-1]] == ["there", "are", "here"]
    assert len(tokens) == 4
    assert spoken_forms(tokens[2], language)[0] == verbalize_number(str(number), language)


@given(st.integers(1_000, 9_999), st.integers(1, 999))
def test_a_year_and_a_count_are_two_numbers(year: int, count: int) -> None:
    tokens = ["in", str(year), f"{count}", "people"]
    assert join_spaced_numbers(tokens) == tokens


@given(st.integers(1, 999), st.integers(100, 999))
def test_groups_that_may_be_two_numbers_have_both_readings(first: int, second: int) -> None:
    (token,) = join_spaced_numbers([str(first), str(second)])
    apart = (*verbalize_number(str(first), "en"), *verbalize_number(str(second), "en"))
    assert apart in spoken_forms(token)[1:]


@pytest.mark.parametrize("text", ["800 555 1234", "1 00", "1 0000", "020 946", "3.5 000", "1 ,000"])
def test_other_digits_are_not_joined(text: str) -> None:
    assert join_spaced_numbers(text.split())[0] == text.split()[0]


ABBREVIATED = sorted(
    (key.strip("."), ways)
    for name, kind in vars(abbreviations).items()
    if isinstance(kind, dict) and not name.startswith("_")
    for key, ways in kind.items()
    if key.strip(".").isalpha() and key not in ("in", "x") and key.islower()
)
"""Each abbreviation without a mark inside it, with its ways."""


@given(st.sampled_from(ABBREVIATED), st.sampled_from([str.lower, str.title]))
def test_every_abbreviation_may_be_said_in_full_and_as_it_is_written(
    entry: tuple[str, str], change: Callable[[str], str]
) -> None:
    key, ways = entry
    forms = spoken_forms(change(key) + ".")
    assert (key,) in forms
    assert any(tuple(way.split()) in forms for way in ways.split("|") if way != "~")


@given(st.text("bcdfghjklmnpqrstvwxz", min_size=2, max_size=5))
def test_small_letters_without_a_vowel_may_be_spelled(word: str) -> None:
    assert tuple(word) in spoken_forms(word) or word.endswith("s")


SHAPES = {
    "mathematical": lambda char: chr(ord("\U0001d41a") + ord(char) - ord("a")),
    "full-width": lambda char: chr(ord("ａ") + ord(char) - ord("a")),
    "hyphenated": lambda char: char + "\N{SOFT HYPHEN}",
    "zero-width": lambda char: char + "\N{ZERO WIDTH SPACE}",
}


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1), st.sampled_from(sorted(SHAPES)))
def test_letters_in_another_shape_are_spoken_alike(word: str, shape: str) -> None:
    written = "".join(map(SHAPES[shape], word))
    assert plain_letters(written) == word
    assert spoken_forms(written) == spoken_forms(word)


@pytest.mark.parametrize("ligature", ["ﬀ", "ﬁ", "ﬂ", "ﬃ", "ﬄ", "ﬆ", "Ǆ", "ĳ"])
def test_ligatures_are_spoken_as_their_letters(ligature: str) -> None:
    letters = unicodedata.normalize("NFKC", ligature)
    assert spoken_forms(f"di{ligature}er") == spoken_forms(f"di{letters}er")


@pytest.mark.parametrize("word", ["น้ำ", "می‌خواهم", "½", "№", "x²", "क्‍ष"])
def test_what_compatibility_would_change_in_meaning_stays(word: str) -> None:
    assert plain_letters(word) == word


@pytest.mark.parametrize(
    "sign, name", [("$", "dollars"), ("€", "euros"), ("£", "pounds"), ("¥", "yen")]
)
@pytest.mark.parametrize("scale", ["thousand", "million", "Billion,", "trillion."])
def test_a_prices_currency_is_said_after_the_word_that_scales_it(
    sign: str, name: str, scale: str
) -> None:
    text = speak_text(["for", f"{sign}16", scale, "or", f"{sign}16", "more"], "en")
    bare = scale.strip(",.").lower()
    assert text.words == ("for", "sixteen", bare, name, "or", "sixteen", name, "more")
    assert (bare,) in text.forms[2] and ("sixteen", name) in text.forms[1]
