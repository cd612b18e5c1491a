"""Text fitted into a box of the picture: words wider than a line are broken or set smaller.

libass wraps lines at spaces alone. Its font size is a line's height; widths of characters here are
shares of it, measured in `pipeline/media/fonts.py`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from math import ceil

from pipeline.captions.looks import Line
from pipeline.captions.phrases import find_phrases, is_unspaced
from pipeline.records import record
from pipeline.text.graphemes import is_attached

SMALLEST_PX = 8
"""The smallest font size."""

TORN_SHARE = 0.6
"""A word without a place to break at is set smaller, down to this share of the size, before it is
broken within letters: the longest dictionary words then stay whole in a tall picture."""

UNKNOWN_WIDTH = 0.6
"""Width of a character that was not measured, as a share of the font size; letters: .2 to .8."""

SLACK = 0.98
"""Share of a line's width that is filled, for rounding and for letters drawn bolder or aslant."""

_PLACE = re.compile(
    r"(?<=[/\\.,;:!?&=+%~|_\-\u00a0\u2010-\u2015])(?=[^\W_])"  # after signs, before a letter
    r"|(?<=\w)(?=[#@])"
)
"""Where an address, a file name or a row of hashtags may be broken: after its signs, before `#`."""


@record
class _Wrapped:
    """Where the lines of a text begin, after the first.

    `is_broken`: a word is wider than a line; `is_torn`: it is broken within letters.
    """

    starts: tuple[int, ...]
    is_broken: bool
    is_torn: bool


def fit_lines(
    lines: Sequence[Line], box_px: tuple[int, int], size_px: int, widths: Mapping[str, float]
) -> tuple[tuple[Line, ...], int]:
    """Break words that are wider than a box, and choose the font size at which all lines fit it.

    Lines whose words fit stay whole, as libass wraps them.

    Args:
        lines: clean, as by `clean_runs`.
        size_px: the largest font size.
        widths: of characters, as shares of the font size.
    Returns:
        The lines, and the font size.
    Cost: linear in the text, for each font size tried.
    """
    texts = tuple("".join(run.text for run in line) for line in lines)
    wrapped, fitted_px = _choose_size(texts, box_px, size_px, widths)
    fitted: list[Line] = []
    for line, each in zip(lines, wrapped, strict=True):
        fitted += _cut(line, each.starts) if each.is_broken else [line]
    return tuple(fitted), fitted_px


def _choose_size(
    texts: Sequence[str], box_px: tuple[int, int], size_px: int, widths: Mapping[str, float]
) -> tuple[list[_Wrapped], int]:
    """The largest size at which texts fit a box: with whole words, or else with torn ones."""
    width_px, height_px = box_px
    least_px = min(size_px, SMALLEST_PX)
    for may_tear, last_px in ((False, max(least_px, ceil(TORN_SHARE * size_px))), (True, least_px)):
        for tried_px in range(size_px, last_px - 1, -1):
            wrapped = [_wrap(text, widths, SLACK * width_px / tried_px) for text in texts]
            is_torn = any(each.is_torn for each in wrapped)
            n_lines = sum(len(each.starts) + 1 for each in wrapped)
            if n_lines * tried_px <= height_px and (may_tear or not is_torn):
                return wrapped, tried_px
    return wrapped, least_px


def _wrap(text: str, widths: Mapping[str, float], limit: float) -> _Wrapped:
    """Fill lines with words; one that is wider than a line is broken."""
    starts: list[int] = []
    is_broken = is_torn = False
    filled = 0.0

    for word in re.finditer("[^ ]+", text):
        lead = _measure(" ", widths) if filled else 0.0
        width = _measure(word[0], widths)
        is_wide = width > limit
        is_broken |= is_wide
        for start, end in _find_parts(word[0]) if is_wide else [(0, len(word[0]))]:
            width = _measure(word[0][start:end], widths)
            if filled + lead + width > limit and filled:
                starts.append(word.start() + start)
                filled = lead = 0.0
            if width <= limit:
                filled += lead + width
                lead = 0.0
                continue
            is_torn = True
            for at, piece in _cut_clusters(word[0], start, end):
                width = _measure(piece, widths)
                if filled and filled + width > limit:
                    starts.append(word.start() + at)
                    filled = 0.0
                filled += width
    return _Wrapped(tuple(starts), is_broken, is_torn)


def _measure(text: str, widths: Mapping[str, float]) -> float:
    return sum(widths.get(char, UNKNOWN_WIDTH) for char in text)


@lru_cache(maxsize=64)
def _find_parts(word: str) -> tuple[tuple[int, int], ...]:
    """The parts of a word between which it may be broken: at signs, capitals, phrases."""
    places = {match.start() for match in _PLACE.finditer(word)}
    places |= {
        at for at, (before, char) in enumerate(pairwise(word), start=1)
        if before.islower() and char.isupper()
    }  # fmt: skip
    if is_unspaced(word):
        places |= find_phrases(word, "")
    inner = sorted(at for at in places if 0 < at < len(word))
    return tuple(pairwise([0, *inner, len(word)]))


def _cut_clusters(word: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Each character that may begin a line, with those attached to it."""
    begun = start
    for at in range(start + 1, end + 1):
        if at == end or not is_attached(word[at - 1], word[at]):
            yield begun, word[begun:at]
            begun = at


def _cut(line: Line, starts: Sequence[int]) -> Iterator[Line]:
    """The runs of a line, cut where lines begin; the space before a cut goes."""
    begun = 0
    for start, end in pairwise([0, *starts, sum(len(run.text) for run in line)]):
        row, begun = [], 0
        for run in line:
            first, last = max(start - begun, 0), end - begun
            if first < len(run.text) and last > 0:
                fill_cs = run.fill_cs if first == 0 else None
                row.append(replace(run, text=run.text[first:last], fill_cs=fill_cs))
            begun += len(run.text)
        row[-1] = replace(row[-1], text=row[-1].text.rstrip(" "))
        yield tuple(row)
