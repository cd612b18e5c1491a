"""The timeline of a recording: turns, topics, clips, and speech that the text lacks.

Positions are in thousandths of the recording; the template draws them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.records import Clip, Stretch, TimedText, Topic

LENGTH = 1000.0
"""Width of the timeline."""

MIN_WIDTH = 0.4
"""Least width of a mark, so that it can be seen."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar on the timeline; `colour` is the number of a speaker's colour."""

    x: float
    width: float
    colour: int | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The bars of each kind, in order of time."""

    turns: tuple[Mark, ...]
    topics: tuple[Mark, ...]
    clips: tuple[Mark, ...]
    unheard: tuple[Mark, ...]


def make_timeline(
    timed: TimedText, topics: Sequence[Topic], clips: Sequence[Clip], colours: Mapping[str, int]
) -> Timeline:
    """Place turns, topics, clips and missing speech on the timeline."""
    whole_ms = timed.duration_ms
    return Timeline(
        turns=tuple(_find_turns(timed, colours)),
        topics=tuple(_make_mark(topic, whole_ms) for topic in topics),
        clips=tuple(_make_mark(clip, whole_ms) for clip in clips),
        unheard=tuple(_make_mark(stretch, whole_ms) for stretch in timed.unheard),
    )


def _find_turns(timed: TimedText, colours: Mapping[str, int]) -> Iterator[Mark]:
    """Turns by their timed words; adjacent turns of one colour are joined."""
    spans = []
    for turn in timed.turns:
        words = timed.words[turn.first_word : turn.first_word + turn.n_words]
        if timed_words := [word.span for word in words if word.span]:
            end_ms = max(end_ms for _, end_ms in timed_words)
            spans.append((colours.get(turn.speaker or ""), timed_words[0][0], end_ms))
    for colour, joined in groupby(spans, lambda span: span[0]):
        own = list(joined)
        yield Mark(*_place(own[0][1], own[-1][2], timed.duration_ms), colour)


def _make_mark(span: Topic | Clip | Stretch, whole_ms: int) -> Mark:
    return Mark(*_place(span.start_ms, span.end_ms, whole_ms))


def _place(start_ms: int, end_ms: int, whole_ms: int) -> tuple[float, float]:
    x = round(start_ms * LENGTH / whole_ms, 2)
    return x, round(max(MIN_WIDTH, (end_ms - start_ms) * LENGTH / whole_ms), 2)
