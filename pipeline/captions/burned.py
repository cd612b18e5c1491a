"""Styles of captions burned into clips: which words of a cue show when, in which colour.

The ASS file is written in `ass.py`; cues are made in `cues.py`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

from pipeline.captions.ass import AssStyle, Event, Label, format_events
from pipeline.captions.breaks import has_stop
from pipeline.captions.looks import Line, Look, Run, find_looks, make_runs
from pipeline.captions.markup import choose_place
from pipeline.captions.reflow import wrap_unspaced
from pipeline.captions.text import measure
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
    """A word of a cue: its text with punctuation, the look of each character, and its start.

    `space`: a space, or nothing, between it and the word before.
    """

    text: str
    looks: tuple[Look, ...]
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

    Text is escaped, so that it shows as it is; the looks and places of a file's cue are kept.

    Args:
        lit: colour of the current word, as `#rrggbb`.
    """
    look, show = _STYLES[kind]
    styled = look(style)
    events = (event for cue in cues for event in show(cue, lit))
    return format_events(events, styled, labels)


def flow(cue: Cue, max_columns: int) -> Cue:
    """The cue on one line, which libass wraps to the picture; its words keep their times.

    Text without spaces to wrap at is broken here, at `max_columns`.
    """
    return cue if cue.line_speakers else wrap_unspaced(cue, max_columns)


def _show_whole(cue: Cue, lit: str) -> Iterator[Event]:
    del lit
    lines = tuple(map(make_runs, cue.lines, find_looks(cue)))
    yield _make_event(cue, (cue.start_ms, cue.end_ms), lines)


def _make_event(cue: Cue, span: tuple[int, int], lines: tuple[Line, ...]) -> Event:
    return Event(*span, lines, cue.speaker, choose_place(cue.markup))


def _light_words(cue: Cue, lit: str) -> Iterator[Event]:
    """The whole cue once for each word, with that word in the other colour."""
    if not cue.marks:
        yield from _show_whole(cue, lit)
        return
    looks = find_looks(cue)
    moments = [cue.start_ms, *(_clamp(cue, mark.start_ms) for mark in cue.marks), cue.end_ms]
    for number, (start_ms, end_ms) in enumerate(pairwise(moments)):
        if start_ms < end_ms:
            shown = list(looks)
            if number:
                mark = cue.marks[number - 1]
                end = mark.column + len(_word_at(cue, mark).rstrip())
                line = shown[mark.line]
                word = _light(line[mark.column : end], lit)
                shown[mark.line] = (*line[: mark.column], *word, *line[end:])
            lines = tuple(map(make_runs, cue.lines, shown))
            yield _make_event(cue, (start_ms, end_ms), lines)


def _light(looks: Sequence[Look], lit: str) -> tuple[Look, ...]:
    return tuple(replace(look, color=lit) for look in looks)


def _show_few(cue: Cue, lit: str) -> Iterator[Event]:
    """One to three words at a time, with the current one in the other colour.

    A cue with a line without word marks shows whole.
    """
    if {mark.line for mark in cue.marks} < set(range(len(cue.lines))):
        yield from _show_whole(cue, lit)
        return
    groups = list(_group(list(_list_spoken(cue))))
    starts = [_clamp(cue, group[0].start_ms) for group in groups]
    for group, (start_ms, end_ms) in zip(groups, pairwise([*starts, cue.end_ms]), strict=True):
        moments = [start_ms, *(_clamp(cue, word.start_ms) for word in group[1:]), end_ms]
        for number, (begin_ms, stop_ms) in enumerate(pairwise(moments)):
            if begin_ms < stop_ms:
                line: list[Run] = []
                for index, word in enumerate(group):
                    is_lit = index == number and len(group) > 1
                    line.append(Run(word.space if index else ""))
                    line += make_runs(word.text, _light(word.looks, lit) if is_lit else word.looks)
                yield _make_event(cue, (begin_ms, stop_ms), (tuple(line),))


def _list_spoken(cue: Cue) -> Iterator[_SpokenSpan]:
    """The words with marks; text before the first of a line, as a label, goes with that one."""
    looks = find_looks(cue)
    begun: set[int] = set()
    for mark in cue.marks:
        before = "" if mark.line in begun else cue.lines[mark.line][: mark.column]
        begun.add(mark.line)
        word = before + _word_at(cue, mark)
        text = word.strip()
        start = mark.column - len(before) + word.find(text)
        own = looks[mark.line][start : start + len(text)]
        is_glued = mark.is_glued and not before
        yield _SpokenSpan(text, own, mark.start_ms, "" if is_glued else " ")


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
_Show = Callable[[Cue, str], Iterator[Event]]
_STYLES: Mapping[StyleKind, tuple[_Look, _Show]] = MappingProxyType(
    {
        "plain": (_as_it_is, _show_whole),
        "box": (_on_a_box, _show_whole),
        "karaoke": (_as_it_is, _light_words),
        "word": (_large, _show_few),
    }
)
