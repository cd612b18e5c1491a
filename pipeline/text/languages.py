"""Names of languages to ISO 639 codes, and to the codes that a model has."""

import difflib
from collections.abc import Iterable
from functools import cache

_NO_LANGUAGES = frozenset({"mul", "mis", "zxx"})
"""Codes of ISO 639 for several, uncoded or no languages."""
CLOSE_ENOUGH = 10
"""Largest CLDR distance between the language spoken and one that a model has: Bokmål and Norwegian
are 1 apart, Swiss German and German 8, Basque and English 84."""


def find_language(name: str) -> str:
    """The code of a language, however it is written: en, EN, eng, en-US, en_US, English.

    A code of two letters is kept, else it is the shortest there is. Regions and scripts are left
    out, as no engine uses them.

    Raises:
        ValueError: there is no such language.
    """
    import langcodes

    # The table of names, a trie in C, reads past its end where a name holds a NUL.
    written = "".join(filter(str.isprintable, name)).strip()
    written = _code_by_name().get(written.casefold(), written)
    tag = written.replace("_", "-")
    try:
        known = langcodes.get(tag) if langcodes.tag_is_valid(tag) else langcodes.find(written)
    except (LookupError, ValueError):
        known = None
    code = known.language if known else None
    if not known or not code or code in _NO_LANGUAGES or f"[{code}]" in known.language_name():
        raise ValueError(f"{name!r} is no language; {_suggest(written)}")
    first = tag.partition("-")[0].lower()
    return first if len(first) == 2 else str(code)


def match_language(code: str, known: Iterable[str]) -> str | None:
    """The code in `known` for this language, or the nearest within CLOSE_ENOUGH, or None."""
    import langcodes

    names = list(known)
    found, _ = langcodes.closest_match(code, names, max_distance=CLOSE_ENOUGH)
    return found if found in names else None


def _suggest(written: str) -> str:
    names = [name.capitalize() for name in _code_by_name()]
    close = difflib.get_close_matches(written.capitalize(), sorted(names), n=1)
    return f"did you mean {close[0]}?" if close else "write a code such as en, or its name"


@cache
def _code_by_name() -> dict[str, str]:
    """The languages of ISO 639-1 by their English names, casefolded: `langcodes.find` lacks one."""
    import langcodes
    from langcodes.data_dicts import LANGUAGE_ALPHA3

    known = (langcodes.get(code) for code in LANGUAGE_ALPHA3)
    return {one.language_name().casefold(): str(one.language) for one in known}
