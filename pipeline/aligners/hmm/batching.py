"""Join the networks of several graphs to one: a frame of the search then needs no more NumPy calls
for all of them than for one."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from pipeline.aligners.hmm.model import Floats, Indices
from pipeline.aligners.hmm.network import StateNetwork

Values = TypeVar("Values", Indices, Floats)


def join_networks(networks: Sequence[StateNetwork]) -> StateNetwork:
    """One network of several that stay unconnected; arcs keep their numbers."""
    sizes = np.array([(n.n_states, n.n_places, n.n_graph_states, 0) for n in networks], np.intp)
    before = np.cumsum(sizes, axis=0) - sizes
    states, places, graph_states = before[:, 0], before[:, 1], before[:, 2]
    width = max(len(n.entry_sources) for n in networks)
    kinds = np.concatenate([[0], np.cumsum(sizes.sum(axis=0)[:3])])
    rows = [_move_rows(network, kinds + own) for network, own in zip(networks, before, strict=True)]
    return StateNetwork(
        senones=np.concatenate([n.senones for n in networks]),
        arcs=np.concatenate([n.arcs for n in networks]),
        log_stay=np.concatenate([n.log_stay for n in networks]),
        previous=_move([n.previous for n in networks], states),
        log_come=np.concatenate([n.log_come for n in networks]),
        entries=_move([n.entries for n in networks], states),
        entry_sources=np.concatenate([_widen(each, width, int(kinds[3])) for each in rows], axis=1),
        entry_logs=np.concatenate([_widen(n.entry_logs, width, 0) for n in networks], axis=1),
        leaving=_move([n.leaving for n in networks], states),
        leaving_logs=np.concatenate([n.leaving_logs for n in networks]),
        place_first=_move_firsts([(n.place_first, len(n.leaving)) for n in networks]),
        word_places=_move([n.word_places for n in networks], places),
        word_states=_move([n.word_states for n in networks], graph_states),
        silence_ends=_move([n.silence_ends for n in networks], states),
        silence_logs=np.concatenate([n.silence_logs for n in networks]),
        jump_from=_move([n.jump_from for n in networks], graph_states),
        jump_logs=np.concatenate([n.jump_logs for n in networks]),
        jump_to=_move([n.jump_to for n in networks], graph_states),
        jump_first=_move_firsts([(n.jump_first, len(n.jump_from)) for n in networks]),
        first_states=_move([n.first_states for n in networks], states),
        starts=_move([n.starts for n in networks], graph_states),
        finals=_move([n.finals for n in networks], graph_states),
    )


def _move(parts: Sequence[Indices], by: Indices) -> Indices:
    """Indices into each part as indices into the whole."""
    moved: Indices = np.concatenate([part + own for part, own in zip(parts, by, strict=True)])
    return moved


def _move_firsts(parts: Sequence[tuple[Indices, int]]) -> Indices:
    """Where groups begin in concatenated rows, by where they begin in each, and its length."""
    lengths = np.array([length for _, length in parts], np.intp)
    return _move([firsts for firsts, _ in parts], np.cumsum(lengths) - lengths)


def _move_rows(network: StateNetwork, firsts: Indices) -> Indices:
    """The entries' sources as indices into the row of the whole.

    Args:
        firsts: (4,) where this network's states, places, graph states and the one that is never
            reached begin there.
    """
    own = np.cumsum([0, network.n_states, network.n_places, network.n_graph_states])
    kind = np.searchsorted(own, network.entry_sources, side="right") - 1
    moved: Indices = network.entry_sources + (firsts - own)[kind]
    return moved


def _widen(values: Values, width: int, filler: int) -> Values:
    """(width, n) from (at most width, n), padded with `filler`."""
    lacking = ((0, width - len(values)), (0, 0))
    return np.pad(values, lacking, constant_values=filler)
