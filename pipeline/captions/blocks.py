"""The lines of a caption file in blocks: its cues, and what stands between them; none is lost.

Only here is it decided where a cue begins and what its times are. Its text is read in `vtt.py` and
`srt.py`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from pipeline.captions.text import REPLACEMENT
from pipeline.text.times import (
    LOOSE_TIME,
    PARSED_VTT_TIME,
    TIME_TAG,
    format_timestamp,
    read_fields,
    read_loose_fields,
)

CaptionForm = Literal["vtt", "srt"]
"""A caption format that can be read; also its file name extension."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_VTT_TIMING = re.compile(rf"[ \t\f]*{PARSED_VTT_TIME}[ \t\f]*-->[ \t\f]*{PARSED_VTT_TIME}")
_LOOSE_TIMING = re.compile(
    rf"(?:(?P<number>\d{{1,6}})\s{{0,9}}[.):\]]?\s{{1,9}})??(?P<start>{LOOSE_TIME})\s{{0,9}}"
    r"(?P<arrow>(?:[-‐‑‒–—−=]\s{0,9}){0,4}(?:>|&gt;){1,2}|[→⇒])"
    rf"\s{{0,9}}(?P<end>{LOOSE_TIME})"
)
_SETTINGS = re.compile(r"(?:\s+[A-Za-z]\w*:\S*)*\s*")
"""What may follow the times where the arrow is not that of the format: coordinates, settings."""

_POINTS: dict[CaptionForm, str] = {"vtt": ".", "srt": ","}


@dataclass(frozen=True, slots=True)
class Timing:
    """A timing line: its index in the block, its times, and what follows them.

    `number`: the cue's number, where it stands on the timing line.
    """

    at: int
    start_ms: int
    end_ms: int
    rest: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A cue with the name or number before it and the blank lines after it; or other lines.

    In WebVTT those are one block of the standard: the header, a comment, or what players drop.

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
        if self.timing is None:
            return ""
        return self.bare[0] if self.timing.at else self.timing.number

    @property
    def text(self) -> list[str]:
        """A cue's lines that are not empty, with all tags."""
        return [line for line in self.bare[self.timing.at + 1 :] if line] if self.timing else []

    def find_timing_line(self) -> int | None:
        """The index of a WebVTT block's timing line, also of one that can't be read."""
        for at, line in enumerate(self.bare[:2] if self.first > 1 else ()):
            is_alone = at == 1 and is_number(self.bare[0])
            if "-->" in line or read_lost_timing(line, is_alone):
                return at
        return None

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
            lines[timing.at] = f"{format_span(span, form)}{timing.rest}{end}"
            if timing.number:
                lines.insert(0, f"{timing.number}{end or chr(10)}")
                timing = replace(timing, at=1, number="")
            lines[0] = mark + lines[0]
        return replace(self, lines=tuple(lines), timing=timing)

    def renumber(self, number: int) -> tuple[str, ...]:
        """The lines of a SubRip cue that has a number, with another one."""
        counted = self.id.strip()
        if not counted or counted == str(number):
            return self.lines
        return self.lines[0].replace(counted, str(number), 1), *self.lines[1:]


Place = Callable[[int], int | None]
"""From a time within cue text to its new time; None if it goes."""


def format_span(span: tuple[int, int], form: CaptionForm) -> str:
    """A timing line without settings."""
    return " --> ".join(format_timestamp(time_ms, _POINTS[form]) for time_ms in span)


def split_blocks(text: str, form: CaptionForm) -> Iterator[Block]:
    """Cut a file into blocks, in order: joined again, their lines are the file."""
    lines = _LINE.findall(text)
    found = [*_FINDERS[form](_strip_ends(lines, 1)), (len(lines), None)]
    for (first, timing), (end, _) in pairwise(found):
        yield Block(tuple(lines[first:end]), first + 1, timing)


