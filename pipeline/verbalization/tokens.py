"""Spoken forms of a written token: the rules for words, acronyms and symbols, and all rules joined.

Bare numbers are in `numbers.py`, others in `quantities.py` and `notations.py`, addresses in
`addresses.py`. The phones of spoken words are in `pipeline/pronunciation/`.
"""

import heapq
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from pipeline.text.abbreviations import TITLES
from pipeline.text.letters import plain_letters
from pipeline.verbalization import notations, quantities
from pipeline.verbalization.abbreviations import expand_abbreviation, spell_acronym
from pipeline.verbalization.addresses import is_address, verbalize_address
from pipeline.verbalization.forms import MAX_FORMS, MAX_LETTERS, settle_forms
from pipeline.verbalization.numbers import (
    DIGIT_SPACE,
    LONGEST_NUMBER,
    SpokenForm,
    make_plural,
    verbalize_digits,
    verbalize_number,
)

__all__ = ["MAX_FORMS", "SpokenForm", "spoken_forms"]

_VARIANTS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "−": "-"})
"""Variants of a character that are spoken alike."""
_SURROUNDINGS = "\"',;:!?()[]“”«»…"
_KEEPS_APOSTROPHE = frozenset("'cause 'em 'til 'bout 'round 'kay 'n 'tis 'twas".split())
_ROMAN = re.compile(r"(?=[ivx]{2})x{0,3}(?:ix|iv|v?i{0,3})")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10}
_NO_NUMERALS = frozenset({"xi", "ix", "xv", "xx", "xxx", "vi"})
"""In small letters these are names or words."""
_MAY_BE_SILENT = frozenset("@<>~=*$€£")
_HALVES_OF_DAY = ("am", "pm")
_INITIALS = re.compile(r"(?:[a-z]\.){2,}[a-z]?'?s?", re.IGNORECASE)
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0963\u0971-\u0df3"
    "\u0e31-\u0e4e\u0eb1-\u0ecd\u1000-\u109d\u1780-\u17d3\u200c\u200d"
)
"""Vowel signs and accents of many scripts: no letters for Python's `re`, but part of a word."""
_LETTER = rf"(?:[^\W\d_]|(?!\d)[{_MARKS}])"
_WORD = re.compile(rf"[^\W\d_]{_LETTER}*(?:'{_LETTER}+)*'?")
_SYMBOL = re.compile(r"[&+@=°*×÷<>~≈±%§№$€£]")
_NUMBER_SIGN = re.compile(r"#(?P<tag>(?!\d))?|(?:\bno\.|№)(?=\d)", re.IGNORECASE)
_SHARP = re.compile(r"([a-g])#(?!\w)", re.IGNORECASE)
_YEAR = re.compile(r"'(\d\d)(?!\d)(?P<plural>'?s\b)?")
_BETWEEN_NUMBERS = re.compile(r"(?:(?<=[\d%])|(?<=\d[ap]m))(?:[-–—:]|\.\.+)(?=[$€£]?\d)")
_SLASH = re.compile(r"(?<=\w)/(?=\w)")
_UNIT_RATE = re.compile(r"(km/h|m/s)\b", re.IGNORECASE)


@lru_cache(2**16)
def spoken_forms(token: str, language: str = "en") -> tuple[SpokenForm, ...]:
    """The spoken forms of a token by the rules of a language, likeliest first.

    Returns:
        At least one, within the limits of `settle_forms`; `((),)` for a silent token (`--`).
    """
    text = plain_letters(notations.lower_powers(token[:MAX_LETTERS])).translate(_VARIANTS)
    if DIGIT_SPACE in text:
        return settle_forms(_verbalize_spaced(text, language))
    return settle_forms(_verbalize_token(text, language))


