"""Times as a person writes them in a job file."""

import re

_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:[.,]\d+)?)")


def parse_time(written: str | float) -> int:
    """Milliseconds of "seconds" or "[hours:]minutes:seconds[.fraction]".

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
    """[h:]mm:ss.t, as a person would look it up in a player."""
    tenths = round(time_ms / 100)
    minutes, tenths = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    clock = f"{minutes}:{tenths // 10:02d}.{tenths % 10}"
    return f"{hours}:{clock.zfill(7)}" if hours else clock
