"""Reflow: the lines of a cue as running text, with or without a space where a line ended.

For cues made from words, their marks say which; else the script on both sides decides.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from pipeline.captions.direction import strip_mark
from pipeline.captions.phrases import is_unspaced
from pipeline.captions.text import clean_line, measure
from pipeline.captions.unspaced import Joint, cut_tokens, is_continued
from pipeline.records import Cue


def flow_lines(cue: Cue) -> str:
    """The text of a cue in one line, which keeps the direction mark of its first line."""
    text = clean_line(cue.lines[0])
    for number, (before, line) in enumerate(pairwise(cue.lines), start=1):
        text += space_before(cue, number, before) + strip_mark(clean_line(line))
    return text


def space_before(cue: Cue, line: int, before: str) -> str:
    """The space, or nothing, that belongs between a text and the cue's line that continues it.

    A cue from a file has no marks for it: the letters on both sides decide.
    """
    marks = () if cue.markup else cue.marks
    glued = next((mark.is_glued for mark in marks if mark.line == line), None)
    if glued is None:
        glued = is_continued(before, cue.lines[line])
    return "" if glued else " "


def wrap_unspaced(cue: Cue, max_columns: int) -> Cue:
    """A cue in one line; a script without spaces is wrapped at `max_columns`.

    For renderers that break lines at spaces alone, as libass does.
    """
    text, offsets = cue.lines[0], [0]
    for number, (before, line) in enumerate(pairwise(cue.lines), start=1):
        text += space_before(cue, number, before)
        offsets.append(len(text))
        text += line
    starts = [0, *_find_breaks(text, max_columns)] if is_unspaced(text) else [0]
    marks = []
    for mark in cue.marks:
        at = offsets[mark.line] + mark.column
        place = bisect_right(starts, at) - 1
        marks.append(replace(mark, line=place, column=at - starts[place]))
    ends = [*starts[1:], len(text)]
    lines = tuple(text[start:end].rstrip() for start, end in zip(starts, ends, strict=True))
    return replace(cue, lines=lines, marks=tuple(marks))


def _find_breaks(text: str, max_columns: int) -> Iterator[int]:
    """Where lines after the first begin: each as far as it fits, at the end of a phrase."""
    at = begun = 0
    for token in text.split(" "):
        for part in cut_tokens([token], "", max_columns):
            end = at + len(part.text)
            is_too_wide = measure(text[begun:end]) > max_columns
            if is_too_wide and at > begun and part.joint is not Joint.TIGHT:
                yield at
                begun = at
            at = end
        at += 1
