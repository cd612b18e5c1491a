"""Times as written in a job file, parsed and moved off words of a recording."""

import logging
import re

from pipeline.errors import MediaError
from pipeline.records import TimedText
from pipeline.text.clocks import format_clock

log = logging.getLogger(__name__)

_CLOCK = re.compile(r"(?:(?:(\d{1,6}):)?(\d{1,2}):)?(\d{1,9}(?:[.,]\d+)?)")
"""Clock times; more digits than these are never needed."""


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


def format_time(time_ms: int) -> str:
    """Format as [h:]mm:ss.t, to be looked up in a player."""
    tenths = round(time_ms / 100)
    return f"{format_clock(100 * tenths)}.{tenths % 10}"


def find_span(
    timed: TimedText, times: tuple[str | float, str | float], what: str
) -> tuple[int, int]:
    """The times asked for, clamped to the recording and moved off words that they would cut.

    Raises:
        MediaError: they lie outside the recording, or within one word.
    """
    start_ms, end_ms = parse_time(times[0]), parse_time(times[1])
    if start_ms >= timed.duration_ms:
        length = format_time(timed.duration_ms)
        raise MediaError(what, f"starts after the recording ends, at {length}", "mend its times")
    if end_ms > timed.duration_ms:
        log.warning("%s: cut by %s ms at the recording's end", what, end_ms - timed.duration_ms)
        end_ms = timed.duration_ms
    moved = _leave_word(timed, start_ms), _leave_word(timed, end_ms)
    if moved[0] >= moved[1]:
        raise MediaError(what, "no word is whole within its times", "give it more time")
    if moved != (start_ms, end_ms):
        by_ms = moved[0] - start_ms, moved[1] - end_ms
        log.info("%s: moved by %+d and %+d ms, off a word", what, *by_ms)
    return moved


def _leave_word(timed: TimedText, time_ms: int) -> int:
    """The time itself, or the nearer boundary of the word that it lies in."""
    for word in timed.words:
        start_ms, end_ms = word.span or (time_ms, time_ms)
        if start_ms < time_ms < end_ms:
            return start_ms if time_ms - start_ms <= end_ms - time_ms else end_ms
    return time_ms
