"""Cues as a file has them, before anyone has asked whether they can be shown.

How a file is parsed is `vtt.py`'s and `srt.py`'s matter.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.records import Cue, Markup

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Voice:
    """What one speaker says in a cue: lines of plain text, none of them empty."""

    speaker: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawCue:
    """A cue of a file: it may have no text, or end before it starts.

    `markup` is what stood there, tags and all.
    """

    start_ms: int
    end_ms: int
    voices: tuple[Voice, ...]
    markup: Markup | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """All its lines, whoever says them."""
        return tuple(line for voice in self.voices for line in voice.lines)

    @property
    def is_whole(self) -> bool:
        """Whether it has text and a duration."""
        return bool(self.lines) and self.end_ms > self.start_ms

    def to_cue(self) -> Cue:
        """A whole cue as it is shown."""
        speakers = tuple(voice.speaker for voice in self.voices for _ in voice.lines)
        is_shared = len(set(speakers)) > 1
        return Cue(
            *(self.start_ms, self.end_ms),
            lines=self.lines,
            speaker=speakers[0],
            line_speakers=speakers if is_shared else (),
        )


def keep_whole(cues: Sequence[RawCue]) -> tuple[Cue, ...]:
    """The cues that can be shown; how many can't is logged."""
    retained = tuple(cue.to_cue() for cue in cues if cue.is_whole)
    if len(retained) < len(cues):
        log.warning("%s cues without text or duration left out", len(cues) - len(retained))
    return retained
