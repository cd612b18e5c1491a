r"""Karaoke, in which each word lights up when it is spoken: words.vtt and captions.ass.

Players that ignore the inline times of WebVTT show plain cues; in ASS, for editors and players, a
word fills with colour (`\kf`). Captions burned into clips are in `burned.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.captions.ass import Event, choose_style, format_events
from pipeline.captions.looks import Line, Look, Run, find_looks, make_runs
from pipeline.captions.markup import choose_place, escape_vtt
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
    events = (
        Event(cue.start_ms, cue.end_ms, _fill_words(cue), cue.speaker, choose_place(cue.markup))
        for cue in cues
    )
    return format_events(events, style)


def _fill_words(cue: Cue) -> tuple[Line, ...]:
    """A cue's lines; the first begins with an empty run for the time before the first word."""
    marks = list(cue.marks)
    moments = [_hundredths(cue, mark.start_ms) for mark in marks]
    moments = [*moments, _hundredths(cue, cue.end_ms)]
    lengths = [max(0, last - first) for first, last in pairwise(moments)]
    lines = []
    for number, (line, looks) in enumerate(zip(cue.lines, find_looks(cue), strict=True)):
        own = [(mark, n) for mark, n in zip(marks, lengths, strict=True) if mark.line == number]
        lines.append(_fill_line(line, looks, own))
    if marks and moments[0]:
        lines[0] = (Run("", fill_cs=moments[0]), *lines[0])
    return tuple(lines)


def _fill_line(line: str, looks: Sequence[Look], marks: list[tuple[WordMark, int]]) -> Line:
    ends = [mark.column for mark, _ in marks] + [len(line)]
    runs = list(make_runs(line[: ends[0]], looks[: ends[0]]))
    for (_, length), (start, end) in zip(marks, pairwise(ends), strict=True):
        first, *others = make_runs(line[start:end], looks[start:end]) or [Run("")]
        runs += [replace(first, fill_cs=length), *others]
    return tuple(runs)


def _hundredths(cue: Cue, time_ms: int) -> int:
    return (min(max(time_ms, cue.start_ms), cue.end_ms) - cue.start_ms + 5) // 10
