"""SubRip, written and read.

webvtt-py is not used: its SRT writer drops text that looks like a tag.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from pipeline.captions.direction import embed, unembed
from pipeline.captions.escapes import escape_srt, unescape_srt
from pipeline.captions.markup import SRT_TAG, write_srt
from pipeline.captions.parsed_cue import RawCue, Voice
from pipeline.captions.text import clean_line
from pipeline.errors import MediaError
from pipeline.records import Cue, Markup

_TIME = r"(\d{1,9}):(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?"
_TIMING_LINE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}")


def format_srt(cues: Iterable[Cue]) -> str:
    """Write cues as SubRip, which has no speakers; text is changed so that it shows as it is.

    A cue that comes from a file is written with the markup it had there.
    """
    return "\n".join(_format_block(number, cue) for number, cue in enumerate(cues, start=1))


def _format_block(number: int, cue: Cue) -> str:
    text, settings = format_lines(cue), ""
    if cue.markup is not None:
        text, settings = write_srt(cue.markup)
    return "\n".join([str(number), f"{_timing_line(cue)} {settings}".rstrip(), text, ""])


def format_lines(cue: Cue) -> str:
    """The lines of a cue, in which no player finds a tag or timing line."""
    return "\n".join(embed(escape_srt(clean_line(line))) for line in cue.lines)


def _timing_line(cue: Cue) -> str:
    return f"{format_timestamp(cue.start_ms)} --> {format_timestamp(cue.end_ms)}"


def format_timestamp(time_ms: int) -> str:
    """Format whole milliseconds as hh:mm:ss,ttt."""
    seconds, ms = divmod(time_ms, 1000)
    minutes, s = divmod(seconds, 60)
    h, m = divmod(minutes, 60)
    return f"{h:02}:{m:02}:{s:02},{ms:03}"


def _unescape(line: str) -> str:
    return unescape_srt(unembed(SRT_TAG.sub("", line).strip())).strip()


def read_srt(text: str) -> tuple[RawCue, ...]:
    """Read every cue of a SubRip file without tags.

    Raises:
        MediaError: there is text, but not one timing line.
    """
    blocks = list(_read_blocks(text))
    if not blocks and text.strip("\ufeff \r\n"):
        raise MediaError("captions", "not SubRip (no timing line)", "give an SRT file")
    return tuple(_read_cue(*block) for block in blocks)


def _read_cue(times: tuple[int, int], settings: str, lines: list[str]) -> RawCue:
    markup = Markup("srt", "\n".join(line for line in lines if line.strip()), settings.strip())
    return RawCue(*times, _read_voice(lines), markup)


def _read_voice(lines: Iterable[str]) -> tuple[Voice, ...]:
    shown = tuple(line for line in map(_unescape, lines) if line)
    return (Voice(None, shown),) if shown else ()


def _read_blocks(text: str) -> Iterator[tuple[tuple[int, int], str, list[str]]]:
    """For each timing line its times, the rest of it, and the lines up to the next block."""
    lines = [line.rstrip() for line in re.split(r"\r\n|\r|\n", text)]
    timed = [(index, match) for index, line in enumerate(lines) if (match := _timing(line))]
    ends = [index for index, _ in timed[1:]]
    for (index, match), end in zip_longest(timed, ends):
        payload = lines[index + 1 : end]
        if end is not None and payload and payload[-1].strip().isdecimal():
            payload.pop()
        times = _read_time(match.groups()[:4]), _read_time(match.groups()[4:])
        yield times, lines[index][match.end() :], payload


def _timing(line: str) -> re.Match[str] | None:
    return _TIMING_LINE.match(line) if "-->" in line else None


def _read_time(fields: tuple[str | None, ...]) -> int:
    h, m, s, ms = (field or "0" for field in fields)
    return ((int(h) * 60 + int(m)) * 60 + int(s)) * 1000 + int(ms.ljust(3, "0"))
