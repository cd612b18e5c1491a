"""Cues as a file has them, valid or not.

Files are parsed in `document.py`.
"""

from pipeline.captions.markup import show_vtt
from pipeline.records import Cue, Markup, record


@record
class Voice:
    """One speaker's lines in a cue: plain text, none empty."""

    speaker: str | None
    lines: tuple[str, ...]


@record
class RawCue:
    """A cue of a file: it may have no text, or end before it starts.

    `markup` is its text with tags, as it stands in the file; `id` its name or number.
    """

    start_ms: int
    end_ms: int
    voices: tuple[Voice, ...]
    markup: Markup | None = None
    id: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """All its lines, of all speakers."""
        return tuple(line for voice in self.voices for line in voice.lines)

    @property
    def text(self) -> str:
        r"""Its text as shown: no tags, entities decoded, lines parted by `\\n`."""
        if self.markup and self.markup.form == "vtt":
            return show_vtt(self.markup.text)
        return "\n".join(self.lines)

    @property
    def speaker(self) -> str | None:
        """The first speaker that it names."""
        return next((voice.speaker for voice in self.voices if voice.speaker), None)

    @property
    def settings(self) -> str:
        """What follows the times on its timing line."""
        return self.markup.settings if self.markup else ""

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
