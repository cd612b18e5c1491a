"""Spoken forms of numbers with currency, units, percent or endings.

Bare numbers are in `numbers.py`; clocks, dates and the like in `notations.py`. Each `verbalize_`
takes a match of its pattern.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.text.abbreviations import UNITS
from pipeline.text.bare_words import strip_marks
from pipeline.verbalization.abbreviations import make_singular
from pipeline.verbalization.numbers import (
    DIGIT_SPACE,
    LARGE,
    SpokenForm,
    make_plural,
    name_currency,
    verbalize_all_ways,
    verbalize_digits,
    verbalize_number,
)

_CURRENCIES = {
    "$": ("dollar", "USD"), "€": ("euro", "EUR"), "£": ("pound", "GBP"), "¥": ("yen", "JPY"),
    "₹": ("rupee", "INR"), "₿": ("bitcoin", ""), "¢": ("cent", ""),
}  # fmt: skip
_HUNDREDTHS = {"$": "cents", "€": "cents", "£": "pence"}
_SCALES = {
    "k": ("k", "thousand"), "m": ("million",), "mn": ("million",), "b": ("billion",),
    "bn": ("billion",), "t": ("trillion",), "tn": ("trillion",),
}  # fmt: skip
_UNITS = {unit: tuple(ways.split("|")) for unit, ways in UNITS.items()}
RATES = {unit: tuple(tuple(way.split()) for way in _UNITS[unit]) for unit in ("km/h", "m/s")}
SYMBOLS = {
    "en": {"&": "and", "+": "plus", "@": "at", "=": "equals", "°": "degrees", "*": "times",
           "×": "times", "÷": "divided by", "<": "less than", ">": "greater than",
           "~": "about", "≈": "about", "±": "plus or minus", "%": "percent", "№": "number",
           "§": "section", "$": "dollars", "€": "euros", "£": "pounds"},
    "de": {"&": "und", "+": "plus", "@": "at", "=": "gleich", "%": "prozent", "§": "paragraf"},
    "fr": {"&": "et", "+": "plus", "@": "arobase", "=": "égale", "%": "pour cent"},
    "es": {"&": "y", "+": "más", "@": "arroba", "=": "igual a", "%": "por ciento"},
    "it": {"&": "e", "+": "più", "@": "chiocciola", "=": "uguale a", "%": "per cento"},
    "pt": {"&": "e", "+": "mais", "@": "arroba", "=": "igual a", "%": "por cento"},
    "nl": {"&": "en", "+": "plus", "@": "at", "=": "is", "%": "procent"},
}  # fmt: skip
TO = {"en": "to", "de": "bis", "fr": "à", "es": "a", "it": "a", "pt": "a", "nl": "tot"}
_ORDINALS = {
    "st": "en", "nd": "en", "rd": "en", "th": "en", "er": "fr es", "re": "fr", "e": "fr nl",
    "ère": "fr", "ème": "fr", "º": "es it pt", "ª": "es it pt",
}  # fmt: skip
_DECIMAL_COMMA = frozenset("de fr es it pt nl pl ru uk cs sv da nb no fi tr hu ro".split())

_SEPARATED = rf"\d{{1,3}}(?:[{DIGIT_SPACE}']\d{{3}})+(?:[.,]\d+)?"
_NUMBER = (
    rf"{_SEPARATED}|\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d{{1,3}}(?:\.\d{{3}})+,\d+|\d+\.\d+|"
    r"\d+,\d{1,2}(?!\d)|\d+"
)
_UNIT_NAMES = "|".join(sorted(map(re.escape, {*_SCALES, *_UNITS} - {"°", '"'}), key=len)[::-1])
QUANTITY = re.compile(
    rf"(?P<sign>(?<![\w)])(?:[+±]|[-−–](?=\S)))?(?P<currency>[$€£¥₹₿])?"
    rf"(?P<number>{_NUMBER}|(?<![^\W\d_])\.\d+)"
    rf"(?P<ordinal>(?:{'|'.join(_ORDINALS)})\b|[ºª])?"
    rf"(?P<unit>(?:{_UNIT_NAMES})(?![^\W_])|[°\"])?(?P<plural>'?s\b)?"
    r"(?P<percent>%)?(?P<after>[€£¥₹₿¢$](?!\d))?",
    re.IGNORECASE,
)
_BARE_PRICE = re.compile(r"\W*([$€£¥₹])\d[\d,.]*")
PRICE_RANGE = re.compile(r"([$€£])(\d+)[-–](\d+)(?![\w.,])")
RATE = re.compile(r"(?<=\w)/(s|sec|h|hr|min|day|week|mo|month|yr|year|hour|minute|second|kg|lb)\b")
_PER = {"s": "second", "sec": "second", "h": "hour", "hr": "hour", "min": "minute",
        "mo": "month", "yr": "year", "kg": "kilogram", "lb": "pound"}  # fmt: skip


def name_scaled_currency(price: str, scale: str) -> str:
    """The currency that is said after a scale of its own: dollars of `$16` and `million`; or ""."""
    found = _BARE_PRICE.fullmatch(price)
    if not found or strip_marks(scale).lower() not in LARGE:
        return ""
    return "".join(_currency_names("", found[1], "en", True)[0])


def verbalize_quantity(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """A number with its currency, unit or ending, for each spoken form of the number."""
    if language not in _DECIMAL_COMMA and re.fullmatch(r"\d+,\d\d?", match["number"]):
        first, last = (verbalize_number(part, language) for part in match["number"].split(","))
        yield (*first, *last)
        yield (*first, "point", *last)
        return
    for number, has_commas in _read_number(match["number"], language):
        for form in _verbalize_one(match, number, has_commas, language):
            yield from _with_sign(match["sign"], form, language)


def _with_sign(sign: str | None, form: SpokenForm, language: str) -> Iterator[SpokenForm]:
    """A form with and without its sign: a minus may be a hyphen, and a plus is often unspoken."""
    if sign and language == "en":
        if sign == "±":
            yield ("plus", "or", "minus", *form)
        elif sign == "+":
            yield ("plus", *form)
        else:
            yield ("minus", *form)
            yield ("negative", *form)
    yield form


def _read_number(written: str, language: str) -> Iterator[tuple[str, bool]]:
    """The digits with a decimal point, if any, and whether thousands were separated."""
    if re.fullmatch(_SEPARATED, written):
        yield re.sub(f"[{DIGIT_SPACE}']", "", written).replace(",", "."), True
    elif language in _DECIMAL_COMMA and re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", written):
        yield written.replace(".", "").replace(",", "."), True
        if written.count(".") == 1 and "," not in written:
            yield written, False
    elif language in _DECIMAL_COMMA and re.fullmatch(r"\d+,\d{1,2}", written):
        yield written.replace(",", "."), False
    else:
        yield written.replace(",", ""), "," in written


def _verbalize_one(
    match: re.Match[str], number: str, has_commas: bool, language: str
) -> Iterator[SpokenForm]:
    ordinal = (match["ordinal"] or "").lower()
    if ordinal:
        if language in _ORDINALS[ordinal].split():
            yield verbalize_number(number, language, "ordinal")
        else:
            yield (*verbalize_number(number, language), ordinal)
        return
    sign = match["currency"] or match["after"] or ""
    if sign and language == "en" and not match["unit"]:
        yield from _verbalize_price(number, sign)
    ways = verbalize_all_ways(number, language, has_commas)
    tails = _tails(match, language)
    if len(number) == 2 and (sign or tails != [()]):
        ways = ways[:1]
    if match["plural"] and language == "en":
        yield from _verbalize_plural(number, ways)
        return
    for spoken in ways:
        for tail in tails:
            for name in _currency_names(number, sign, language, bool(tail)):
                yield (*spoken, *tail, *name)


def _verbalize_plural(number: str, ways: Sequence[SpokenForm]) -> Iterator[SpokenForm]:
    """`1990s`, `a100s`; a short one may be seconds."""
    digits = verbalize_digits(number, "en")
    for spoken in ways:
        if len(number) < 2 or spoken != digits:
            yield (*spoken[:-1], make_plural(spoken[-1]))
    yield (*ways[0], "seconds")


def _tails(match: re.Match[str], language: str) -> list[SpokenForm]:
    """Spoken forms of the unit or percent sign after a number, likeliest first."""
    if match["percent"]:
        name = tuple(SYMBOLS.get(language, {}).get("%", "").split())
        return [name, ()] if language != "en" else [name]
    unit = (match["unit"] or "").lower()
    if not unit:
        return [()]
    is_glued_before = match.string[: match.start("number")][-1:].isalpha()
    if language != "en" or is_glued_before:
        return [(unit,)] if unit.isalpha() else [()]
    scales = _SCALES.get(unit, ())
    if match["currency"]:
        scales = scales[::-1]
    ways: list[str] = [*scales, *_UNITS.get(unit, ()), unit if unit.isalpha() else ""]
    singular = [make_singular(way) for way in _UNITS.get(unit, ()) if match["number"] == "1"]
    spelled = [tuple(unit)] if len(unit) > 1 and unit.isalpha() else []
    tails = [*(tuple(way.split()) for way in (*singular, *ways)), *spelled]
    if unit == '"':
        tails = tails[::-1]
    if match["number"] != "1":
        # A five-kilogram bag, a ten-inch screen.
        names = [tail for tail in tails if tail and tail[-1] in _UNITS.get(unit, ())]
        tails += [(*name[:-1], make_singular(name[-1])) for name in names if unit != "x"]
    return list(dict.fromkeys(tails))


def _currency_names(
    number: str, sign: str, language: str, has_scale: bool
) -> tuple[SpokenForm, ...]:
    """The currency's name, and no name, as it may be unspoken."""
    if not sign:
        return ((),)
    name, code = _CURRENCIES[sign]
    if language != "en":
        name = name_currency(number, language, code) if code else ""
        return ((name,), ()) if name else ((),)
    if name != "yen" and (number != "1" or has_scale):
        name += "s"
    return ((name,), ())


