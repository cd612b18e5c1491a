r"""Karaoke, in which each word lights up when it is spoken: words.vtt and captions.ass.

Players that ignore the inline times of WebVTT show plain cues; in ASS, for editors and players, a
word fills with colour (`\kf`). Captions burned into clips are in `burned.py`.
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from pipeline.captions.ass import Event, choose_style, escape, format_events
from pipeline.captions.markup import escape_vtt
from pipeline.captions.text import clean_line
from pipeline.captions.vtt import join_captions, join_voices
from pipeline.records import Cue, WordMark
from pipeline.text.times import format_timestamp

_WIDTH_PX, _HEIGHT_PX = 1920, 1080
"""Picture size that font sizes refer to; players scale it to theirs."""

_UNSPOKEN = "#a0a0a0"


def format_words(cues: Iterable[Cue], language: str | None = None) -> str:
    """Write cues with a time before every word but the first, each word in a `<c>` of its own.

    A line without word marks is written plain.
    """
    return join_captions(((cue, _stamp_words(cue)) for cue in cues), language)


def _stamp_words(cue: Cue) -> str:
    """Cue text with times strictly inside the cue and increasing, as WebVTT requires."""
    latest_ms = cue.start_ms
    lines = []
    for number, line in enumerate(cue.lines):
        marks = [mark for mark in cue.marks if mark.line == number]
        ends = [*(mark.column for mark in marks[1:]), len(line)]
        text = escape_vtt(line[: marks[0].column]) if marks else escape_vtt(clean_line(line))
        for mark, end in zip(marks, ends, strict=False):
            is_stamped = latest_ms < mark.start_ms < cue.end_ms
            if is_stamped:
                latest_ms = mark.start_ms
            word = line[mark.column : end]
            tail = word[len(word.rstrip()) :]
            stamp = f"<{format_timestamp(mark.start_ms)}>" if is_stamped else ""
            text += f"{stamp}<c>{escape_vtt(word.rstrip())}</c>{tail}"
        lines.append(text)
    return join_voices(cue, lines)


def format_karaoke(cues: Iterable[Cue]) -> str:
    """Write cues as ASS with a `\\kf` before each word; text is escaped, so that it shows as it is.

    A line without word marks is written plain. Times are rounded to 10 ms, each from
    the cue's start, so that errors do not add up.
    """
    style = replace(choose_style(_WIDTH_PX, _HEIGHT_PX), unspoken=_UNSPOKEN)
    events = (Event(cue.start_ms, cue.end_ms, _fill_words(cue), cue.speaker) for cue in cues)
    return format_events(events, style)


def _fill_words(cue: Cue) -> str:
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
