"""The best path through a window's word graph, as a time for each of its tokens.

Paths are found in `pipeline/aligners/`; conflicts between windows are resolved in `conflicts.py`.
"""

from collections.abc import Iterator, Sequence, Set
from itertools import groupby

from pipeline.alignment.token_times import TokenTime
from pipeline.records import ArcTime, Stretch

NOT_IN_TEXT = -1
"""The token of an arc of the garbage model: speech that the text lacks."""
TOUCH_MS = 30
"""Shorter silences are ignored, and so is extra speech that is no longer."""

APART_MS = 500
"""More extra speech than this between two tokens ends a run of tokens found together."""

Group = tuple[int, list[ArcTime]]
"""A token, and its arcs on the path."""


def join_arcs(path: Sequence[ArcTime], token_of_arc: Sequence[int]) -> Iterator[TokenTime]:
    """The token times of a path; the arcs of all words of a token make one time."""
    groups = [
        (token, list(steps))
        for token, steps in groupby(path, key=lambda step: token_of_arc[step.arc])
    ]
    extras = dict(_find_extras(groups))
    spoken = [group for group in groups if group[0] != NOT_IN_TEXT]
    parted = {token for token, one in extras.items() if one.end_ms - one.start_ms > APART_MS}
    runs = _run_lengths([token for token, _ in spoken], parted)
    for (token, steps), run in zip(spoken, runs, strict=True):
        start_ms, end_ms = steps[0].start_ms, steps[-1].end_ms
        fits = [(step.fit, step) for step in steps if step.fit is not None]
        before, after = extras.get(token - 1), extras.get(token)
        yield TokenTime(
            token,
            start_ms,
            end_ms,
            score=_average([(step.score, step) for step in steps]),
            run=run,
            fit=_average(fits) if fits else None,
            extra_before=before is not None and before.end_ms + TOUCH_MS >= start_ms,
            extra_after=after is not None and after.start_ms - TOUCH_MS <= end_ms,
        )


def _find_extras(groups: Sequence[Group]) -> Iterator[tuple[int, Stretch]]:
    """Speech that the text lacks between two consecutive tokens: the first of the two, and the
    stretch."""
    for (left, _), (token, steps), (right, _) in zip(groups, groups[1:], groups[2:], strict=False):
        stretch = Stretch(steps[0].start_ms, steps[-1].end_ms)
        is_long = stretch.end_ms - stretch.start_ms > TOUCH_MS
        if token == NOT_IN_TEXT and right == left + 1 and is_long:
            yield left, stretch


def _average(values: Sequence[tuple[float, ArcTime]]) -> float:
    """The mean of the values, weighted by the duration of their steps."""
    n_ms = sum(step.end_ms - step.start_ms for _, step in values)
    return sum(value * (step.end_ms - step.start_ms) for value, step in values) / n_ms


def _run_lengths(tokens: Sequence[int], parted: Set[int]) -> list[int]:
    """For each token, the length of its run of consecutive tokens; a token in `parted` ends its
    run."""
    lengths: list[int] = []
    start = 0
    for index in range(1, len(tokens) + 1):
        is_last = index == len(tokens) or tokens[index] != tokens[index - 1] + 1
        if is_last or tokens[index - 1] in parted:
            lengths += [index - start] * (index - start)
            start = index
    return lengths
