"""podcast.json: the transcript format of the Podcasting 2.0 namespace.

Source: podcast-namespace, transcripts/transcripts.md, "JSON". Chapters are another room's.
"""

import json
from collections.abc import Iterable

from pipeline.captions.text import clean_line
from pipeline.records import Cue


def format_podcast(cues: Iterable[Cue]) -> str:
    """Write a segment a cue; times in seconds, as the format has them."""
    segments = [_segment(cue) for cue in cues]
    document = {"version": "1.0.0", "segments": segments}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _segment(cue: Cue) -> dict[str, str | float]:
    segment: dict[str, str | float] = {}
    if cue.speaker:
        segment["speaker"] = clean_line(cue.speaker)
    segment["startTime"] = cue.start_ms / 1000
    segment["endTime"] = cue.end_ms / 1000
    segment["body"] = " ".join(map(clean_line, cue.lines))
    return segment
