"""Spoken forms of a bare number, in every language that num2words has.

Currency and units are in `quantities.py`, clocks, dates and the like in `notations.py`.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from num2words import num2words

SpokenForm = tuple[str, ...]
"""Lower-case words in spoken order; empty for a silent token."""

MAX_DIGITS = 7
"""Digits. Longer numbers get no form digit by digit."""

LONGEST_NUMBER = 15
"""Digits. Longer numbers are spoken digit by digit only."""

DIGIT_SPACE = "\u202f"
"""Joins the words of a number written over several: the narrow no-break space, which the Unicode
CLDR has between groups of digits. No word holds one, as texts are split at white space."""

LARGE = frozenset({"hundred", "thousand", "million", "billion", "trillion"})
_SPACED_NUMBER = re.compile(r"(?<![\w.,'’])[1-9]\d{0,2}(?:\n\d{3})+(?!\d|\n\d{4})")
"""Groups of three digits after a first group of one to three. More digits follow in a phone number,
`800 555 1234`."""


def join_spaced_numbers(tokens: Iterable[str]) -> list[str]:
    """Tokens with those of a number over several joined: `1 000 000` to one of three parts."""
    lines = "\n".join(tokens)
    joined = _SPACED_NUMBER.sub(lambda number: number[0].replace("\n", DIGIT_SPACE), lines)
    return joined.split("\n") if lines else []


@lru_cache(2**16)
def verbalize_all_ways(
    number: str, language: str, has_commas: bool = False
) -> tuple[SpokenForm, ...]:
    """All spoken forms of a number, likeliest first: cardinal, year, in pairs, by digits."""
    cardinal = verbalize_number(number, language)
    if language != "en":
        return (cardinal,)
    if "." in number:
        return tuple(dict.fromkeys(_verbalize_decimal(number, cardinal)))
    ways = [cardinal]
    if not has_commas:
        ways = _verbalize_as_code(number, cardinal)
    if "and" in cardinal:
        ways.append(tuple(word for word in cardinal if word != "and"))
    if cardinal[0] == "one" and cardinal[1:] and cardinal[1] in LARGE:
        ways.append(("a", *cardinal[1:]))
    if 2 <= len(number) <= MAX_DIGITS and not has_commas:
        digits = verbalize_digits(number, language)
        ways.append(digits)
        if "zero" in digits:
            ways.append(tuple("o" if word == "zero" else word for word in digits))
    return tuple(dict.fromkeys(ways))


def _verbalize_as_code(number: str, cardinal: SpokenForm) -> list[SpokenForm]:
    """Four digits also as a year, `1984`; three also as one forty, `140`, or one o five, `105`."""
    if len(number) == 4 and number[0] != "0":
        year = tuple(
            "o" if word == "oh" else word for word in verbalize_number(number, "en", "year")
        )
        return [year, cardinal] if 1100 <= int(number) < 2100 else [cardinal, year]
    if len(number) == 3 and number[0] != "0" and number[1:] != "00":
        last = ("o", *verbalize_number(number[2], "en")) if number[1] == "0" else ()
        return [
            cardinal,
            (*verbalize_number(number[0], "en"), *(last or verbalize_number(number[1:], "en"))),
        ]
    return [cardinal]


def _verbalize_decimal(number: str, cardinal: SpokenForm) -> list[SpokenForm]:
    """`0.7` as zero point seven, point seven; `3.11` also as three point eleven."""
    whole, _, fraction = number.partition(".")
    bare = cardinal[1:] if cardinal[0] == "zero" else cardinal
    ways = [cardinal, bare] if whole else [bare, cardinal]
    before = verbalize_number(whole, "en") if whole else ()
    if len(fraction) == 2 and fraction[0] != "0":
        ways.append((*before, "point", *verbalize_number(fraction, "en")))
    if fraction == "5" and before:
        ways.append((*before, "and", "a", "half") if int(whole) else ("half",))
    return ways


@lru_cache(2**16)
def verbalize_number(number: str, language: str, kind: str = "cardinal") -> SpokenForm:
    """A number in words: in English where num2words lacks the language; long ones by digits."""
    whole, point, fraction = number.partition(".")
    words: SpokenForm = ()
    if len(number) <= LONGEST_NUMBER and not (point and language == "en"):
        words = _ask_num2words(number, language, kind)
    if words or len(number) == 1:
        return words
    if len(whole) > LONGEST_NUMBER or not point:
        return verbalize_digits(number.replace(".", ""), language)
    before = verbalize_number(whole or "0", language, kind)
    return (
        *before,
        *(("point",) if language == "en" else ()),
        *verbalize_digits(fraction, language),
    )


def verbalize_digits(digits: str, language: str) -> SpokenForm:
    """Each digit by itself."""
    return tuple(word for digit in digits for word in verbalize_number(digit, language))


def name_currency(number: str, language: str, code: str) -> str:
    """The name of a currency (`EUR`) as spoken after this number; empty if unknown."""
    spoken = _ask_num2words(number, language, "currency", code)
    n_words = len(verbalize_number(number, language))
    return spoken[n_words] if n_words < len(spoken) else ""


def make_plural(word: str) -> str:
    """`fifty` as in the fifties, `hundred` as in hundreds."""
    return word.removesuffix("y") + "ies" if word.endswith("y") else word + "s"


def _ask_num2words(number: str, language: str, kind: str, currency: str = "") -> SpokenForm:
    """The words of num2words; in English, or none for a currency, where it has no rule."""
    value = Decimal(number) if "." in number else int(number)
    try:
        if currency:
            spoken = num2words(float(value), lang=language, to=kind, currency=currency)
        else:
            spoken = num2words(value, lang=language, to=kind)
    except (NotImplementedError, LookupError, ArithmeticError, ValueError, TypeError):
        spoken = "" if currency else num2words(value, to=kind if kind != "year" else "cardinal")
    return tuple(re.findall(r"[^\W\d_]+", spoken.lower()))
