"""Spoken forms of abbreviations and acronyms: in full, as the word they look like, by letters.

The abbreviations themselves are data, in `pipeline/text/abbreviations.py`.
"""

import re
from collections.abc import Iterator
from itertools import chain

from pipeline.text import abbreviations
from pipeline.verbalization.numbers import SpokenForm

LONGEST_ACRONYM = 5
"""Letters. Longer words in capitals are words that are emphasised."""

_KINDS = (
    abbreviations.TITLES, abbreviations.UNITS, abbreviations.PLACES, abbreviations.STATES,
    abbreviations.MONTHS, abbreviations.DAYS, abbreviations.PARTS, abbreviations.ORGANISATIONS,
    abbreviations.LATIN, abbreviations.WORDS,
)  # fmt: skip
"""Likelier meanings of an abbreviation of two kinds first."""
_ITSELF = "~"
_BESIDE_NUMBERS = frozenset({"in", "x"})
"""Units that are words so often that they are units only in one token with a number."""
_UNVOICED = re.compile(r"[b-df-hj-np-tv-xz]{2,5}")
"""Small letters without a vowel can only be spelled: `html`, `pdf`."""


def _read(key: str) -> list[str]:
    """The ways of an abbreviation in all kinds; a unit of one letter is likelier a letter."""
    ways: list[str] = [_ITSELF] if len(key) == 1 else []
    for kind in _KINDS:
        if kind is not abbreviations.UNITS:
            ways += kind[key].split("|") if key in kind else []
        elif key in kind and key not in _BESIDE_NUMBERS:
            names = kind[key].split("|")
            ways += [*names, *map(make_singular, names)]
    return list(dict.fromkeys(ways))


def make_singular(unit: str) -> str:
    """The name of one unit: `inch` of inches, `mile per hour`."""
    return re.sub(r"(?<=ch)es\b|s\b", "", unit, count=1)


_WAYS = {key: _read(key) for key in chain.from_iterable(_KINDS)}


def expand_abbreviation(word: str, has_stop: bool) -> tuple[SpokenForm, ...]:
    """What a word in small letters may stand for, likeliest first; none if nothing.

    Itself is among the forms of a word, but not of `w/o`, which other rules read out.

    Args:
        has_stop: whether a full stop follows it.
    """
    special = _WAYS.get(f"{word}.", []) if has_stop else []
    if word in abbreviations.WORDS_TOO and not has_stop:
        special = [_ITSELF]
    ways = dict.fromkeys([*special, *_WAYS.get(word, [])])
    if not ways:
        return ()
    itself = tuple(re.findall(r"[^\W_]+(?:'[^\W_]+)*", word))
    if itself == (word,):
        ways.setdefault(_ITSELF)
    return tuple(itself if way == _ITSELF else tuple(way.split()) for way in ways)


def spell_acronym(word: str) -> Iterator[SpokenForm]:
    """The letters of an acronym, also in the plural and in small letters: `GPUs`, `cpu`, `html`."""
    stem = word if word.isupper() else re.sub(r"'?s$", "", word)
    ending = word[len(stem) :]
    lowered = stem.lower()
    is_short = stem.isascii() and stem.isalpha() and 2 <= len(stem) <= LONGEST_ACRONYM
    is_small = lowered in abbreviations.SPELLED or _UNVOICED.fullmatch(lowered)
    if is_short and (stem.isupper() or is_small):
        yield (*lowered[:-1], lowered[-1] + ("'s" if ending else ""))
