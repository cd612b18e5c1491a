"""Times of a recording as people read them."""


def format_clock(time_ms: int) -> str:
    """Format as [h:]m:ss: 0:07, 12:34, 1:02:03."""
    minutes, seconds = divmod(time_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
