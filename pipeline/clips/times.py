"""Times that a job file asks for, moved off the words of a recording."""

import logging

from pipeline.errors import MediaError
from pipeline.records import TimedText
from pipeline.text.times import format_tenths, parse_time

log = logging.getLogger(__name__)


def find_span(
    timed: TimedText, times: tuple[str | float, str | float], what: str
) -> tuple[int, int]:
    """The times asked for, clamped to the recording and moved off words that they would cut.

    Raises:
        MediaError: they lie outside the recording, or within one word.
    """
    start_ms, end_ms = parse_time(times[0]), parse_time(times[1])
    if start_ms >= timed.duration_ms:
        length = format_tenths(timed.duration_ms)
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
