"""Finds where a quote is spoken, by fuzzy matching: people quote from memory.

Case, punctuation and accents are ignored; a few wrong letters or words are tolerated.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from rapidfuzz import fuzz

from pipeline.errors import MediaError
from pipeline.records import Word
from pipeline.text.times import format_tenths

GOOD_SCORE = 82.0
"""Similarity (rapidfuzz ratio, 0 to 100) from which words count as the quote."""

MARGIN = 6.0
"""A best match less than this ahead of another is ambiguous, unless it alone is exact."""

N_CANDIDATES = 3
MAX_SHOWN_CHARS = 70
"""How many of the nearest matches an error shows, and how much of each."""

_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Match:
    """Words first..last (both included) that resemble a quote, and their similarity, 0 to 100."""

    first: int
    last: int
    score: float


def find_quote(words: Sequence[Word], quote: str, what: str, begin: int = 0) -> Match:
    """Find the only place from word `begin` on where the quote is spoken.

    Args:
        what: the beginning of error messages, such as `clip 'Chimps': from`.
    Raises:
        MediaError: found nowhere or in several places; the nearest matches are named.
    Cost: words × letters of the quote.
    """
    wanted = normalize(quote).split()
    matches = _find_matches(words, wanted, begin)
    good = [match for match in matches if match.score >= GOOD_SCORE]
    if not good:
        near = _format_candidates(words, matches[:N_CANDIDATES])
        raise MediaError(what, f'nobody says "{_cut(quote)}"{near}', "quote the text as it is")
    exact = [match for match in good if match.score == 100]
    rivals = exact if exact else [m for m in good if m.score > good[0].score - MARGIN]
    if len(rivals) > 1:
        near = _format_candidates(words, rivals[:N_CANDIDATES])
        raise MediaError(
            what, f'"{_cut(quote)}" is said {len(rivals)} times{near}', "quote more words of it"
        )
    return rivals[0]


def normalize(text: str) -> str:
    """Reduce text to lower-case letters and digits, with one space between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    # Apostrophes and accents are dropped without parting a word.
    joined = "".join(char for char in plain if char not in "'’" and not unicodedata.combining(char))
    return " ".join(_WORDS.findall(joined))


def _find_matches(words: Sequence[Word], wanted: list[str], begin: int) -> list[Match]:
    """Runs of words that resemble the quote, best first, none overlapping a better one."""
    spoken = [
        (index, text)
        for index in range(begin, len(words))
        if words[index].start_ms is not None and (text := normalize(words[index].text))
    ]
    joined = " ".join(wanted)
    matches = []
    for at in range(len(spoken)):
        best = max(
            (
                (fuzz.ratio(joined, " ".join(text for _, text in window)), window)
                for length in {max(1, len(wanted) - 1), len(wanted), len(wanted) + 1}
                if len(window := spoken[at : at + length]) == length
            ),
            key=lambda scored: (scored[0], -abs(len(scored[1]) - len(wanted))),
            default=None,
        )
        if best is not None:
            matches.append(Match(best[1][0][0], best[1][-1][0], best[0]))
    return _keep_best(matches)


def _keep_best(matches: list[Match]) -> list[Match]:
    best: list[Match] = []
    for match in sorted(matches, key=lambda each: (-each.score, each.first)):
        if all(match.last < other.first or match.first > other.last for other in best):
            best.append(match)
        if len(best) >= 50:
            break
    return best


def _format_candidates(words: Sequence[Word], matches: list[Match]) -> str:
    places = (
        f'"{_cut(" ".join(word.text for word in words[match.first : match.last + 1]))}"'
        f" at {format_tenths(words[match.first].start_ms or 0)}"
        for match in matches
    )
    listed = ", ".join(places)
    return f" (nearest: {listed})" if listed else ""


def _cut(text: str) -> str:
    return shorten(text, MAX_SHOWN_CHARS, placeholder=" …")
