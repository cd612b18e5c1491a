"""Pieces set as the lines of a cue, with dashes, direction marks and the place of each word.

Line breaks are chosen in `lines.py`, times in `timing.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.captions.direction import find_mark, runs_left
from pipeline.captions.fragments import Piece
from pipeline.captions.text import measure
from pipeline.records import Cue, WordMark


@dataclass(frozen=True, slots=True)
class Setting:
    """Lines of a cue as pieces, their leads (direction mark, dash), and their text.

    `is_shared`: two speakers have a line each.
    """

    lines: tuple[tuple[Piece, ...], ...]
    leads: tuple[str, ...]
    text: tuple[str, ...]
    is_shared: bool

    @property
    def n_columns(self) -> int:
        """Sum of the lines' widths."""
        return sum(map(measure, self.text))

    @property
    def speech_ms(self) -> tuple[int, int]:
        """When the first word begins and the last one ends."""
        pieces = [piece for line in self.lines for piece in line]
        return pieces[0].start_ms, max(piece.end_ms for piece in pieces)

    def to_cue(self, times: tuple[int, int]) -> Cue:
        """The cue with its (start_ms, end_ms)."""
        voices = (piece.speaker for line in self.lines for piece in line if not piece.is_sound)
        return Cue(
            *times,
            lines=self.text,
            speaker=next(voices, None),
            marks=self._mark_words(),
            line_speakers=tuple(line[0].speaker for line in self.lines) if self.is_shared else (),
        )

    def _mark_words(self) -> tuple[WordMark, ...]:
        marks = []
        for number, (lead, line) in enumerate(zip(self.leads, self.lines, strict=True)):
            end = len(lead)
            for place, piece in enumerate(line):
                is_glued = piece.is_glued
                column = end if is_glued or not place else end + 1
                at = column + len(piece.label)
                marks.append(WordMark(number, at, piece.start_ms, is_glued))
                end = column + len(piece.text)
        return tuple(marks)


def typeset(pieces: Sequence[Piece], breaks: Sequence[int], dash: str, language: str) -> Setting:
    """Set pieces in lines.

    Args:
        breaks: indices of the pieces that begin a line, without the first.
        dash: what begins each line if two speakers share the cue, else empty.
    """
    lines = tuple(tuple(pieces[a:b]) for a, b in pairwise([0, *breaks, len(pieces)]))
    is_leftward = runs_left("".join(piece.spoken for piece in pieces), language)
    spoken = [_join(line) for line in lines]
    leads = tuple(find_mark(text, is_leftward) + dash for text in spoken)
    shown = tuple(lead + text for lead, text in zip(leads, spoken, strict=True))
    return Setting(lines, leads, shown, bool(dash))


def _join(line: Sequence[Piece]) -> str:
    spaced = ((" " if not piece.is_glued else "") + piece.text for piece in line[1:])
    return line[0].text + "".join(spaced)
