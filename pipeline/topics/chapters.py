"""The table of chapter formats, with their writers.

WebVTT chapters are plain text, so captions' writer is not used.
"""

import html
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.records import Topic
from pipeline.text.times import format_clock, format_timestamp
from pipeline.topics.edl import one_line

log = logging.getLogger(__name__)

Writer = Callable[[Sequence[Topic]], str]
"""From topics to the text of a file."""

YOUTUBE_MIN_S = 10
YOUTUBE_MIN_CHAPTERS = 3


@dataclass(frozen=True, slots=True)
class Format:
    """A chapter format: the name of its file and what writes it."""

    file_name: str
    write: Writer


def format_vtt(topics: Sequence[Topic]) -> str:
    """WebVTT chapter cues: plain text, none overlapping, numbered.

    Source: WebVTT, "WebVTT file using chapter title text".
    """
    cues = (
        f"\n{number}\n{format_timestamp(topic.start_ms)} --> {format_timestamp(topic.end_ms)}\n"
        f"{html.escape(one_line(topic.title), quote=False)}\n"
        for number, topic in enumerate(topics, 1)
    )
    return "WEBVTT\n" + "".join(cues)


def format_podcast(topics: Sequence[Topic]) -> str:
    """Podcasting 2.0 JSON chapters.

    Source: Podcast namespace, jsonChapters 1.2.0.
    """
    chapters = [
        {
            "startTime": topic.start_ms / 1000,
            "title": one_line(topic.title),
            "endTime": topic.end_ms / 1000,
        }
        for topic in topics
    ]
    document = {"version": "1.2.0", "chapters": chapters}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def format_youtube(topics: Sequence[Topic]) -> str:
    """Lines for a YouTube description: whole seconds from 0:00, each at least 10 s long.

    A topic that is too short joins the one before, the first one the one after. YouTube shows no
    chapters if there are fewer than three.
    """
    starts: list[tuple[int, str]] = []
    end_s = topics[-1].end_ms // 1000 if topics else 0
    for topic in topics:
        start_s = topic.start_ms // 1000
        if not starts:
            starts.append((0, topic.title))
        elif start_s - starts[-1][0] >= YOUTUBE_MIN_S and end_s - start_s >= YOUTUBE_MIN_S:
            starts.append((start_s, topic.title))
    if len(starts) < len(topics):
        log.info("%s topics too short for YouTube joined others", len(topics) - len(starts))
    if len(starts) < YOUTUBE_MIN_CHAPTERS:
        log.info("%s chapters: YouTube shows none of fewer than 3", len(starts))
    shown = ((format_clock(1000 * s), one_line(title).translate(_NO_ANGLES)) for s, title in starts)
    return "".join(f"{clock} {title}\n" for clock, title in shown)


def format_ffmetadata(topics: Sequence[Topic]) -> str:
    """Chapters as `ffmpeg -f ffmetadata` reads them.

    Source: FFmpeg, formats documentation, "Metadata".
    """
    chapters = (
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={topic.start_ms}\nEND={topic.end_ms}\n"
        f"title={one_line(topic.title).translate(_ESCAPED)}\n"
        for topic in topics
    )
    return ";FFMETADATA1\n" + "".join(chapters)


_NO_ANGLES = str.maketrans("<>", "‹›")  # descriptions may not hold them
_ESCAPED = str.maketrans({char: f"\\{char}" for char in "=;#\\\n"})


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "vtt": Format("chapters.vtt", format_vtt),
        "podcast": Format("chapters.json", format_podcast),
        "youtube": Format("chapters.txt", format_youtube),
        "ffmetadata": Format("chapters.ffmeta", format_ffmetadata),
    }
)
