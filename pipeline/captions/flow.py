"""The lines of a cue as running text: a space where a line ends, unless its script has none there.

Where cues' words are known, their marks say it; else the letters on both sides do.
"""

from itertools import pairwise

from pipeline.captions.direction import strip_mark
from pipeline.captions.text import clean_line
from pipeline.captions.unspaced import is_continued
from pipeline.records import Cue


def flow_lines(cue: Cue) -> str:
    """The text of a cue in one line, which begins with the mark its first line may need."""
    text = clean_line(cue.lines[0])
    for number, (before, line) in enumerate(pairwise(cue.lines), start=1):
        text += space_before(cue, number, before) + strip_mark(clean_line(line))
    return text


def space_before(cue: Cue, line: int, before: str) -> str:
    """What belongs between a text and the line of a cue that goes on with it."""
    glued = next((mark.is_glued for mark in cue.marks if mark.line == line), None)
    if glued is None:
        glued = is_continued(before, cue.lines[line])
    return "" if glued else " "
