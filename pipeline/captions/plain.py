"""transcript.txt: a paragraph for each turn, without times; can be read again as a text."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from pipeline.captions.direction import strip_mark
from pipeline.captions.reflow import space_before
from pipeline.captions.text import clean_line
from pipeline.records import Cue

_SOUND = re.compile(r"\[([^][]*)\]")


def format_plain(cues: Iterable[Cue]) -> str:
    """Write paragraphs that begin with `- ` and, if the speaker is known, `[speaker]`.

    Sounds stand in round brackets, as square ones hold names.
    """
    turns = groupby(_read_parts(cues), key=lambda part: part[0])
    paragraphs = (_format_turn(name, (text for _, text in parts)) for name, parts in turns)
    return "\n".join(paragraphs)


def _read_parts(cues: Iterable[Cue]) -> Iterator[tuple[str | None, str]]:
    """(speaker, text) of each line, without a shared cue's dash, with the space before it."""
    before = " "
    for cue, number, line in _list_lines(cues):
        speaker = cue.line_speakers[number] if cue.line_speakers else cue.speaker
        columns = [mark.column for mark in cue.marks if mark.line == number]
        first = columns[0] if columns and cue.line_speakers else 0
        text = space_before(cue, number, before) + _SOUND.sub(
            r"(\1)", strip_mark(clean_line(line[first:]))
        )
        yield (clean_line(speaker) if speaker and speaker.strip() else None), text
        before = line


def _list_lines(cues: Iterable[Cue]) -> Iterator[tuple[Cue, int, str]]:
    for cue in cues:
        yield from ((cue, number, line) for number, line in enumerate(cue.lines))


def _format_turn(name: str | None, texts: Iterable[str]) -> str:
    label = f"[{name.replace('[', '(').replace(']', ')')}] " if name else ""
    return f"- {label}{''.join(texts).strip()}\n"
