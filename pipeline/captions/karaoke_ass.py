r"""captions.ass: ASS karaoke, in which each word fills with colour while it is spoken (`\kf`).

For editors and players that show ASS; captions burned into clips are in `burned.py`.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from pipeline.captions.ass import Event, choose_style, escape, format_events
from pipeline.captions.text import clean_line
from pipeline.records import Cue, WordMark

_WIDTH_PX, _HEIGHT_PX = 1920, 1080
"""Picture size that font sizes refer to; players scale it to theirs."""

_UNSPOKEN = "#a0a0a0"


def format_karaoke(cues: Iterable[Cue]) -> str:
    """Write cues as ASS with a `\\kf` before each word; text is escaped, so that it shows as it is.

    A line without word marks is written plain. Times are rounded to 10 ms, each from
    the cue's start, so that errors do not add up.
    """
    style = replace(choose_style(_WIDTH_PX, _HEIGHT_PX), unspoken=_UNSPOKEN)
    events = (Event(cue.start_ms, cue.end_ms, _cue_text(cue), cue.speaker) for cue in cues)
    return format_events(events, style)


def _cue_text(cue: Cue) -> str:
    """A cue's lines, with a `\\k` for the time before the first word."""
    marks = list(cue.marks)
    moments = [_hundredths(cue, mark.start_ms) for mark in marks]
    moments = [*moments, _hundredths(cue, cue.end_ms)]
    lengths = [max(0, last - first) for first, last in pairwise(moments)]
    lead = f"{{\\k{moments[0]}}}" if marks and moments[0] else ""
    texts = []
    for number, line in enumerate(cue.lines):
        own = [(mark, n) for mark, n in zip(marks, lengths, strict=True) if mark.line == number]
        texts.append(_line_text(line, own) if own else escape(clean_line(line)))
    return lead + "\\N".join(texts)


def _line_text(line: str, marks: list[tuple[WordMark, int]]) -> str:
    ends = [*(mark.column for mark, _ in marks[1:]), len(line)]
    text = escape(line[: marks[0][0].column])
    for (mark, length), end in zip(marks, ends, strict=True):
        text += f"{{\\kf{length}}}{escape(line[mark.column : end])}"
    return text


def _hundredths(cue: Cue, time_ms: int) -> int:
    return (min(max(time_ms, cue.start_ms), cue.end_ms) - cue.start_ms + 5) // 10
