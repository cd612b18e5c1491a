"""Chooses the clips: by topic, times, quotes, or the whole recording; cut in the pauses.

Pure: what the files of a clip are called and how they are made is the stage's.
"""

import logging
from collections.abc import Iterator, Sequence

from pipeline.clips.options import ClipOptions, ClipRequest
from pipeline.clips.quotes import find_quote
from pipeline.clips.times import format_time, parse_time
from pipeline.clips.window import find_words
from pipeline.errors import MediaError
from pipeline.records import Clip, TimedText, Topic
from pipeline.slugs import format_slug

log = logging.getLogger(__name__)

LEAD_MS = 150
"""How much of the pause before its first word a clip keeps."""

TAIL_MS = 200
"""How much of the pause after its last word."""

GUARD_MS = 40
"""What is left of a pause to the words on its other side: nobody knows edges better than that."""


def select_clips(
    options: ClipOptions, timed: TimedText, title: str, topics: Sequence[Topic] = ()
) -> tuple[Clip, ...]:
    """The clips asked for, in the order they were asked for.

    Args:
        title: the recording's, for a clip of all of it.
        topics: the recording's, for a clip of each.
    Raises:
        MediaError: a quote is missing or ambiguous, or times lie outside the recording.
    Invariants: ids are unique; a clip lies inside the recording.
    """
    if options.select == "none":
        return ()
    if options.select == "whole":
        return (_make_clip(timed, 1, title, (0, timed.duration_ms), "whole recording"),)
    if options.select == "topics":
        return tuple(_select_topics(timed, topics))
    return tuple(
        _select_one(request, number, timed) for number, request in enumerate(options.select, 1)
    )


def _select_topics(timed: TimedText, topics: Sequence[Topic]) -> Iterator[Clip]:
    """A clip a topic, numbered alike, from its first word that is said to its last."""
    for number, topic in enumerate(topics, 1):
        words = range(topic.first_word, topic.first_word + topic.n_words)
        said = [word for word in words if timed.words[word].start_ms is not None]
        if not said:
            log.warning("topic %s, %r: no word of it is in the audio", number, topic.title)
            continue
        span = _open_pauses(timed, said[0], said[-1])
        yield _make_clip(timed, number, topic.title, span, "by topic")


def _select_one(request: ClipRequest, number: int, timed: TimedText) -> Clip:
    if request.first_quote is not None and request.last_quote is not None:
        span = _find_by_quotes(request.title, (request.first_quote, request.last_quote), timed)
        return _make_clip(timed, number, request.title, span, "by quotes")
    span = _check_times(request, timed)
    return _make_clip(timed, number, request.title, span, "by times")


def _make_clip(
    timed: TimedText, number: int, title: str, span: tuple[int, int], reason: str
) -> Clip:
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


def _find_by_quotes(title: str, quotes: tuple[str, str], timed: TimedText) -> tuple[int, int]:
    """From the pause before the first quote to the pause after the last."""
    first = find_quote(timed.words, quotes[0], f"clip {title!r}: from")
    said_at = format_time(timed.words[first.first].start_ms or 0)
    what = f"clip {title!r}: to, after {said_at}"
    last = find_quote(timed.words, quotes[1], what, begin=first.first)
    return _open_pauses(timed, first.first, last.last)


def _open_pauses(timed: TimedText, first: int, last: int) -> tuple[int, int]:
    """Where to cut before word `first` and after word `last`: in the pause, in no other word."""
    starts_ms = timed.words[first].start_ms
    assert starts_ms is not None
    spans = [
        (word.start_ms, word.end_ms)
        for word in timed.words[first : last + 1]
        if word.start_ms is not None and word.end_ms is not None
    ]
    ends_ms = max(end_ms for _, end_ms in spans)
    before_ms = max((word.end_ms or 0 for word in timed.words[:first]), default=0) or -GUARD_MS
    after_ms = next(
        (word.start_ms for word in timed.words[last + 1 :] if word.start_ms is not None),
        timed.duration_ms + GUARD_MS,
    )
    lead_ms = min(LEAD_MS, max(0, starts_ms - before_ms - GUARD_MS))
    tail_ms = min(TAIL_MS, max(0, after_ms - ends_ms - GUARD_MS))
    return starts_ms - lead_ms, ends_ms + tail_ms


def _check_times(request: ClipRequest, timed: TimedText) -> tuple[int, int]:
    """The times asked for, moved off a word they would cut through, inside the recording."""
    assert request.start is not None and request.end is not None
    start_ms, end_ms = parse_time(request.start), parse_time(request.end)
    what = f"clip {request.title!r}"
    if start_ms >= timed.duration_ms:
        length = format_time(timed.duration_ms)
        raise MediaError(what, f"starts after the recording ends, at {length}", "mend its times")
    if end_ms > timed.duration_ms:
        log.warning("%s: cut short by %s ms: no more", what, end_ms - timed.duration_ms)
        end_ms = timed.duration_ms
    moved = _leave_word(timed, start_ms), _leave_word(timed, end_ms)
    if moved[0] >= moved[1]:
        raise MediaError(what, "no word is whole within its times", "give it more time")
    if moved != (start_ms, end_ms):
        log.info(
            "%s: moved by %+d and %+d ms, off a word", what, moved[0] - start_ms, moved[1] - end_ms
        )
    return moved


def _leave_word(timed: TimedText, time_ms: int) -> int:
    """The time itself, or the nearer edge of the word it lies in."""
    for word in timed.words:
        if word.start_ms is None or word.end_ms is None:
            continue
        if word.start_ms < time_ms < word.end_ms:
            nearer_start = time_ms - word.start_ms <= word.end_ms - time_ms
            return word.start_ms if nearer_start else word.end_ms
    return time_ms
