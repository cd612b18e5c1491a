"""A caption file retimed by arithmetic: shifted, stretched, or with parts cut out.

Only times are rewritten; tags, settings, comments and blocks stay as they are. Times aligned to
the sound are set in `retimed_cues.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from pipeline.captions.document import CaptionDocument
from pipeline.records import Stretch


@dataclass(frozen=True, slots=True)
class TimeShift:
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


def shift_document(
    document: CaptionDocument, shift: TimeShift
) -> tuple[CaptionDocument, tuple[int, ...]]:
    """The file at new times, and the numbers, from 1, of the cues that were cut out.

    Lines that no player shows are logged, and stay as they are.
    """
    document.log_unseen()
    lines: list[str] = []
    left_out: list[int] = []
    number = 0
    for block in document.blocks:
        timing = block.timing
        if timing is None:
            lines += block.lines
            continue
        number += 1
        span = shift.find_span(timing.start_ms, timing.end_ms)
        if span is None:
            left_out.append(number)
            continue
        place = partial(shift.find_inner, span=span)
        moved = block.move(span, document.form, place)
        is_counted = document.form == "srt"
        lines += moved.renumber(number - len(left_out)) if is_counted else moved.lines
    return document.rewrite("".join(lines)), tuple(left_out)
