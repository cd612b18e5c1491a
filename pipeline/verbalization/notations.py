"""Spoken forms of notations with numbers: clocks, fractions, versions, dates, sizes, powers.

Each `verbalize_` takes a match of its pattern. Currency and units are in `quantities.py`.
"""

import re
import unicodedata
from collections.abc import Iterator

from pipeline.verbalization.numbers import (
    SpokenForm,
    make_plural,
    verbalize_all_ways,
    verbalize_digits,
    verbalize_number,
)

_HOURS = {"de": "uhr", "fr": "heures", "nl": "uur"}
_VULGAR = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅛": "1/8"}
_POWERS = {"2": "squared", "3": "cubed"}
_PARTS = {"2": ("half", "halves"), "4": ("quarter", "quarters")}
_MONTHS = (
    "january february march april may june july august september october november december"
).split()

CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?!\d)")
FRACTION = re.compile(
    rf"(?<![\d/])(?:(\d+)(?=[{''.join(_VULGAR)}]))?(?:(\d+)/(\d+)(?![\d/])|([{''.join(_VULGAR)}]))"
)
VERSION = re.compile(r"\d+(?:\.\d+){2,}")
HEIGHT = re.compile(r"(\d)['′](?:(\d{1,2})[\"″]?)?(?!\w)")
PHONE = re.compile(
    r"(?:\+?\d{1,3}[-.])?\(?\d{3}\)?[-.]\d{3}[-.]\d{4}|\(\d{3}\)\d{3}-\d{4}|\d{3}-\d{4}(?!\d)"
)
DATE = re.compile(r"(?P<m>\d\d?)/(?P<d>\d\d?)/(?P<y>\d{4})|(?P<Y>\d{4})-(?P<M>\d\d)-(?P<D>\d\d)")
POWER = re.compile(r"\^([-−+]?\w+)")
_RAISED = re.compile(r"[⁺⁻]?[⁰¹²³⁴-⁹]+")
SIZE = re.compile(r"(\d+)[x×](\d+)(?!\d)", re.IGNORECASE)


