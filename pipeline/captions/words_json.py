"""captions.json: cues and their words with times, for programs.

Times are whole milliseconds, as in words.json, which holds all words, shown or not.
"""

import json
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from pipeline.captions.text import clean_line
from pipeline.records import Cue


def format_words_json(cues: Iterable[Cue], language: str) -> str:
    """Write cues as JSON; a word ends where the next one starts, the last with its cue."""
    document = {
        "version": 1,
        "language": language,
        "cues": [_format_cue(cue) for cue in cues],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _format_cue(cue: Cue) -> dict[str, Any]:
    speakers = cue.line_speakers or (cue.speaker,) * len(cue.lines)
    return {
        "start_ms": cue.start_ms,
        "end_ms": cue.end_ms,
        "lines": [
            {"speaker": speaker and clean_line(speaker), "text": clean_line(line)}
            for speaker, line in zip(speakers, cue.lines, strict=True)
        ],
        "words": _format_words(cue),
    }


def _format_words(cue: Cue) -> list[dict[str, Any]]:
    words = []
    for mark, after in pairwise([*cue.marks, None]):
        assert mark is not None
        is_last = after is None or after.line != mark.line
        line = cue.lines[mark.line]
        end = None if is_last or after is None else after.column - (not after.is_glued)
        end_ms = after.start_ms if after else cue.end_ms
        words.append({"text": line[mark.column : end], "start_ms": mark.start_ms, "end_ms": end_ms})
    return words
