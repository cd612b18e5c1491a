"""Spoken forms of web and mail addresses: `www.example.com/a`, `nora@example.org`, `.com`."""

import re
from collections.abc import Iterator, Mapping

from pipeline.verbalization.numbers import SpokenForm, verbalize_number

LONGEST_SPELLED = 2
"""Parts of at most this many letters are usually spelled out: `dot u k`."""

_SCHEME = re.compile(r"[a-z]+://", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:[a-z]+://)?(?:[\w.+-]+@)?(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#][^\s<>]*)?|\.[a-z]{2,5}",
    re.IGNORECASE,
)
_PART = re.compile(r"[^\W\d_]+|\d+|[.@/_?=&%#~+:-]")
_SIGNS = {
    "en": {".": "dot", "@": "at", "/": "slash", "-": "dash", "_": "underscore",
           "?": "question mark", "=": "equals", "&": "and", "%": "percent", "#": "hash",
           "~": "tilde", "+": "plus", ":": "colon"},
    "de": {".": "punkt", "@": "at", "/": "schrägstrich", "-": "minus", "_": "unterstrich"},
    "fr": {".": "point", "@": "arobase", "/": "slash", "-": "tiret", "_": "tiret bas"},
    "es": {".": "punto", "@": "arroba", "/": "barra", "-": "guion", "_": "guion bajo"},
    "it": {".": "punto", "@": "chiocciola", "/": "barra", "-": "trattino"},
    "pt": {".": "ponto", "@": "arroba", "/": "barra", "-": "hífen"},
    "nl": {".": "punt", "@": "at", "/": "slash", "-": "streepje"},
}  # fmt: skip
_KNOWN_SHORT = frozenset("me my we go so no do is it in on at of to be by or an as up".split())


def is_address(text: str) -> bool:
    """Whether a token (without the punctuation around it) is an address."""
    return bool(_ADDRESS.fullmatch(text)) and not re.search(r"\d\.\d", text)


def verbalize_address(text: str, language: str) -> Iterator[SpokenForm]:
    """The spoken forms of an address: whole, without `www`, without slashes, without its path."""
    signs = _SIGNS.get(language, _SIGNS["en"])
    bare = _SCHEME.sub("", text.lower())
    host = re.split(r"[/?#]", bare, maxsplit=1)[0]
    short = bare.removeprefix("www.").rstrip("/")
    for spells in (True, False):
        yield _read_out(bare.rstrip("/"), signs, language, spells)
        yield _read_out(short, signs, language, spells)
        yield _read_out(short, {**signs, "/": "", "-": "", "_": ""}, language, spells)
        yield _read_out(host.removeprefix("www."), signs, language, spells)
    if scheme := _SCHEME.match(text):
        name = tuple(scheme[0].lower().removesuffix("://"))
        between = (signs.get(":", "colon"), signs["/"], signs["/"])
        yield (*name, *between, *_read_out(bare.rstrip("/"), signs, language, True))


def _read_out(text: str, signs: Mapping[str, str], language: str, spells: bool) -> SpokenForm:
    words: list[str] = []
    for part in _PART.findall(text):
        if not part.isalnum():
            words += signs.get(part, "").split()
        elif part.isdigit():
            words += verbalize_number(part, language)
        elif part == "www" or (
            spells and len(part) <= LONGEST_SPELLED and part not in _KNOWN_SHORT
        ):
            words += part
        else:
            words.append(part)
    return tuple(words)
