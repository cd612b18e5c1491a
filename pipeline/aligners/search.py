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
    _extend(network, before, network.starts)
    for row in rows:
        _step(network, before, row)
        before = row
    return [_find_path(network, rows[:length], graph) for graph, length in enumerate(n_frames)]


def _step(network: StateNetwork, before: Floats, row: Floats) -> None:
    """Compute a frame's row from its emissions, which `row` holds, and the row before it."""
    coming = before.take(network.previous)
    coming += network.log_come
    ways = before.take(network.entry_sources)
    ways += network.entry_logs
    coming[network.entries] = np.maximum.reduce(ways)
    stayed = before[: network.n_states] + network.log_stay
    now = row[: network.n_states]
    now += np.maximum(stayed, coming, out=coming)
    np.maximum(now, NEVER, out=now)
    _extend(network, row)


def _extend(network: StateNetwork, row: Floats, starts: Indices | None = None) -> None:
    """Fill in the values of places and graph states, which follow from those of states.

    Args:
        starts: graph states that have the value 0: where paths start.
    """
    first_place, first_reached = network.n_states, network.n_states + network.n_places
    met, onward = row[first_place:first_reached], row[first_reached:-1]
    leaving = row.take(network.leaving)
    leaving += network.leaving_logs
    np.maximum.reduceat(leaving, network.place_first, out=met)
    reached = row.take(network.silence_ends)
    reached += network.silence_logs
    words = network.word_states
    reached[words] = np.maximum(reached[words], met[network.word_places])
    if starts is not None:
        reached[starts] = 0
    onward[:] = reached
    if len(network.jump_to):
        jumped = reached.take(network.jump_from)
        jumped += network.jump_logs
        best = np.maximum.reduceat(jumped, network.jump_first)
        onward[network.jump_to] = np.maximum(reached[network.jump_to], best)
    row[-1] = NEVER


def _find_path(network: StateNetwork, rows: Floats, graph: int) -> list[ArcFrames]:
    """The best path through one of the graphs."""
    final = network.n_states + network.n_places + int(network.finals[graph])
    if rows[-1, final] < _UNREACHED:
        return []
    first_state = int(network.first_states[graph])
    states, begins = _trace(network, rows, _find_source(network, rows[-1], final))
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
        ways = before[network.entry_sources[:, entry]] + network.entry_logs[:, entry]
        if ways.max() > stayed:
            source = int(network.entry_sources[ways.argmax(), entry])
            if source >= network.n_states:
                begins.append(frame)
                source = _find_source(network, before, source)
            state = source
    states[0] = state
    return states, sorted(begins)


def _find_source(network: StateNetwork, row: Floats, place: int) -> int:
    """The HMM state that the value of a place or graph state comes from."""
    index = place - network.n_states
    if index < network.n_places:
        return _find_leaving(network, row, index)[1]
    state = index - network.n_places
    found = [_find_reached(network, row, state)]
    jump = int(np.searchsorted(network.jump_to, state))
    if jump < len(network.jump_to) and network.jump_to[jump] == state:
        after = network.jump_first[jump + 1] if jump + 1 < len(network.jump_first) else None
        for way in range(len(network.jump_from))[network.jump_first[jump] : after]:
            value, source = _find_reached(network, row, int(network.jump_from[way]))
            found.append((value + float(network.jump_logs[way]), source))
    return max(found)[1]


def _find_reached(network: StateNetwork, row: Floats, state: int) -> tuple[float, int]:
    """The best value with which a graph state was reached, and the state it comes from."""
    silence = int(network.silence_ends[state])
    found = [(float(row[silence] + network.silence_logs[state]), silence)]
    for place in network.word_places[network.word_states == state]:
        found.append(_find_leaving(network, row, int(place)))
    return max(found)


def _find_leaving(network: StateNetwork, row: Floats, place: int) -> tuple[float, int]:
    """The best of the states that lead to a place."""
    first = network.place_first[place]
    after = network.place_first[place + 1] if place + 1 < network.n_places else None
    sources = network.leaving[first:after]
    ways = row[sources] + network.leaving_logs[first:after]
    best = int(ways.argmax())
    return float(ways[best]), int(sources[best])
