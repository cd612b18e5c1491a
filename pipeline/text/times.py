"""Times as text, in whole milliseconds: one formatter and one parser for every room.

Timing lines of caption files are read in `captions/blocks.py`, timecodes of frames in
`topics/edl.py`.
"""

import re
from collections.abc import Sequence

VTT_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
"""Source: W3C, WebVTT, §4.1 "WebVTT timestamp"."""

SRT_TIME = r"(\d{2,}):([0-5]\d):([0-5]\d),(\d{3})"
"""What all SubRip players agree on; the format has no standard."""

PARSED_VTT_TIME = r"(?:([0-9]{1,9}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})(?![0-9])"
"""Source: W3C, WebVTT, §6.3 "collect a WebVTT timestamp": looser than what may be written."""

_GAP = r"\s{0,9}"
"""Bounded, as a line may be of a million spaces."""

LOOSE_TIME = (
    rf"([-−])?{_GAP}(?:(\d{{1,9}}){_GAP}[:：]{_GAP}[-−]?)?(\d{{1,3}}){_GAP}[:：]{_GAP}[-−]?(\d{{1,2}})"
    rf"(?:{_GAP}[.,:;，．：]{_GAP}[-−]?(\d{{1,4}})(?!\d)|\s{{1,9}}(\d{{3}})(?!\d)|(?!\d))"
)
"""A time as SubRip files have it: a sign, no hours, spaces, any point, one to four digits after it.
Six groups: sign, hours, minutes, seconds, and the fraction after a point or after a space."""

_FIELDS = r"(?:(\d{1,9}):)?(\d{1,2}):(\d{1,2})"
ANY_TIME = rf"{_FIELDS}(?:[.,](\d{{1,3}}))?"
"""A time as texts have it: short fields, no hours, either point."""

TIME_TAG = re.compile(rf"<{_FIELDS}[.,](\d{{1,3}})>")
"""A time within WebVTT cue text, from which on the text after it is shown."""

_CLOCK = re.compile(r"(?:(?:(\d{1,6}):)?(\d{1,2}):)?(\d{1,9}(?:[.,]\d+)?)")
"""Clock times; more digits than these are never needed."""


def read_fields(fields: Sequence[str | None]) -> int:
    """Milliseconds of the four groups (hours, minutes, seconds, fraction) of a pattern above."""
    h, m, s, fraction = (field or "0" for field in fields)
    return ((int(h) * 60 + int(m)) * 60 + int(s)) * 1000 + int(fraction[:3].ljust(3, "0"))


def read_loose_fields(fields: Sequence[str | None]) -> int:
    """Milliseconds of the six groups of `LOOSE_TIME`; a time before 0 is 0."""
    sign, h, m, s, fraction, spaced = fields
    return 0 if sign else read_fields((h, m, s, fraction or spaced))


def parse_time(written: str | float) -> int:
    """Parse "seconds" or "[hours:]minutes:seconds[.fraction]" to milliseconds.

    Raises:
        ValueError: neither of the two.
    """
    if not isinstance(written, str):
        written = repr(float(written))
    found = _CLOCK.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"not a time: {written!r}; write 42.5, 12:30 or 1:02:03.5")
    hours, minutes, seconds = found.groups()
    if minutes is not None and float(seconds.replace(",", ".")) >= 60:
        raise ValueError(f"not a time: {written!r} has more than 59 seconds")
    whole_minutes = int(hours or 0) * 60 + int(minutes or 0)
    return round((whole_minutes * 60 + float(seconds.replace(",", "."))) * 1000)


def split_time(time_ms: int) -> tuple[int, int, int, int]:
    """Hours, minutes, seconds and milliseconds."""
    seconds, ms = divmod(time_ms, 1000)
    minutes, s = divmod(seconds, 60)
    return *divmod(minutes, 60), s, ms


def format_timestamp(time_ms: int, point: str = ".") -> str:
    """Format as hh:mm:ss.ttt, as WebVTT has it; SubRip's `point` is a comma."""
    h, m, s, ms = split_time(time_ms)
    return f"{h:02}:{m:02}:{s:02}{point}{ms:03}"


def format_clock(time_ms: int) -> str:
    """Format as [h:]m:ss, for people: 0:07, 12:34, 1:02:03."""
    h, m, s, _ = split_time(time_ms)
    return f"{h}:{m:02}:{s:02}" if h else f"{m}:{s:02}"


def format_tenths(time_ms: int) -> str:
    """Format as [h:]m:ss.t, to be looked up in a player."""
    tenths = round(time_ms / 100)
    return f"{format_clock(tenths * 100)}.{tenths % 10}"


def format_seconds(time_ms: int) -> str:
    """Seconds for a link's media fragment (`#t=91.234`), without trailing zeros."""
    return f"{time_ms // 1000}.{time_ms % 1000:03}".rstrip("0").rstrip(".")
