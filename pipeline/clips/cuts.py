"""Cuts a clip in the pauses around its words, never within a word.

The words are chosen in `select.py`.
"""

from pipeline.clips.window import find_words
from pipeline.records import Clip, TimedText
from pipeline.slugs import format_slug

LEAD_MS = 150
"""Most of the pause before its first word that a clip includes."""

TAIL_MS = 200
"""Most of the pause after its last word that a clip includes."""

GUARD_MS = 40
"""Least distance to the words beyond the pauses, as word boundaries are no more exact."""


def open_pauses(timed: TimedText, first: int, last: int) -> tuple[int, int]:
    """Where to cut before word `first` and after word `last`: in the pause, in no other word."""
    starts_ms = timed.words[first].start_ms
    assert starts_ms is not None
    spans = [span for word in timed.words[first : last + 1] if (span := word.span)]
    ends_ms = max(end_ms for _, end_ms in spans)
    before_ms = max((word.end_ms or 0 for word in timed.words[:first]), default=0) or -GUARD_MS
    after_ms = next(
        (word.start_ms for word in timed.words[last + 1 :] if word.start_ms is not None),
        timed.duration_ms + GUARD_MS,
    )
    lead_ms = min(LEAD_MS, max(0, starts_ms - before_ms - GUARD_MS))
    tail_ms = min(TAIL_MS, max(0, after_ms - ends_ms - GUARD_MS))
    return starts_ms - lead_ms, ends_ms + tail_ms


def make_clip(
    timed: TimedText, number: int, title: str, span: tuple[int, int], reason: str
) -> Clip:
    """The clip of a span of time, numbered from 1."""
    words = find_words(timed, *span)
    return Clip(
        id=f"{number:02d}-{format_slug(title)}",
        title=title,
        start_ms=span[0],
        end_ms=span[1],
        first_word=words.start,
        n_words=len(words),
        reason=reason,
    )