def _verbalize_spaced(text: str, language: str) -> Iterator[SpokenForm]:
    """A number written over several words, likeliest as one, but also as several: the year and the
    count of `in 500 100 people`."""
    whole = list(_verbalize_token(text, language))
    yield from whole[: MAX_FORMS // 2]
    parts = [spoken_forms(part, language) for part in text.split(DIGIT_SPACE)]
    apart = [tuple(word for form in forms for word in form) for forms in _likeliest_first(parts)]
    yield apart[0]
    if len(digits := "".join(re.findall(r"\d", text))) <= LONGEST_NUMBER:
        yield verbalize_digits(digits, language)
    yield from apart[1:]


def _verbalize_token(text: str, language: str) -> list[SpokenForm]:
    """The forms of a token without a space, by all rules."""
    bare = text.strip(_SURROUNDINGS)
    if _INITIALS.fullmatch(bare):
        letters = tuple(re.findall(r"[a-z]", bare.lower()))
        meant = expand_abbreviation(bare.lower().rstrip("."), True) if language == "en" else ()
        return [letters, *(form for form in meant if len(form[0]) > 1)]
    forms = [
        tuple(word for part in parts for word in part)
        for parts in _likeliest_first(list(_verbalize_pieces(text, language)))
    ]
    if language == "en" and not bare.rstrip(".").isalpha():
        forms = [*expand_abbreviation(bare.lower().rstrip("."), True), *forms]
    if is_address(bare.rstrip(".")):
        forms = [*verbalize_address(bare.rstrip("."), language), *forms]
    return forms


def _likeliest_first(choices: Sequence[tuple[SpokenForm, ...]]) -> Iterator[list[SpokenForm]]:
    """Up to MAX_FORMS combinations of the pieces' forms, in order of the sum of their ranks.

    Of equal sums those that vary the last pieces come first, so at most MAX_FORMS - 1 pieces vary.
    """
    spoken = [forms[0] for forms in choices]
    open_pieces = [piece for piece, forms in enumerate(choices) if len(forms) > 1][1 - MAX_FORMS :]
    start = (0,) * len(open_pieces)
    queue, seen = [(0, start)], {start}
    for _ in range(MAX_FORMS):
        if not queue:
            return
        rank, places = heapq.heappop(queue)
        for piece, place in zip(open_pieces, places, strict=True):
            spoken[piece] = choices[piece][place]
        yield list(spoken)
        for number, (piece, place) in enumerate(zip(open_pieces, places, strict=True)):
            following = (*places[:number], place + 1, *places[number + 1 :])
            if place + 1 < len(choices[piece]) and following not in seen:
                seen.add(following)
                heapq.heappush(queue, (rank + 1, following))


def _verbalize_pieces(text: str, language: str) -> Iterator[tuple[SpokenForm, ...]]:
    """The forms of each piece of a token, by the first pattern that matches where it begins."""
    at = 0
    while at < len(text):
        for pattern, say in _PIECES:
            if (match := pattern.match(text, at)) and match[0]:
                yield tuple(dict.fromkeys(say(match, language))) or ((),)
                at = match.end()
                break
        else:
            at += 1


def _verbalize_word(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """A word; in capitals also letter by letter, a Roman numeral also as its number."""
    word, text = match[0], match.string
    lowered = word.lower()
    if lowered in _HALVES_OF_DAY and re.search(r"\d", text):
        yield tuple(lowered)
        yield (lowered,)
        return
    if f"'{lowered}" in _KEEPS_APOSTROPHE and f"'{lowered}" in text.lower():
        yield (f"'{lowered}",)
        return
    plain = lowered.removesuffix("'") or lowered
    if language == "en":
        yield from _verbalize_numeral(word, plain)
    letters = list(spell_acronym(word)) if word.isupper() or language == "en" else []
    if word.isupper() and len(plain) <= 2 and "&" in text:
        yield from letters
    if language == "en" and (len(plain) > 1 or len(text.strip(_SURROUNDINGS + ".")) == 1):
        has_stop = text[match.end() : match.end() + 1] == "."
        full = expand_abbreviation(plain, has_stop)
        yield from full if not word.isupper() or plain in TITLES else ((plain,), *letters, *full)
    yield (plain,)
    yield from letters
    if plain == "v" and language == "en" and text[match.end() : match.end() + 1].isdigit():
        yield ("version",)


def _verbalize_numeral(word: str, plain: str) -> Iterator[SpokenForm]:
    """`II` as two and the second; in small letters only those not in `_NO_NUMERALS`."""
    if not _ROMAN.fullmatch(plain) or (plain in _NO_NUMERALS and not word.isupper()):
        return
    digits = [_ROMAN_DIGITS[letter] for letter in plain]
    value = sum(
        -digit if digit < following else digit
        for digit, following in zip(digits, [*digits[1:], 0], strict=True)
    )
    yield verbalize_number(str(value), "en")
    if word.isupper():
        ordinal = verbalize_number(str(value), "en", "ordinal")
        yield ("the", *ordinal)
        yield ordinal


def _verbalize_symbol(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """A symbol by its name; some are often unspoken."""
    name = quantities.SYMBOLS.get(language, {}).get(match[0])
    if name is None:
        yield ()
        return
    is_alone = len(match.string.strip(_SURROUNDINGS)) == 1
    is_between = match.string[match.start() - 1 : match.start()].isalnum()
    if match[0] in "<>~*$€£" and not (is_alone or is_between):
        yield ()
    if not (is_alone and match[0] in "<>~*"):
        yield tuple(name.split())
    if match[0] in _MAY_BE_SILENT:
        yield ()


def _verbalize_number_sign(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    if language == "en":
        yield ("hashtag",) if match["tag"] is not None else ("number",)
    yield ()


def _verbalize_sharp(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    yield (match[1].lower(), "sharp")


def _verbalize_year(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """`'90` as ninety and nineteen ninety; `'90s` likewise."""
    spoken = verbalize_number(match[1], language)
    if match["plural"] and language == "en":
        spoken = (*spoken[:-1], make_plural(spoken[-1]))
    yield spoken
    if language == "en":
        yield ("nineteen", *spoken)
        yield ("twenty", *spoken)


def _verbalize_range(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    """Between two numbers: `10-20` as ten to twenty, `24-7` as twenty four seven."""
    if language in quantities.TO:
        yield (quantities.TO[language],)
    yield ()
    if language == "en":
        yield ("dash",)
        yield ("through",)


def _verbalize_slash(match: re.Match[str], language: str) -> Iterator[SpokenForm]:
    yield ()
    if language == "en":
        is_between_words = match.string[match.start() - 1].isalpha()
        yield from (("or",), ("slash",)) if is_between_words else (("slash",),)


def _verbalize_unit_rate(match: re.Match[str], language: str) -> Iterable[SpokenForm]:
    spelled = tuple(letter for letter in match[1].lower() if letter.isalpha())
    return (*quantities.RATES[match[1].lower()], spelled) if language == "en" else (spelled,)


_PIECES: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str], str], Iterable[SpokenForm]]]] = (
    (quantities.PRICE_RANGE, quantities.verbalize_price_range),
    (notations.PHONE, notations.verbalize_phone),
    (notations.DATE, notations.verbalize_date),
    (notations.CLOCK, notations.verbalize_clock),
    (notations.FRACTION, notations.verbalize_fraction),
    (notations.VERSION, notations.verbalize_version),
    (notations.SIZE, notations.verbalize_size),
    (notations.HEIGHT, notations.verbalize_height),
    (_YEAR, _verbalize_year),
    (_BETWEEN_NUMBERS, _verbalize_range),
    (_NUMBER_SIGN, _verbalize_number_sign),
    (quantities.QUANTITY, quantities.verbalize_quantity),
    (_UNIT_RATE, _verbalize_unit_rate),
    (_SHARP, _verbalize_sharp),
    (_WORD, _verbalize_word),
    (notations.POWER, notations.verbalize_power),
    (quantities.RATE, quantities.verbalize_rate),
    (_SLASH, _verbalize_slash),
    (_SYMBOL, _verbalize_symbol),
)
"""Patterns of a token's pieces with their rules; the first that matches is applied."""
