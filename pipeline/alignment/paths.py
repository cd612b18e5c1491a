"""The best path through a window's word graph, as a time for each of its tokens.

Paths are found in `pipeline/aligners/`; conflicts between windows are resolved in `conflicts.py`.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import groupby

from pipeline.alignment.disfluencies import FILLER_TOKEN
from pipeline.alignment.token_times import TokenTime
from pipeline.records import Arc, ArcTime, Filler, FillerKind, Stretch

NOT_IN_TEXT = -1
"""The token of an arc of the garbage model: speech that the text lacks."""
TOUCH_MS = 30
"""Shorter silences are ignored, and so is extra speech that is no longer."""

MAX_WORSE = 1.0
"""Of a word said several times the last counts whose score is at most this much below the best, in
nats a frame; what comes after it is other speech, which a word of the text happens to fit."""
APART_MS = 500
"""More extra speech than this between two tokens ends a run of tokens found together."""

Group = tuple[int, list[ArcTime]]
"""A token, and its arcs on the path."""


def join_arcs(
    path: Sequence[ArcTime], token_of_arc: Sequence[int], arcs: Sequence[Arc] = ()
) -> Iterator[TokenTime]:
    """The token times of a path; the arcs of all words of a token make one time.

    Args:
        arcs: of the graph, if it has disfluencies. Of a token that is said several times the last
            counts, and the others become fillers of the token after them.
    """
    groups, fillers = _set_aside(list(_group(path, token_of_arc, arcs)), arcs)
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
            score=_rate(steps),
            run=run,
            fit=_average(fits) if fits else None,
            extra_before=before is not None and before.end_ms + TOUCH_MS >= start_ms,
            extra_after=after is not None and after.start_ms - TOUCH_MS <= end_ms,
            fillers=tuple(fillers.get(token, ())),
        )


def _group(
    path: Sequence[ArcTime], token_of_arc: Sequence[int], arcs: Sequence[Arc]
) -> Iterator[Group]:
    """Consecutive arcs of a token, each time that it is said."""
    for token, steps in groupby(path, key=lambda step: token_of_arc[step.arc]):
        own: list[ArcTime] = []
        for step in steps:
            if arcs and token != NOT_IN_TEXT and not _continues(own, step, arcs):
                yield token, own
                own = []
            own.append(step)
        yield token, own


def _continues(own: Sequence[ArcTime], step: ArcTime, arcs: Sequence[Arc]) -> bool:
    """Whether an arc goes on where a token's last one ended."""
    if not own:
        return True
    return step.arc == own[-1].arc + 1 and arcs[step.arc].from_state == arcs[own[-1].arc].to_state


def _set_aside(
    groups: Sequence[Group], arcs: Sequence[Arc]
) -> tuple[list[Group], Mapping[int, Sequence[Filler]]]:
    """The groups without fillers and tokens that are said again, and the fillers by the token that
    follows, or by the last one."""
    if not arcs:
        return list(groups), {}
    best: dict[int, float] = defaultdict(lambda: -math.inf)
    for token, steps in groups:
        best[token] = max(best[token], _rate(steps))
    clear: list[Group] = []
    fillers: dict[int, list[Filler]] = defaultdict(list)
    after = None
    trailing: list[Filler] = []
    for token, steps in reversed(groups):
        if token == FILLER_TOKEN:
            (trailing if after is None else fillers[after]).append(_make_filler(steps, arcs))
        elif token == NOT_IN_TEXT:
            clear.append((token, steps))
        elif after is not None and token >= after:
            fillers[after].append(_make_filler(steps, arcs, "restart"))
        elif _rate(steps) >= best[token] - MAX_WORSE:
            clear.append((token, steps))
            after = token
    if after is not None and trailing:
        fillers[max(token for token, _ in clear)] += trailing
    return clear[::-1], fillers


def _make_filler(
    steps: Sequence[ArcTime], arcs: Sequence[Arc], kind: FillerKind = "filler"
) -> Filler:
    text = " ".join(arcs[step.arc].word or "" for step in steps)
    return Filler(text, kind, steps[0].start_ms, steps[-1].end_ms)


def _find_extras(groups: Sequence[Group]) -> Iterator[tuple[int, Stretch]]:
    """Speech that the text lacks between two consecutive tokens: the first of the two, and the
    stretch."""
    for (left, _), (token, steps), (right, _) in zip(groups, groups[1:], groups[2:], strict=False):
        stretch = Stretch(steps[0].start_ms, steps[-1].end_ms)
        is_long = stretch.end_ms - stretch.start_ms > TOUCH_MS
        if token == NOT_IN_TEXT and right == left + 1 and is_long:
            yield left, stretch


def _rate(steps: Sequence[ArcTime]) -> float:
    """The mean score of arcs."""
    return _average([(step.score, step) for step in steps])


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
