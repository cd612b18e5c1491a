"""The best path through a network of HMM states, by Viterbi search."""

from dataclasses import dataclass

import numpy as np

from pipeline.engines.triphones.model import Floats, Indices
from pipeline.engines.triphones.network import StateNetwork

_NEVER = np.float32(-1e30)
_UNREACHED = -1e20


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of frames on the best path, from `first_frame`, in one arc's word or in silence.

    `states`: the state of each frame.
    """

    arc: int
    first_frame: int
    states: Indices


def find_best_path(network: StateNetwork, emissions: Floats) -> list[Passage]:
    """The words and silences of the best path from the graph's state 0 to its final one.

    Args:
        emissions: (n_frames, n_states) log-likelihoods.
    Returns:
        Passages in order of time, covering all frames; none if no path is that short.
    Source: Viterbi 1967.  Cost: n_frames × n_states, in time and memory.
    """
    now = np.full(network.n_states, _NEVER)
    values = _extend(network, now, is_start=True)
    scores = np.empty_like(emissions)
    for frame, emitted in enumerate(emissions):
        coming = values[network.previous] + network.log_come
        coming[network.entries] = (values[network.entry_sources] + network.entry_logs).max(axis=1)
        now = np.maximum(now + network.log_stay, coming)
        now += emitted
        np.maximum(now, _NEVER, out=now)
        scores[frame] = now
        values = _extend(network, now)
    final = network.n_states + network.n_places + network.final
    if values[final] < _UNREACHED:
        return []
    return _trace(network, scores, _find_source(network, values, final))


def _extend(network: StateNetwork, now: Floats, is_start: bool = False) -> Floats:
    """The values of states, with those of the places between words that follow from them."""
    met = np.maximum.reduceat(now[network.leaving] + network.leaving_logs, network.place_first)
    reached = _reach(network, now, met)
    if is_start:
        reached[0] = 0
    onward = reached.copy()
    if len(network.jump_to):
        jumped = np.maximum.reduceat(
            reached[network.jump_from] + network.jump_logs, network.jump_first
        )
        onward[network.jump_to] = np.maximum(reached[network.jump_to], jumped)
    return np.concatenate([now, met, onward, [_NEVER]])


def _reach(network: StateNetwork, now: Floats, met: Floats) -> Floats:
    """The values of the graph's states, reached from a word or from silence."""
    reached: Floats = now[network.silence_ends] + network.silence_logs
    words = network.word_states
    reached[words] = np.maximum(reached[words], met[network.word_places])
    return reached


def _trace(network: StateNetwork, scores: Floats, last: int) -> list[Passage]:
    """Follow the best path back from its last state."""
    n_frames = len(scores)
    states = np.empty(n_frames, np.intp)
    begins = [0]
    entry_of = np.full(network.n_states, -1)
    entry_of[network.entries] = np.arange(len(network.entries))
    state = last
    for frame in range(n_frames - 1, 0, -1):
        states[frame] = state
        before = scores[frame - 1]
        stayed = before[state] + network.log_stay[state]
        row = entry_of[state]
        if row < 0:
            source = int(network.previous[state])
            if before[source] + network.log_come[state] > stayed:
                state = source
            continue
        values = _extend(network, before)
        ways = values[network.entry_sources[row]] + network.entry_logs[row]
        if ways.max() > stayed:
            source = int(network.entry_sources[row, ways.argmax()])
            if source >= network.n_states:
                begins.append(frame)
                source = _find_source(network, values, source)
            state = source
    states[0] = state
    begins.sort()
    return [
        Passage(int(network.arcs[states[first]]), first, states[first:behind])
        for first, behind in zip(begins, [*begins[1:], n_frames], strict=True)
    ]


def _find_source(network: StateNetwork, values: Floats, place: int) -> int:
    """The state whose value a place has."""
    index = place - network.n_states
    if index < network.n_places:
        return _find_leaving(network, values, index)[1]
    state = index - network.n_places
    found = [_find_reached(network, values, state)]
    row = int(np.searchsorted(network.jump_to, state))
    if row < len(network.jump_to) and network.jump_to[row] == state:
        behind = network.jump_first[row + 1] if row + 1 < len(network.jump_first) else None
        for jump in range(len(network.jump_from))[network.jump_first[row] : behind]:
            value, source = _find_reached(network, values, int(network.jump_from[jump]))
            found.append((value + float(network.jump_logs[jump]), source))
    return max(found)[1]


def _find_reached(network: StateNetwork, values: Floats, state: int) -> tuple[float, int]:
    """How a state of the graph was best reached, and from which state."""
    silence = int(network.silence_ends[state])
    found = [(float(values[silence] + network.silence_logs[state]), silence)]
    for place in network.word_places[network.word_states == state]:
        found.append(_find_leaving(network, values, int(place)))
    return max(found)


def _find_leaving(network: StateNetwork, values: Floats, place: int) -> tuple[float, int]:
    """The best of the states that lead to a place."""
    first = network.place_first[place]
    behind = network.place_first[place + 1] if place + 1 < network.n_places else None
    sources = network.leaving[first:behind]
    ways = values[sources] + network.leaving_logs[first:behind]
    best = int(ways.argmax())
    return float(ways[best]), int(sources[best])
