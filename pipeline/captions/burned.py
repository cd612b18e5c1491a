"""Styles of captions burned into clips: which words of a cue show when, in which colour.

The ASS file is written in `ass.py`; cues are made in `cues.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

from pipeline.captions.ass import AssStyle, Event, Label, format_color, format_events, spell
from pipeline.captions.breaks import has_stop
from pipeline.captions.reflow import wrap_unspaced
from pipeline.captions.text import clean_line, measure
from pipeline.records import Cue, WordMark

StyleKind = Literal["plain", "box", "karaoke", "word"]

WORD_SIZE = 1.9
"""Size of the style `word`, as a factor of the usual caption size."""

MOST_WORDS, MOST_CHARS = 3, 14
"""Most words, and characters of several words, that show at a time in the style `word`."""

_PAUSE_MS = 350
"""A longer pause separates groups; measured between starts, less 60 ms a character."""


@dataclass(frozen=True, slots=True)
class _SpokenSpan:
    """A word of a cue: its text with punctuation, its line and its start.

    `space`: a space, or nothing, between it and the word before.
    """

    text: str
    line: int
    start_ms: int
    space: str


def format_burned(
    cues: Iterable[Cue],
    style: AssStyle,
    kind: StyleKind = "plain",
    lit: str = "#ffffff",
    labels: Iterable[Label] = (),
) -> str:
    """Write cues in a style; a cue whose words have no times shows whole.

    Text is escaped, so that it shows as it is.

    Args:
        lit: colour of the current word, as `#rrggbb`.
    """
    look, show = _STYLES[kind]
    styled = look(style)
    events = (event for cue in cues for event in show(cue, styled, lit))
    return format_events(events, styled, labels)


def flow(cue: Cue, max_columns: int) -> Cue:
    """The cue on one line, which libass wraps to the picture; its words keep their times.

    Text without spaces to wrap at is broken here, at `max_columns`.
    """
    return cue if cue.line_speakers else wrap_unspaced(cue, max_columns)


def _show_whole(cue: Cue, style: AssStyle, lit: str) -> Iterator[Event]:
    del lit
    text = "\\N".join(spell(clean_line(line), style) for line in cue.lines)
    yield Event(cue.start_ms, cue.end_ms, text, cue.speaker)


def _light_words(cue: Cue, style: AssStyle, lit: str) -> Iterator[Event]:
    """The whole cue once for each word, with that word in the other colour."""
    if not cue.marks:
        yield from _show_whole(cue, style, lit)
        return
    moments = [cue.start_ms, *(_clamp(cue, mark.start_ms) for mark in cue.marks), cue.end_ms]
    for number, (start_ms, end_ms) in enumerate(pairwise(moments)):
        if start_ms < end_ms:
            marked = cue.marks[number - 1] if number else None
            yield Event(start_ms, end_ms, _light(cue, marked, style, lit), cue.speaker)


def _light(cue: Cue, marked: WordMark | None, style: AssStyle, lit: str) -> str:
    lines = []
    for number, line in enumerate(cue.lines):
        if marked is None or marked.line != number:
            lines.append(spell(clean_line(line), style))
            continue
        word = _word_at(cue, marked).rstrip()
        before, after = line[: marked.column], line[marked.column + len(word) :]
        lit_word = f"{{\\1c{format_color(lit)}&}}{_spell_part(word, style)}{{\\1c}}"
        lines.append(f"{_spell_part(before, style)}{lit_word}{_spell_part(after, style)}")
    return "\\N".join(lines)


def _spell_part(text: str, style: AssStyle) -> str:
    """A part of a line, with one space at each end that has any."""
    if not text.strip():
        return " " if text else ""
    before, after = " " * text[0].isspace(), " " * text[-1].isspace()
    return f"{before}{spell(clean_line(text), style)}{after}"


def _show_few(cue: Cue, style: AssStyle, lit: str) -> Iterator[Event]:
    """One to three words at a time, with the current one in the other colour."""
    if not cue.marks:
        yield from _show_whole(cue, style, lit)
        return
    groups = list(_group(list(_list_spoken(cue))))
    starts = [_clamp(cue, group[0].start_ms) for group in groups]
    for group, (start_ms, end_ms) in zip(groups, pairwise([*starts, cue.end_ms]), strict=True):
        moments = [start_ms, *(_clamp(cue, word.start_ms) for word in group[1:]), end_ms]
        for number, (begin_ms, stop_ms) in enumerate(pairwise(moments)):
            if begin_ms < stop_ms:
                text = ""
                for index, word in enumerate(group):
                    spoken = _spell_part(word.text, style)
                    if index == number and len(group) > 1:
                        spoken = f"{{\\1c{format_color(lit)}&}}{spoken}{{\\1c}}"
                    text += (word.space if index else "") + spoken
                yield Event(begin_ms, stop_ms, text, cue.speaker)


def _list_spoken(cue: Cue) -> Iterator[_SpokenSpan]:
    for mark in cue.marks:
        space = "" if mark.is_glued else " "
        yield _SpokenSpan(_word_at(cue, mark).strip(), mark.line, mark.start_ms, space)


def _group(words: Sequence[_SpokenSpan]) -> Iterator[list[_SpokenSpan]]:
    """Words that show together: few, short, and with no punctuation or pause between."""
    group: list[_SpokenSpan] = []
    for word in words:
        if group:
            n_columns = sum(measure(each.space + each.text) for each in (*group, word))
            is_full = len(group) == MOST_WORDS or n_columns - len(group[0].space) > MOST_CHARS
            reading_ms = 60 * len(group[-1].text)
            pauses = word.start_ms - group[-1].start_ms - reading_ms > _PAUSE_MS
            if is_full or has_stop(group[-1].text) or pauses:
                yield group
                group = []
        group.append(word)
    if group:
        yield group


def _word_at(cue: Cue, mark: WordMark) -> str:
    """The text from a mark to the next one on its line, or to the line's end."""
    later = (m.column for m in cue.marks if m.line == mark.line and m.column > mark.column)
    line = cue.lines[mark.line]
    return line[mark.column : min(later, default=len(line))]


def _clamp(cue: Cue, time_ms: int) -> int:
    return min(max(time_ms, cue.start_ms), cue.end_ms)


def _as_it_is(style: AssStyle) -> AssStyle:
    return style


def _on_a_box(style: AssStyle) -> AssStyle:
    return replace(style, is_boxed=True)


def _large(style: AssStyle) -> AssStyle:
    """The style with letters as large as a full group of words allows."""
    inner_px = style.width_px - 2 * style.margin_side_px
    size_px = min(round(style.size_px * WORD_SIZE), round(inner_px / (MOST_CHARS * 0.46)))
    return replace(style, size_px=size_px, outline_px=max(1.0, round(size_px / 14, 1)))


_Look = Callable[[AssStyle], AssStyle]
_Show = Callable[[Cue, AssStyle, str], Iterator[Event]]
_STYLES: Mapping[StyleKind, tuple[_Look, _Show]] = MappingProxyType(
    {
        "plain": (_as_it_is, _show_whole),
        "box": (_on_a_box, _show_whole),
        "karaoke": (_as_it_is, _light_words),
        "word": (_large, _show_few),
    }
)