def read_loose_timing(line: str, counted: int = 0, is_alone: bool = False) -> Timing | None:
    """The times of a SubRip timing line as people write it; None if the line is text.

    Without hours or fraction it is a time of day, such as `12:30 --> 13:00`, unless `is_alone`.

    Args:
        counted: the number that the cue should have, which may be glued to the first time.
        is_alone: there is a number before the line, and nothing before that.
    """
    line = line.lstrip()
    found = _LOOSE_TIMING.match(line)
    if found is None:
        return None
    number, start = found["number"] or "", found["start"]
    fields = found.groups()
    begun, ended = fields[2:8], fields[10:16]
    is_time = all(hours or first or spaced for _, hours, _, _, first, spaced in (begun, ended))
    rest = line[found.end() :]
    if not (is_time or is_alone) or not (found["arrow"] == "-->" or _SETTINGS.fullmatch(rest)):
        return None
    start_ms, end_ms = read_loose_fields(begun), read_loose_fields(ended)
    if start_ms > end_ms and counted and start.startswith(str(counted)):
        glued = re.fullmatch(LOOSE_TIME, start.removeprefix(str(counted)))
        if glued and glued[2] and len(glued[2]) == 2:
            number, start_ms = str(counted), read_loose_fields(glued.groups())
    return Timing(0, start_ms, end_ms, rest, number)


def read_lost_timing(line: str, is_alone: bool = False) -> Timing | None:
    """What was meant by a timing line of WebVTT that browsers drop or show as text."""
    return read_loose_timing(line, is_alone=is_alone) if ">" in line else None


def is_number(line: str) -> bool:
    """Whether a line is a number alone, as cues have before their times."""
    return line.strip().isdecimal()


def _strip_ends(lines: Sequence[str], first: int) -> list[str]:
    """The lines without their ends; a zero is shown as WebVTT has it (§6.1, step 1)."""
    bare = [line.rstrip("\r\n").replace("\0", REPLACEMENT) for line in lines]
    return [bare[0].removeprefix("\ufeff"), *bare[1:]] if bare and first == 1 else bare


Found = tuple[int, Timing | None]
"""The index of a block's first line, and its timing line if it is a cue."""


def _find_vtt_blocks(bare: Sequence[str]) -> Iterator[Found]:
    """The header, then each block, with the blank lines after it.

    Source: W3C, WebVTT, §6.1, "collect a WebVTT block": an arrow on a block's first line, or on the
    second after a name, makes it a cue, which is dropped if the times can't be read; on any other
    line it begins the next block.
    """
    at = 0
    while at < len(bare):
        first = at
        named = first and first + 1 < len(bare) and "-->" not in bare[first]
        timed = first + 1 if named and "-->" in bare[first + 1] else first
        found = _VTT_TIMING.match(bare[timed]) if first else None
        timing = None
        if found:
            fields = found.groups()
            times = read_fields(fields[:4]), read_fields(fields[4:])
            timing = Timing(timed - first, *times, bare[timed][found.end() :])
        yield first, timing
        at = timed + 1
        while at < len(bare) and bare[at] and "-->" not in bare[at]:
            at += 1
        while at < len(bare) and not bare[at]:
            at += 1


def _find_srt_blocks(bare: Sequence[str]) -> Iterator[Found]:
    """The cues, each from its number on if it has one; first what stands before them."""
    number, is_first = 0, True
    for at, line in enumerate(bare):
        if ":" not in line and "：" not in line:
            continue
        first = _find_number(bare, at, number + 1)
        is_alone = first < at and (first == 0 or not bare[first - 1].strip())
        timing = read_loose_timing(line, number + 1, is_alone)
        if timing is None:
            continue
        if is_first and first:
            yield 0, None
        counted = bare[first].strip() if first < at else timing.number
        number, is_first = int(counted) if counted else number + 1, False
        yield first, replace(timing, at=at - first, number="" if first < at else timing.number)
    if is_first and bare:
        yield 0, None


def _find_number(bare: Sequence[str], at: int, counted: int) -> int:
    """The index of the number of the cue whose timing line is at `at`; `at` itself if it has none.

    Across blank lines only the number that comes next is one; another is text.
    """
    before = next((n for n in range(at - 1, -1, -1) if bare[n].strip()), at)
    if before == at or not is_number(bare[before]):
        return at
    is_apart = before == 0 or not bare[before - 1].strip()
    is_next = is_apart and bare[before].strip() == str(counted)
    return before if before == at - 1 or is_next else at


_FINDERS: dict[CaptionForm, Callable[[Sequence[str]], Iterator[Found]]] = {
    "vtt": _find_vtt_blocks,
    "srt": _find_srt_blocks,
}
