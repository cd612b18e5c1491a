"""The lines of a caption file in blocks: its cues, and what stands between them; none is lost.

Only here is it decided where a cue begins and what its times are. Its text is read in `vtt.py` and
`srt.py`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from pipeline.errors import MediaError
from pipeline.text.times import ANY_TIME, TIME_TAG, format_timestamp, read_fields

CaptionForm = Literal["vtt", "srt"]
"""A caption format that can be read; also its file name extension."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_TIMING = re.compile(rf"\s*{ANY_TIME}\s*-->\s*{ANY_TIME}")
_POINTS: dict[CaptionForm, str] = {"vtt": ".", "srt": ","}


@dataclass(frozen=True, slots=True)
class Timing:
    """A timing line: its index in the block, its times, and what follows them."""

    at: int
    start_ms: int
    end_ms: int
    rest: str


@dataclass(frozen=True, slots=True)
class Block:
    """A cue with the name or number before it and the blank lines after it; or other lines.

    Args:
        lines: as they stand, each with its line end.
        first: number of the first one in the file, from 1.
        timing: None if this is no cue.
    """

    lines: tuple[str, ...]
    first: int
    timing: Timing | None = None

    @property
    def bare(self) -> list[str]:
        """The lines without line ends and byte order mark."""
        return _strip_ends(self.lines, self.first)

    @property
    def id(self) -> str:
        """A cue's name or number; empty if it has none."""
        return self.bare[0].strip() if self.timing and self.timing.at else ""

    @property
    def text(self) -> list[str]:
        """A cue's lines that are not empty, with all tags."""
        return [line for line in self.bare[self.timing.at + 1 :] if line] if self.timing else []

    def move(self, span: tuple[int, int], form: CaptionForm, place: "Place") -> "Block":
        """A cue at another time; of its lines only those change that hold a time."""
        timing = self.timing
        if timing is None:
            return self

        def restamp(tag: re.Match[str]) -> str:
            time_ms = read_fields(tag.groups())
            new_ms = place(time_ms)
            if new_ms == time_ms:
                return tag[0]
            return "" if new_ms is None else f"<{format_timestamp(new_ms, _POINTS[form])}>"

        text = self.lines[timing.at + 1 :]
        lines = [*self.lines[: timing.at + 1], *(TIME_TAG.sub(restamp, line) for line in text)]
        if span != (timing.start_ms, timing.end_ms):
            old = lines[timing.at]
            mark = "\ufeff" if old.startswith("\ufeff") else ""
            end = old[len(old.rstrip("\r\n")) :]
            lines[timing.at] = f"{mark}{format_span(span, form)}{timing.rest}{end}"
        return replace(self, lines=tuple(lines))

    def renumber(self, number: int) -> tuple[str, ...]:
        """The lines of a SubRip cue that has a number, with another one."""
        if not self.id or self.id == str(number):
            return self.lines
        old = self.lines[0]
        return old.replace(self.id, str(number), 1), *self.lines[1:]


Place = Callable[[int], int | None]
"""From a time within cue text to its new time; None if it goes."""


def format_span(span: tuple[int, int], form: CaptionForm) -> str:
    """A timing line without settings."""
    return " --> ".join(format_timestamp(time_ms, _POINTS[form]) for time_ms in span)


def split_blocks(text: str, form: CaptionForm) -> Iterator[Block]:
    """Cut a file into blocks, in order: joined again, their lines are the file.

    Raises:
        MediaError: a WebVTT file has times that can't be read.
    """
    lines = _LINE.findall(text)
    bare = _strip_ends(lines, 1)
    done = 0
    for (head, timing), (next_head, _) in pairwise([*_find_cues(bare, form), (len(lines), None)]):
        if done < head:
            yield Block(tuple(lines[done:head]), done + 1)
        done = next_head
        if form == "vtt" and timing:
            inner = range(head + timing.at, next_head)
            done = next((n for n in inner if not bare[n]), next_head)
            done = next((n for n in range(done, next_head) if bare[n]), next_head)
        yield Block(tuple(lines[head:done]), head + 1, timing)
    if done < len(lines):
        yield Block(tuple(lines[done:]), done + 1)


def split_paragraphs(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Runs of lines, each with the blank lines after it."""
    first = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or (lines[at].strip("\r\n") and not lines[at - 1].strip("\r\n")):
            yield tuple(lines[first:at])
            first = at


def _strip_ends(lines: Sequence[str], first: int) -> list[str]:
    bare = [line.rstrip("\r\n") for line in lines]
    return [bare[0].removeprefix("\ufeff"), *bare[1:]] if bare and first == 1 else bare


def _find_cues(bare: Sequence[str], form: CaptionForm) -> Iterator[tuple[int, Timing | None]]:
    """The index of each cue's first line (its name or number, if any), and its timing line.

    Source: W3C, WebVTT, §6.1, "collect a WebVTT block": an arrow begins a cue wherever it stands,
    and only a line that begins a block, after the header, is its name.
    """
    n_before, is_header = 0, form == "vtt"
    for at, line in enumerate(bare):
        if "-->" in line and (found := _read_timing(line, form)):
            is_numbered = at > 0 and bare[at - 1].strip().isdecimal()
            is_named = is_numbered if form == "srt" else n_before == 1 and not is_header
            times = read_fields(found.groups()[:4]), read_fields(found.groups()[4:])
            yield at - is_named, Timing(int(is_named), *times, line[found.end() :])
            n_before, is_header = 1, False
        elif "-->" in line and form == "vtt":
            problem = f"line {at + 1} has times that can't be read"
            raise MediaError("captions", problem, "write them as 00:01:02.345")
        n_before = n_before + 1 if line else 0
        is_header = is_header and bool(line)


def _read_timing(line: str, form: CaptionForm) -> re.Match[str] | None:
    """The times of a line; times of day, such as `12:30 --> 13:00`, are none."""
    found = _TIMING.match(line)
    if found is None:
        return None
    fields = found.groups()
    for h, m, s, fraction in (fields[:4], fields[4:]):
        if form == "srt":
            is_time = bool(fraction or h)
        else:
            is_time = bool(fraction) and int(m or 0) < 60 and int(s or 0) < 60
        if not is_time:
            return None
    return found
