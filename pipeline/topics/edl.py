"""Topics as an edit decision list for editing programs: one titled event for each topic.

Chapters for players are in `chapters.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.records import Topic

EDL_NAME = "chapters.edl"

SOUND_FPS = 25.0
"""Timecode rate of a recording without a picture."""

MAX_EVENTS = 999
DROPPED_A_MINUTE = {30: 2, 60: 4}
NTSC = 1.001
"""NTSC rates are 30 / 1.001 and 60 / 1.001; drop-frame timecode skips numbers each minute."""


@dataclass(frozen=True, slots=True)
class Timecode:
    """How frames are counted: real rate, numbers per second, and whether numbers are dropped."""

    fps: float
    base: int
    is_dropping: bool

    def format(self, time_ms: int) -> str:
        """Format hh:mm:ss:ff, with a semicolon before the frames in drop-frame timecode.

        Source: SMPTE ST 12-1, drop-frame compensation.
        """
        frame = round(time_ms * self.fps / 1000)
        if self.is_dropping:
            dropped = DROPPED_A_MINUTE[self.base]
            a_minute = 60 * self.base - dropped
            tens, rest = divmod(frame, 10 * a_minute + dropped)
            frame += 9 * dropped * tens
            if rest >= 60 * self.base:  # the first minute of ten drops none
                frame += dropped * (1 + (rest - 60 * self.base) // a_minute)
        seconds, frames = divmod(frame, self.base)
        clock = f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        return f"{clock}{';' if self.is_dropping else ':'}{frames:02}"


def choose_timecode(fps: float | None) -> Timecode:
    """The timecode of a picture's frame rate; SOUND_FPS if there is none."""
    rate = fps if fps else SOUND_FPS
    base = max(1, round(rate))
    is_ntsc = abs(rate * NTSC - base) < 0.005
    return Timecode(base / NTSC if is_ntsc else rate, base, is_ntsc and base in DROPPED_A_MINUTE)


def format_edl(topics: Sequence[Topic], name: str, fps: float | None) -> str:
    """Write an EDL with one event for each topic, from its start to its end.

    Args:
        name: of the recording's file.
        fps: its picture's rate; None without one.
    Source: CMX 3600; titles as comments, and as the markers that DaVinci Resolve reads.
    """
    timecode = choose_timecode(fps)
    track = "B" if fps else "A"  # picture and sound, or sound alone
    count = "DROP FRAME" if timecode.is_dropping else "NON-DROP FRAME"
    lines = [f"TITLE: {one_line(name)}", f"FCM: {count}", ""]
    for number, topic in enumerate(topics[:MAX_EVENTS], 1):
        span = f"{timecode.format(topic.start_ms)} {timecode.format(topic.end_ms)}"
        title = one_line(topic.title)
        lines += [
            f"{number:03}  AX       {track:<5} C        {span} {span}",
            f"* FROM CLIP NAME: {one_line(name)}",
            f"* COMMENT: {title}",
            f" |C:ResolveColorBlue |M:{title.replace('|', '/')} |D:1",
            "",
        ]
    return "\n".join(lines)


def one_line(text: str) -> str:
    """Text without line ends and unprintable characters; never empty."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(shown.split()) or "…"
