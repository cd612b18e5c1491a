"""Cues as a file has them, valid or not.

Files are parsed in `vtt.py` and `srt.py`.
"""

import logging
from collections.abc import Sequence

from pipeline.records import Cue, Markup, record

log = logging.getLogger(__name__)


@record
class Voice:
    """One speaker's lines in a cue: plain text, none empty."""

    speaker: str | None
    lines: tuple[str, ...]


@record
class RawCue:
    """A cue of a file: it may have no text, or end before it starts.

    `markup` is its text with tags, as it stands in the file.
    """

    start_ms: int
    end_ms: int
    voices: tuple[Voice, ...]
    markup: Markup | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """All its lines, of all speakers."""
        return tuple(line for voice in self.voices for line in voice.lines)

    @property
    def is_whole(self) -> bool:
        """Whether it has text and a duration."""
        return bool(self.lines) and self.end_ms > self.start_ms

    def to_cue(self) -> Cue:
        """The cue as it is shown; only for one that `is_whole`."""
        speakers = tuple(voice.speaker for voice in self.voices for _ in voice.lines)
        is_shared = len(set(speakers)) > 1
        return Cue(
            *(self.start_ms, self.end_ms),
            lines=self.lines,
            speaker=speakers[0],
            line_speakers=speakers if is_shared else (),
        )


def keep_whole(cues: Sequence[RawCue]) -> tuple[Cue, ...]:
    """The cues that have text and duration; the number of others is logged."""
    retained = tuple(cue.to_cue() for cue in cues if cue.is_whole)
    if len(retained) < len(cues):
        log.warning("%s cues without text or duration left out", len(cues) - len(retained))
    return retained
