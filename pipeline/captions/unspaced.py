"""Tokens of scripts without spaces between words: which spaces are real, where lines may end.

Chinese, Japanese, Thai and others, alone or within other text. Where phrases begin is found in
`phrases.py`; what a break costs is in `breaks.py`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import accumulate, pairwise
from typing import NamedTuple

from pipeline.captions.phrases import (
    NOT_FIRST,
    NOT_LAST,
    find_phrases,
    is_tight,
    is_unspaced,
)
from pipeline.captions.text import measure, measure_ends
from pipeline.records import Word
from pipeline.text.graphemes import SPACE_IS_PUNCTUATION, UNSPACED, is_attached

_PHRASE_COLUMNS = 8
"""Mean width of tokens from which they are phrases between written spaces; narrower ones are words
or characters that a recogniser or an author has separated."""

_PROSE_COMMAS = 0.01
"""Commas and full stops per character from which a text is prose: spaces then end no phrase."""


class Joint(Enum):
    """What lies between a piece of text and the one before it."""

    SPACE = "space"
    FREE = "free"  # no space, but a phrase ends
    INNER = "inner"  # within a phrase
    TIGHT = "tight"  # where no line may end


class Fragment(NamedTuple):
    """A token, or a part of one; `share` is where the part begins and ends, 0 to 1 of its width."""

    token: int
    text: str
    joint: Joint
    share: tuple[float, float] = (0.0, 1.0)


class Spacing(NamedTuple):
    """What a space between two tokens means in a text.

    Where tokens are words or characters, the spaces mean nothing. Where they are phrases, a space
    is punctuation in Thai, and in Chinese and Japanese that have no other; where those have other
    punctuation (`is_prose`), a space is a wrapped line.
    """

    is_phrased: bool
    is_prose: bool


def is_continued(before: str, after: str) -> bool:
    """Whether no space belongs between two texts: both ends are of scripts that have none."""
    ends = (_find_edge(before[::-1]), _find_edge(after))
    return all(edge is None or UNSPACED.match(edge) for edge in ends) and any(ends)


def read_spacing(tokens: Sequence[str]) -> Spacing:
    """Measure what spaces mean in a text of these tokens."""
    unspaced = [token for token in tokens if is_unspaced(token)]
    text = "".join(unspaced)
    return Spacing(
        is_phrased=measure(text) >= _PHRASE_COLUMNS * len(unspaced),
        is_prose=sum(map(text.count, "、。，．")) >= _PROSE_COMMAS * len(text),
    )


def join_glued(words: Sequence[Word]) -> list[str]:
    """The words joined to what was written between spaces."""
    starts = [number for number, word in enumerate(words) if not (number and word.is_glued)]
    runs = (words[start:end] for start, end in pairwise([*starts, len(words)]))
    return ["".join(word.text for word in run) for run in runs]


def cut_tokens(
    tokens: Sequence[str],
    language: str,
    max_columns: int,
    spacing: Spacing | None = None,
    glued: Sequence[bool] = (),
) -> Iterator[Fragment]:
    """Cut the tokens of one speaker into parts between which lines may end; nothing is lost.

    Tokens of scripts with spaces stay whole. Others are cut where phrases end, and where a phrase
    is wider than `max_columns`.

    Args:
        spacing: that of the whole text; if None, it is measured on the tokens.
        glued: for each token whether no space was written before it.
    Cost: linear.
    """
    if not is_unspaced("".join(tokens)):
        yield from (Fragment(number, token, Joint.SPACE) for number, token in enumerate(tokens))
        return
    first = 0
    spacing = spacing or read_spacing(tokens)
    for last in range(1, len(tokens) + 1):
        is_inside = last < len(tokens) and (
            (bool(glued) and glued[last]) or _is_glued(tokens[last - 1], tokens[last], spacing)
        )
        if not is_inside:
            yield from _cut_run(tokens[first:last], first, language, max_columns)
            first = last


def find_moment(word: Word, share: float, until_ms: int | None = None) -> int:
    """Time at which a share of a word's width is spoken, at most `until_ms`.

    A guess: every column is taken to last equally long.
    """
    start_ms, end_ms = word.span or (0, 0)
    last_ms = end_ms if until_ms is None else min(end_ms, until_ms)
    return start_ms + int((last_ms - start_ms) * share)


def _find_edge(text: str) -> str | None:
    """The first letter or digit; else the first character if ASCII; else None."""
    of_scripts = (char for char in text if char.isalnum() or UNSPACED.match(char))
    return next(of_scripts, text[0] if text.isascii() else None)


def _is_glued(before: str, after: str, spacing: Spacing) -> bool:
    """Whether a token follows the one before it without a space."""
    if not is_continued(before, after):
        return False
    if is_attached(before[-1], after[0]):
        return True  # a combining mark alone would be shown on a dotted circle
    if SPACE_IS_PUNCTUATION.search(before[-1] + after[0]):
        return not spacing.is_phrased
    is_marked = before[-1] in NOT_FIRST or after[0] in NOT_LAST
    return is_marked or spacing.is_prose or not spacing.is_phrased


def _cut_run(
    tokens: Sequence[str], first: int, language: str, max_columns: int
) -> Iterator[Fragment]:
    """Cut tokens without spaces between them at their own ends and at those of phrases."""
    text = "".join(tokens)
    starts = [0, *accumulate(map(len, tokens))]
    phrase_starts = find_phrases(text, language) if is_unspaced(text) else set()
    columns = measure_ends(text)
    cuts = phrase_starts | set(starts)
    cuts |= set(_find_forced(text, sorted(cuts), columns, max_columns))
    number = 0
    for start, end in pairwise(sorted(cuts)):
        while starts[number + 1] <= start:
            number += 1
        begun = columns[starts[number]]
        n_columns = max(1, columns[starts[number + 1]] - begun)
        share = (columns[start] - begun) / n_columns, (columns[end] - begun) / n_columns
        joint = _find_joint(text, start, phrase_starts) if start else Joint.SPACE
        yield Fragment(first + number, text[start:end], joint, share)


def _find_joint(text: str, at: int, phrase_starts: set[int]) -> Joint:
    if is_tight(text, at):
        return Joint.TIGHT
    return Joint.FREE if at in phrase_starts else Joint.INNER


def _find_forced(
    text: str, cuts: Sequence[int], columns: Sequence[int], max_columns: int
) -> Iterator[int]:
    """Cut a part that is too wide for a line, as late as a line may end."""
    for start, end in pairwise(cuts):
        while columns[end] - columns[start] > max_columns:
            furthest = bisect_right(columns, columns[start] + max_columns) - 1
            places = range(max(start + 1, furthest), start, -1)
            legal = (at for at in places if not is_tight(text, at))
            at = next(legal, None)
            if at is None:
                break
            yield at
            start = at
