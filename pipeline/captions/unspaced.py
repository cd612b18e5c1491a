"""Tokens of scripts that write no spaces between words: where spaces stand, what lines are made of.

Chinese, Japanese, Thai and their like, alone or amid other text. Where phrases begin in it is asked
of `phrases.py`; what a break costs is in `breaks.py`.
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
"""Tokens that are longer on average are phrases between spaces; shorter ones are words or
characters that someone, or an engine, has parted."""

_PROSE_COMMAS = 0.01
"""So many commas and full stops a character make prose, in which a break without one is none."""


class Joint(Enum):
    """What lies between a piece of text and the one before it."""

    SPACE = "space"
    FREE = "free"  # no space, but a phrase ends
    INNER = "inner"  # within a phrase
    TIGHT = "tight"  # where no line may end


class Fragment(NamedTuple):
    """A token, or a part of one: `share` says where in it the part begins and ends, from 0 to 1."""

    token: int
    text: str
    joint: Joint
    share: tuple[float, float] = (0.0, 1.0)


class Spacing(NamedTuple):
    """What a space between two tokens means in a text.

    Where tokens are words or characters, their spaces are no one's. Where they are phrases, a space
    is Thai's punctuation, and that of Chinese and Japanese which has no other; in prose, which has,
    a line was wrapped there.
    """

    is_phrased: bool
    is_prose: bool


def is_continued(before: str, after: str) -> bool:
    """Whether a text goes on without a space: both ends are of scripts that have none."""
    ends = (_find_edge(before[::-1]), _find_edge(after))
    return all(edge is None or UNSPACED.match(edge) for edge in ends) and any(ends)


def read_spacing(tokens: Sequence[str]) -> Spacing:
    """What spaces mean in a text of these tokens."""
    unspaced = [token for token in tokens if is_unspaced(token)]
    text = "".join(unspaced)
    return Spacing(
        is_phrased=measure(text) >= _PHRASE_COLUMNS * len(unspaced),
        is_prose=sum(map(text.count, "、。，．")) >= _PROSE_COMMAS * len(text),
    )


def join_glued(words: Sequence[Word]) -> list[str]:
    """What was written between spaces."""
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
    """Cut the tokens of one speaker into parts that lines may be made of; nothing is lost.

    Tokens of scripts with spaces stay whole. Others are cut where phrases end, and where a phrase
    is wider than `max_columns`.

    Args:
        spacing: that of the whole text; else it is read off the tokens.
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
    """When so much of a spoken word's width is said: by then, where the next begins before its end.

    Times within a word are a guess: of its length, all characters take alike.
    """
    start_ms, end_ms = word.span or (0, 0)
    last_ms = end_ms if until_ms is None else min(end_ms, until_ms)
    return start_ms + int((last_ms - start_ms) * share)


def _find_edge(text: str) -> str | None:
    """The first character of a script; else of plain ASCII; None where there are only marks."""
    of_scripts = (char for char in text if char.isalnum() or UNSPACED.match(char))
    return next(of_scripts, text[0] if text.isascii() else None)


def _is_glued(before: str, after: str, spacing: Spacing) -> bool:
    """Whether a token follows the one before it without a space."""
    if not is_continued(before, after):
        return False
    if is_attached(before[-1], after[0]):
        return True  # an engine has parted them: by itself a mark has a dotted circle below it
    if SPACE_IS_PUNCTUATION.search(before[-1] + after[0]):
        return not spacing.is_phrased
    is_marked = before[-1] in NOT_FIRST or after[0] in NOT_LAST
    return is_marked or spacing.is_prose or not spacing.is_phrased


def _cut_run(
    tokens: Sequence[str], first: int, language: str, max_columns: int
) -> Iterator[Fragment]:
    """Cut tokens that follow each other without spaces at their own ends and those of phrases."""
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
    """Where what is too wide for a line is cut, as late as a line may end."""
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