def _verbalize_price(number: str, sign: str) -> Iterator[SpokenForm]:
    """`$1.50` as one dollar fifty, one fifty, one dollar and fifty cents."""
    whole, _, fraction = number.partition(".")
    if not whole or len(fraction) != 2 or sign not in _HUNDREDTHS:
        return
    name = _CURRENCIES[sign][0] + ("" if whole == "1" else "s")
    spoken, rest = verbalize_number(whole, "en"), verbalize_number(fraction, "en")
    if int(whole) == 0 or int(fraction) == 0:
        yield (*spoken, name) if int(fraction) == 0 else (*rest, _HUNDREDTHS[sign])
        return
    yield (*spoken, name, *rest)
    yield (*spoken, *rest)
    yield (*spoken, name, "and", *rest, _HUNDREDTHS[sign])


def verbalize_price_range(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """`$5-10` as five to ten dollars."""
    sign, low, high = match.groups()
    first, last = verbalize_number(low, language), verbalize_number(high, language)
    name = "".join(_currency_names(high, sign, language, False)[0])
    between = TO.get(language, "a")
    yield tuple(word for word in (*first, between, *last, name) if word)
    yield tuple(word for word in (*first, name, between, *last, name) if word)
    yield (*first, *last)


def verbalize_rate(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """`$5/month`, `100kb/s`: per month, a month; between words an ordinary slash."""
    name = _PER.get(match[1], match[1])
    if language != "en":
        yield (match[1],)
    elif any(map(str.isdigit, match.string[: match.start()])):
        yield from (("per", name), ("an" if name == "hour" else "a", name), (name,))
    else:
        yield from ((name,), ("per", name), ("slash", match[1]))
