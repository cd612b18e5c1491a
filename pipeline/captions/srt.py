"""SubRip, written and read.

webvtt-py is not used: its SRT writer drops text that looks like a tag.
"""

from collections.abc import Iterable, Sequence

from pipeline.captions.blocks import Block, Timing, format_span, read_loose_timing
from pipeline.captions.direction import embed, unembed
from pipeline.captions.markup import SRT_TAG, escape_srt, unescape_srt, write_srt
from pipeline.captions.parsed_cue import RawCue, Voice
from pipeline.captions.text import JOINER, clean_line
from pipeline.records import Cue, Markup


def format_srt(cues: Iterable[Cue]) -> str:
    """Write cues as SubRip, which has no speakers; text is changed so that it shows as it is.

    A cue that comes from a file is written with the markup it had there.
    """
    return "\n".join(_format_block(number, cue) for number, cue in enumerate(cues, start=1))


def _format_block(number: int, cue: Cue) -> str:
    text, settings = format_text(cue)
    return "\n".join(
        [
            str(number),
            f"{format_span((cue.start_ms, cue.end_ms), 'srt')} {settings}".rstrip(),
            text,
            "",
        ]
    )


def format_text(cue: Cue) -> tuple[str, str]:
    """The text of a cue, and what follows its times; no line of it is read as a timing line."""
    text, settings = write_srt(cue.markup) if cue.markup else (format_lines(cue), "")
    lines = (JOINER * bool(read_loose_timing(line)) + line for line in text.split("\n"))
    return "\n".join(lines), settings


def format_lines(cue: Cue) -> str:
    """The lines of a cue, in which no player finds a tag or timing line."""
    return "\n".join(embed(escape_srt(clean_line(line))) for line in cue.lines)


def parse_cues(blocks: Sequence[Block]) -> tuple[RawCue, ...]:
    """Parse the cues of a file cut into blocks; a line that is no timing line is text."""
    return tuple(_parse_cue(block, block.timing) for block in blocks if block.timing)


def _parse_cue(block: Block, timing: Timing) -> RawCue:
    raw = [line.rstrip() for line in block.text if line.strip()]
    lines = tuple(line for line in map(_unescape, raw) if line)
    return RawCue(
        *(timing.start_ms, timing.end_ms),
        voices=(Voice(None, lines),) if lines else (),
        markup=Markup("srt", "\n".join(raw), timing.rest.strip()),
        id=block.id.strip(),
    )


def _unescape(line: str) -> str:
    if read_loose_timing(plain := line.removeprefix(JOINER)):
        line = plain
    return unescape_srt(unembed(SRT_TAG.sub("", line).strip())).strip()
