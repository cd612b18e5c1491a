"""A caption file retimed by arithmetic: shifted, stretched, or with parts cut out.

Only times are rewritten; tags, settings, comments and blocks stay as they are. Times aligned to
the sound are set in `retimed_cues.py`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pipeline.captions import srt, vtt
from pipeline.captions.blocks import split_blocks
from pipeline.errors import MediaError
from pipeline.records import Stretch

_TIME = r"(?:(\d{1,9}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"(\s*){_TIME}(\s*-->\s*){_TIME}")
_STAMP = re.compile(rf"<{_TIME}>")
_FORMATS: dict[str, Callable[[int], str]] = {
    "vtt": vtt.format_timestamp,
    "srt": srt.format_timestamp,
}


@dataclass(frozen=True, slots=True)
class Moved:
    """A file at new times, and the numbers, from 1, of the cues that were cut out."""

    text: str
    left_out: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A change of times: stretches are cut out, the rest is scaled, then shifted.

    Args:
        cuts: in order, not overlapping, in the file's own times.
        scale: new duration of one old second, in seconds.
        offset_ms: added last; negative is earlier.
    """

    cuts: Sequence[Stretch] = ()
    scale: Fraction = Fraction(1)
    offset_ms: int = 0

    def find_span(self, start_ms: int, end_ms: int) -> tuple[int, int] | None:
        """A cue's new times; None where its middle was cut out or lies before 0.

        A cue is kept or cut whole, by its middle: of two adjacent parts each cue is in exactly
        one.
        """
        middle_ms = (start_ms + end_ms) // 2
        is_cut = any(cut.start_ms <= middle_ms < cut.end_ms for cut in self.cuts)
        if is_cut or self._find(middle_ms) < 0:
            return None
        new_ms = max(0, self._find(start_ms))
        return new_ms, max(new_ms + 1, self._find(end_ms))

    def _find(self, time_ms: int) -> int:
        gone_ms = sum(max(0, min(time_ms, cut.end_ms) - cut.start_ms) for cut in self.cuts)
        return round((time_ms - gone_ms) * self.scale) + self.offset_ms

    def find_inner(self, time_ms: int, span: tuple[int, int]) -> int:
        """The new time of a word within a cue, clamped to the cue's new span."""
        return min(max(self._find(time_ms), span[0]), span[1])


def move_file(text: str, form: str, move: Move) -> Moved:
    """Write a file's cues at new times.

    Args:
        form: `vtt` or `srt`.
    Raises:
        MediaError: the file has times that can't be read.
    """
    blocks: list[list[str]] = []
    left_out: list[int] = []
    number = 0
    for block in split_blocks(text, form):
        if block.arrow is None:
            blocks.append(list(block.lines))
            continue
        number += 1
        moved = _move_cue(block.lines, block.arrow, form, move)
        if moved is None:
            left_out.append(number)
            continue
        if form == "srt" and block.arrow == 1:
            moved[0] = str(number - len(left_out))
        blocks.append(moved)
    return Moved("\n".join(line for block in blocks for line in block), tuple(left_out))


def _move_cue(block: Sequence[str], at: int, form: str, move: Move) -> list[str] | None:
    timing = _TIMING.match(block[at])
    if timing is None:
        problem = f"{block[at].strip()[:60]!r} has times that can't be read"
        raise MediaError("captions", problem, "write them as 00:01:02.345")
    fields = timing.groups()
    span = move.find_span(_to_ms(fields[1:5]), _to_ms(fields[6:10]))
    if span is None:
        return None
    write = _FORMATS[form]
    rest = block[at][timing.end() :]

    def restamp(stamp: re.Match[str]) -> str:
        return f"<{write(move.find_inner(_to_ms(stamp.groups()), span))}>"

    inner = [_STAMP.sub(restamp, line) for line in block[at + 1 :]]
    return [*block[:at], f"{write(span[0])} --> {write(span[1])}{rest}", *inner]


def _to_ms(fields: Sequence[str | None]) -> int:
    h, m, s = (int(field or 0) for field in fields[:3])
    return ((h * 60 + m) * 60 + s) * 1000 + int((fields[3] or "0").ljust(3, "0"))
