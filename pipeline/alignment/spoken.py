"""How a written token may be said: digits, currency, clock times, acronyms, addresses, in words.

Which phones those words have is an engine's matter.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import product

from num2words import num2words

SpokenForm = tuple[str, ...]
"""Lower-case words in the order they are said; empty for a token with nothing to say."""

MAX_FORMS = 8
"""A token is never given more spoken forms than this; the likeliest come first."""

LONGEST_ACRONYM = 5

MAX_DIGITS = 7
"""Longer numbers are not offered digit by digit."""

LONGEST_NUMBER = 15
"""More digits than this nobody says as one number: they are read out one by one."""

_APOSTROPHES = str.maketrans("’‘ʼ`", "''''")
_KEEPS_APOSTROPHE = frozenset("'cause 'em 'til 'bout 'round 'kay 'n 'tis 'twas".split())
_ROMAN_NUMERALS = {
    "ii": "two",
    "iii": "three",
    "iv": "four",
    "vi": "six",
    "vii": "seven",
    "viii": "eight",
}
_SYMBOLS = {"&": "and", "+": "plus", "@": "at", "=": "equals", "#": "number", "°": "degrees"}
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}
_HUNDREDTHS = {"$": "cents", "€": "cents", "£": "pence"}
_HALVES_OF_DAY = ("am", "pm")
_UNITS = {"k": ("k", "thousand"), "m": ("m", "million"), "b": ("b", "billion"), "bn": ("billion",)}
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+[.@])+[a-z]{2,}(?:/[\w./-]*)?", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[a-z]\.){2,}[a-z]?'?s?", re.IGNORECASE)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+"
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0971-\u0df3"
    "\u0e31-\u0e4e\u0eb1-\u0ecd\u1000-\u109d\u1780-\u17d3\u200c\u200d"
)
"""Vowel signs and accents of many scripts are no letters to Python; here they belong to a word."""
_LETTER = rf"(?:[^\W\d_]|(?!\d)[{_MARKS}])"
_PIECE = re.compile(
    rf"(?P<currency>[$€£¥])?(?P<number>{_NUMBER}|\.\d+)(?P<ordinal>(?:st|nd|rd|th)\b)?"
    r"(?P<unit>(?:k|m|bn?)\b)?(?P<plural>'?s\b)?(?P<percent>%)?"
    rf"|(?P<word>{_LETTER}+(?:'{_LETTER}+)*'?)|(?P<symbol>[&+@=#°])",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?!\d)")


@cache
def spoken_forms(token: str, language: str = "en") -> tuple[SpokenForm, ...]:
    """The ways a token may be said, likeliest first.

    Returns:
        At least one form; `((),)` when there is nothing to say (`--`).
    """
    text = unicodedata.normalize("NFC", token).translate(_APOSTROPHES)
    if _INITIALS.fullmatch(text.strip("\"',;:!?()")):
        return (tuple(re.findall(r"[a-z]", text.lower())),)
    choices = [
        _forms_of_piece(piece, text, language) for piece in _PIECE.finditer(_spell_clock(text))
    ]
    forms = [tuple(w for part in parts for w in part) for parts in _first(choices)]
    if _ADDRESS.fullmatch(text.strip("\"',;:!?().")) and not re.search(r"\d\.\d", text):
        forms = [tuple(_say_address(_SCHEME.sub("", text))), *forms]
    return tuple(dict.fromkeys(forms))[:MAX_FORMS] or ((),)


def _first(choices: list[tuple[SpokenForm, ...]]) -> Iterator[tuple[SpokenForm, ...]]:
    """Up to MAX_FORMS combinations of the pieces' forms; the first takes each piece's likeliest."""
    for _, parts in zip(range(MAX_FORMS), product(*choices), strict=False):
        yield parts


def _forms_of_piece(piece: re.Match[str], text: str, language: str) -> tuple[SpokenForm, ...]:
    if piece["word"]:
        return _forms_of_word(piece["word"], text)
    if piece["symbol"]:
        return ((_SYMBOLS[piece["symbol"]],),) if language == "en" else ((),)
    return tuple(_say_quantity(piece, language))


def _forms_of_word(word: str, text: str) -> tuple[SpokenForm, ...]:
    """A word; in capitals also letter by letter, a Roman numeral also as its number."""
    lowered = word.lower()
    if lowered in _HALVES_OF_DAY and re.search(r"\d", text):
        return (tuple(lowered), (lowered,))
    if f"'{lowered}" in _KEEPS_APOSTROPHE and f"'{lowered}" in text.lower():
        return ((f"'{lowered}",),)
    plain = lowered.removesuffix("'") or lowered
    if plain in _ROMAN_NUMERALS:
        return ((_ROMAN_NUMERALS[plain],), (plain,))
    if word.isupper() and word.isascii() and 2 <= len(plain) <= LONGEST_ACRONYM:
        return ((plain,), tuple(plain))
    return ((plain,),)


def _say_address(text: str) -> Iterator[str]:
    """`www.example.com/a` as people read it out."""
    for part in re.findall(r"[^\W\d_]+|\d|[.@/_-]", text.lower().removesuffix(".")):
        if part == "www":
            yield from "www"
        else:
            names = {".": "dot", "@": "at", "/": "slash", "-": "dash", "_": "underscore"}
            yield names.get(part) or (
                _say_number(part, "en", "cardinal")[0] if part.isdigit() else part
            )


def _spell_clock(text: str) -> str:
    """`9:05` as `9 o 5`, `10:00` as `10`, `10:30` as `10 30`."""

    def spell(match: re.Match[str]) -> str:
        hour, minute = match[1], match[2]
        if minute == "00":
            return f"{hour} "
        return f"{hour} o {minute[1]}" if minute[0] == "0" else f"{hour} {minute}"

    return _CLOCK.sub(spell, text)


def _say_quantity(piece: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """A number with what is written around it, each way of saying the number in turn."""
    number = piece["number"].replace(",", "")
    tails: list[SpokenForm] = [()]
    if piece["unit"]:
        tails = [(unit,) for unit in _UNITS[piece["unit"].lower()]]
    if piece["percent"]:
        tails = [("percent",)] if language == "en" else [()]
    if piece["currency"] and language == "en":
        name = _CURRENCIES[piece["currency"]]
        name += "" if number == "1" or name == "yen" else "s"
        tails = [*((*tail, name) for tail in tails), *tails]
    kind = "ordinal" if piece["ordinal"] else "cardinal"
    if piece["currency"] and language == "en" and not piece["unit"]:
        yield from _say_price(number, piece["currency"])
    for said in _say_all_ways(number, language, kind, has_commas="," in piece["number"]):
        for tail in tails:
            form = (*said, *tail)
            yield (*form[:-1], _plural(form[-1])) if piece["plural"] and language == "en" else form


def _say_price(number: str, currency: str) -> Iterator[SpokenForm]:
    """`$1.50` as one dollar fifty, one fifty, one dollar and fifty cents."""
    whole, _, fraction = number.partition(".")
    if not whole or len(fraction) != 2 or currency not in _HUNDREDTHS:
        return
    name = _CURRENCIES[currency] + ("" if whole == "1" else "s")
    said, rest = _say_number(whole, "en", "cardinal"), _say_number(fraction, "en", "cardinal")
    if int(whole) == 0 or int(fraction) == 0:
        yield (*said, name) if int(fraction) == 0 else (*rest, _HUNDREDTHS[currency])
        return
    yield (*said, name, *rest)
    yield (*said, *rest)
    yield (*said, name, "and", *rest, _HUNDREDTHS[currency])


def _say_all_ways(number: str, language: str, kind: str, has_commas: bool) -> list[SpokenForm]:
    """The ways to say a number, likeliest first: as a year, by hundreds, in pairs, by digits."""
    whole, _, fraction = number.partition(".")
    cardinal = _say_number(number, language, kind)
    if language != "en" or kind == "ordinal":
        return [cardinal]
    ways = [cardinal]
    if fraction:
        bare = cardinal[1:] if cardinal[0] == "zero" else cardinal
        ways = [cardinal, bare] if whole else [bare, cardinal]
        if len(fraction) == 2 and fraction[0] != "0":
            before = _say_number(whole, language, kind) if whole else ()
            ways.append((*before, "point", *_say_number(fraction, language, kind)))
    elif not has_commas and len(whole) == 4 and whole[0] != "0":
        year = _say_number(whole, language, "year")
        is_year = 1100 <= int(whole) < 2100
        ways = [year, cardinal] if is_year else [cardinal, year]
    elif not has_commas and len(whole) == 3 and whole[1] != "0" and whole[0] != "0":
        pair = _say_number(whole[0], language, kind) + _say_number(whole[1:], language, kind)
        ways.append(pair)
    if "and" in cardinal:
        ways.append(tuple(word for word in cardinal if word != "and"))
    if cardinal[0] == "one" and len(cardinal) > 1:
        ways.append(("a", *cardinal[1:]))
    if 2 <= len(number) <= MAX_DIGITS and not has_commas and "." not in number:
        ways.append(tuple(w for digit in number for w in _say_number(digit, language, kind)))
    return list(dict.fromkeys(ways))


@cache
def _say_number(number: str, language: str, kind: str) -> SpokenForm:
    """A number in words: in English where no rule knows the language, long ones digit by digit."""
    whole, point, fraction = number.partition(".")
    words: SpokenForm = ()
    if len(number) <= LONGEST_NUMBER and not (point and language == "en"):
        words = _ask_num2words(number, language, kind)
    if words or len(number) == 1:
        return words
    if len(whole) > LONGEST_NUMBER or not point:
        return _say_digits(number.replace(".", ""), language)
    before = _say_number(whole or "0", language, kind)
    return (*before, *(("point",) if language == "en" else ()), *_say_digits(fraction, language))


def _say_digits(digits: str, language: str) -> SpokenForm:
    return tuple(word for digit in digits for word in _say_number(digit, language, "cardinal"))


def _ask_num2words(number: str, language: str, kind: str) -> SpokenForm:
    """What the library makes of a number; nothing if it makes nothing."""
    value = Decimal(number) if "." in number else int(number)
    try:
        said = num2words(value, lang=language, to=kind)
    except (NotImplementedError, LookupError, ArithmeticError, ValueError, TypeError):
        said = num2words(value, to=kind if kind != "year" else "cardinal")
    return tuple(re.findall(r"[^\W\d_]+", said.lower()))


def _plural(word: str) -> str:
    """`fifty` as in the fifties, `hundred` as in hundreds."""
    return word.removesuffix("y") + "ies" if word.endswith("y") else word + "s"
