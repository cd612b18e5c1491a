"""Slugs: any text as a name that is safe in file names, URLs and ids.

Not here: making ids unique, which is up to the caller.
"""

import hashlib
import re
import unicodedata

MAX_LENGTH = 60
"""Longest slug, in characters."""

_SPELLED_OUT = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i",
    "&": " and ", "%": " percent ", "+": " plus ", "'": "", "’": "",
}  # fmt: skip


def format_slug(text: str) -> str:
    """The text as lower-case ASCII letters and digits joined by single hyphens; never empty.

    Accents are dropped, a few letters spelled out. If most letters have no ASCII form (another
    script), the slug is a short hash of the text, so that different texts differ.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    spelled = "".join(_SPELLED_OUT.get(character, character) for character in folded)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    n_letters = sum(character.isalnum() for character in spelled)
    n_retained = sum(character.isalnum() for character in plain)
    words = re.findall(r"[a-z0-9]+", plain)
    if not words or 2 * n_retained < n_letters:
        return "x" + hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return _shorten(words)


def _shorten(words: list[str]) -> str:
    """As many whole words as fit; the first is cut if it is too long."""
    slug = words[0][:MAX_LENGTH]
    for word in words[1:]:
        if len(slug) + 1 + len(word) > MAX_LENGTH:
            break
        slug += "-" + word
    return slug
