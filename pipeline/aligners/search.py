"""Viterbi search for the best paths through networks of states, whatever the acoustic model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.aligners.network import Floats, Indices, StateNetwork

NEVER = np.float32(-1e30)
"""The log-probability of what can't be, finite so that sums of it stay numbers."""
_UNREACHED = -1e20


@dataclass(frozen=True, slots=True)
class ArcFrames:
    """Consecutive frames on the best path in one arc's word or in silence, from `first_frame` on.

    `states`: the state of each frame, counted from the graph's first.
    """

    arc: int
    first_frame: int
    states: Indices


def find_best_paths(
    network: StateNetwork, emissions: Iterable[Floats], n_frames: Sequence[int]
) -> list[list[ArcFrames]]:
    """For each graph, the words and silences of the best path from its start to its end.

    Args:
        emissions: for each, (n_frames, n_states) log-likelihoods; taken one after the other.
        n_frames: of each.
    Returns:
        Words and silences in order of time, covering all frames; none if no path is that short.
    Source: Viterbi 1967.  Cost: frames of the longest × states of all, in time and memory.
    """
    rows = np.zeros((max(n_frames), network.n_rows), np.float32)
    for first, own in zip(network.first_states[:-1], emissions, strict=True):
        rows[: len(own), first : first + own.shape[1]] = own
    before = np.full(network.n_rows, NEVER)
    before[-2] = 0
    _extend(network, before)
    for row in rows:
        _step(network, before, row)
        before = row
    return [_find_path(network, rows[:length], graph) for graph, length in enumerate(n_frames)]


def _step(network: StateNetwork, before: Floats, row: Floats) -> None:
    """Compute a frame's row from its emissions, which `row` holds, and the row before it."""
    coming = before.take(network.previous)
    coming += network.log_come
    coming[network.entries] = network.ways_in.find_best(before)
    stayed = before[: network.n_states] + network.log_stay
    now = row[: network.n_states]
    now += np.maximum(stayed, coming, out=coming)
    np.maximum(now, NEVER, out=now)
    row[-2:] = NEVER
    _extend(network, row)


def _extend(network: StateNetwork, row: Floats) -> None:
    """Fill in the values of places, which follow from those of states."""
    first = network.n_states
    for level in network.levels:
        values = level.find_best(row)
        row[first : first + len(values)] = values
        first += len(values)


def _find_path(network: StateNetwork, rows: Floats, graph: int) -> list[ArcFrames]:
    """The best path through one of the graphs."""
    final = int(network.finals[graph])
    if rows[-1, final] < _UNREACHED:
        return []
    first_state = int(network.first_states[graph])
    states, begins = _trace(network, rows, _find_state(network, rows[-1], final))
    return [
        ArcFrames(int(network.arcs[states[first]]), first, states[first:after] - first_state)
        for first, after in zip(begins, [*begins[1:], len(rows)], strict=True)
    ]


def _trace(network: StateNetwork, rows: Floats, last: int) -> tuple[Indices, list[int]]:
    """Trace the best path back from its last state: each frame's state, and where words begin."""
    states = np.empty(len(rows), np.intp)
    begins = [0]
    entry_of = np.full(network.n_states, -1)
    entry_of[network.entries] = np.arange(len(network.entries))
    state = last
    for frame in range(len(rows) - 1, 0, -1):
        states[frame] = state
        before = rows[frame - 1]
        stayed = before[state] + network.log_stay[state]
        entry = entry_of[state]
        if entry < 0:
            source = int(network.previous[state])
            if before[source] + network.log_come[state] > stayed:
                state = source
            continue
        source, value = network.ways_in.find_source(before, entry)
        if value > stayed:
            if source >= network.n_states:
                begins.append(frame)
            state = _find_state(network, before, source)
    states[0] = state
    return states, sorted(begins)


def _find_state(network: StateNetwork, row: Floats, place: int) -> int:
    """The state that a place's value comes from, by way of other places; a state itself."""
    while place >= network.n_states:
        junction = place - network.n_states
        for level in network.levels:
            if junction < len(level.firsts) - 1:
                place, _ = level.find_source(row, junction)
                break
            junction -= len(level.firsts) - 1
    return place
