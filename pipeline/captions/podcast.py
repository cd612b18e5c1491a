"""podcast.json: the transcript format of the Podcasting 2.0 namespace.

Source: podcast-namespace, transcripts/transcripts.md, "JSON". Chapters: `topics/chapters.py`.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise

from pipeline.captions.reflow import flow_lines
from pipeline.captions.text import clean_line
from pipeline.records import Cue

Segment = dict[str, str | float]


def format_podcast(cues: Iterable[Cue]) -> str:
    """Write one segment for each cue, or for each line of a shared cue; times in seconds."""
    segments = [segment for cue in cues for segment in _segments(cue)]
    document = {"version": "1.0.0", "segments": segments}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _segments(cue: Cue) -> Iterator[Segment]:
    """A cue's segments; a line of a shared cue starts with its first word, if that is known."""
    if not cue.line_speakers:
        yield _segment(cue.speaker, (cue.start_ms, cue.end_ms), flow_lines(cue))
        return
    first_ms = [_find_start(cue, number) for number in range(len(cue.lines))]
    spans = pairwise([cue.start_ms, *first_ms[1:], cue.end_ms])
    for speaker, span, line in zip(cue.line_speakers, spans, cue.lines, strict=True):
        yield _segment(speaker, span, clean_line(line))


def _find_start(cue: Cue, line: int) -> int:
    starts = (mark.start_ms for mark in cue.marks if mark.line == line)
    return min(max(next(starts, cue.start_ms), cue.start_ms), cue.end_ms)


def _segment(speaker: str | None, span: tuple[int, int], text: str) -> Segment:
    segment: Segment = {}
    if speaker:
        segment["speaker"] = clean_line(speaker)
    segment["startTime"], segment["endTime"] = (time_ms / 1000 for time_ms in span)
    segment["body"] = text
    return segment