def verbalize_clock(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """`9:05` as nine o five, `10:00` as ten or ten o'clock, `10:30` also as half past ten."""
    hour, minute, second = match[1], match[2], match[3]
    spoken, rest = verbalize_number(hour, language), verbalize_number(minute, language)
    if language != "en":
        name = tuple(_HOURS.get(language, "").split())
        yield (*spoken, *name, *(rest if int(minute) else ()))
        yield (*spoken, *rest)
        return
    rest = ("o", *verbalize_number(minute[1], language)) if minute[0] == "0" else rest
    if second is not None:
        last = verbalize_number(second, language)
        yield (*spoken, *rest, *(("o", *last) if second[0] == "0" else last))
        parts = zip((hour, minute, second), ("hour", "minute", "second"), strict=True)
        yield tuple(w for part, name in parts for w in _count(part, name))
        return
    if minute == "00":
        yield spoken
        yield (*spoken, "o'clock")
        yield from ((word,) for word in ("noon", "midnight") if hour == "12")
        yield from ((*spoken, "hundred"),) if len(hour) == 2 else ()
        return
    yield (*spoken, *rest)
    if minute in ("15", "30"):
        yield ("half" if minute == "30" else "quarter", "past", *spoken)
    if minute == "45":
        yield ("quarter", "to", *verbalize_number(str(int(hour) % 12 + 1), language))


def _count(number: str, name: str) -> SpokenForm:
    return (*verbalize_number(number, "en"), name if int(number) == 1 else name + "s")


def verbalize_fraction(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """`3/4` as three quarters, three four, three out of four; `1½` as one and a half."""
    whole = verbalize_number(match[1], language) if match[1] else ()
    above, _, below = (_VULGAR[match[4]] if match[4] else f"{match[2]}/{match[3]}").partition("/")
    over, under = verbalize_number(above, language), verbalize_number(below, language)
    if language != "en":
        yield (*whole, *over, *under)
        return
    is_part = 0 < int(above) < int(below) and len(below) <= 3
    if not is_part or (not match[4] and int(below) > 10):
        yield (*whole, *over, *under)
    if is_part:
        joined = (*whole, "and") if whole else ()
        parts = list(_verbalize_part(over, below))
        yield from (
            (*joined, *part) for part in (parts[1::-1] if whole and over == ("one",) else parts)
        )
        yield from (parts[0][1:],) if over == ("one",) and not whole else ()
    yield (*whole, *over, *under)
    for word in (("over",), ("out", "of"), ("slash",), ("of",)):
        yield (*whole, *over, *word, *under)


def _verbalize_part(over: SpokenForm, below: str) -> Iterator[SpokenForm]:
    """A fraction as a numerator and an ordinal: three quarters, a third."""
    ordinal = verbalize_number(below, "en", "ordinal")
    if over == ("one",):
        one = (_PARTS[below][0],) if below in _PARTS else ordinal
        yield from ((article, *one) for article in ("one", "an" if below == "8" else "a"))
        yield ("one", *(one if below == "2" else ordinal))
    else:
        if below in _PARTS:
            yield (*over, _PARTS[below][1])
        yield (*over, *ordinal[:-1], make_plural(ordinal[-1]))


def verbalize_version(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """`1.2.3` with point, dot or nothing between; the parts also in pairs or digit by digit."""
    parts = match[0].split(".")
    plain = [verbalize_number(part, language) for part in parts]
    pairs = [verbalize_all_ways(part, language)[:2][-1] for part in parts]
    digits = [verbalize_digits(part, language) for part in parts]
    for between in (("point",), ("dot",), ()) if language == "en" else ((),):
        for spoken in (plain, pairs, digits):
            yield tuple(
                w for n, part in enumerate(spoken) for w in (*(between if n else ()), *part)
            )


def verbalize_height(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """`5'10"` as five foot ten, five ten; after one number the mark may be a quotation mark."""
    feet = verbalize_number(match[1], language)
    inches = verbalize_number(match[2], language) if match[2] else ()
    if language != "en" or not inches:
        yield (*feet, *inches)
    if language == "en":
        yield from ((*feet, *name, *inches) for name in (("foot",), ("feet",), ()))
        if inches:
            yield (*feet, "feet", *inches, "inches")


def verbalize_phone(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """A phone number digit by digit, 0 as zero or o, `800` also as eight hundred."""
    groups = re.findall(r"\d+", match[0])
    for zero in ("o", "zero") if language == "en" else ("",):
        spoken = [
            tuple(
                zero if word == "zero" and zero else word
                for word in verbalize_digits(group, language)
            )
            for group in groups
        ]
        yield tuple(word for group in spoken for word in group)
        if language == "en" and any(group[1:] == "00" for group in groups):
            yield tuple(
                word
                for group, spelled in zip(groups, spoken, strict=True)
                for word in (verbalize_number(group, language) if group[1:] == "00" else spelled)
            )


def verbalize_date(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """`7/4/1776` as july fourth seventeen seventy six, and as its numbers."""
    month, day, year = (
        match["m"] or match["M"],
        match["d"] or match["D"],
        match["y"] or match["Y"],
    )
    written = re.findall(r"\d+", match[0])
    if language == "en" and 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
        name, on = _MONTHS[int(month) - 1], verbalize_number(day, "en", "ordinal")
        in_year = verbalize_all_ways(year, "en")[0]
        yield (name, *on, *in_year)
        yield ("the", *on, "of", name, *in_year)
        yield (name, *verbalize_number(str(int(day)), "en"), *in_year)
    yield tuple(word for part in written for word in verbalize_all_ways(part, language)[0])


def verbalize_size(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """`1920x1080` as nineteen twenty by ten eighty, `4x4` also as four x four."""
    for between in ("by", "x", "times") if language == "en" else ("x",):
        first, last = (verbalize_all_ways(number, language) for number in match.groups())
        yield (*first[0], between, *last[0])
        yield (*first[0], between, *last[:2][-1])


def lower_powers(token: str) -> str:
    """A token with raised digits as they are typed: `10⁻⁶` as `10^-6`."""
    return _RAISED.sub(lambda raised: "^" + unicodedata.normalize("NFKC", raised[0]), token)


def verbalize_power(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """`x^2` as x squared, `10^6` as ten to the six, the sixth, the power of six.

    After a word or a mark the number may be that of a footnote, which nobody says.
    """
    before, exponent = match.string[: match.start()], match[1].lower()
    is_base = before[-1:].isdigit() or re.search(r"(?<![^\W\d_])[^\W\d_]$", before)
    is_note = exponent.isdecimal() and not is_base
    if is_note and (exponent not in _POWERS or not before[-1:].isalpha()):
        yield ()
    digits = exponent.lstrip("-+").replace("−", "")
    number = verbalize_number(digits, language) if digits.isdecimal() else (exponent,)
    if language == "en":
        yield from ((_POWERS[exponent],),) if exponent in _POWERS else ()
        sign = ("minus",) if exponent[0] in "-−" else ()
        yield ("to", "the", *sign, *number)
        if digits.isdecimal():
            ordinal = verbalize_number(digits, "en", "ordinal")
            yield ("to", "the", *sign, *ordinal)
            yield ("to", "the", *sign, *ordinal, "power")
        yield ("to", "the", "power", "of", *sign, *number)
        yield from (("to", "the", "negative", *number),) if sign else ()
    yield number
    if is_note:
        yield ()
