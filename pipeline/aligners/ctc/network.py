"""The network of a word graph for a CTC model: letters, blanks within words, gaps between them.

The search through it is `pipeline/aligners/search.py`'s matter.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from pipeline.aligners.ctc.letters import ANY, BETWEEN
from pipeline.aligners.network import NO_ARC, Floats, NetworkBuilder, StateNetwork
from pipeline.aligners.search import NEVER, ArcFrames, find_best_paths
from pipeline.records import WordGraph

ROUNDING = 1e-4
"""Scores that differ by less are equal."""


def find_words(network: StateNetwork, emissions: Floats) -> list[ArcFrames]:
    """The words of the best path through a network, in order of time; none if no path fits.

    Args:
        emissions: (n_frames, n_columns) log posteriors, extended by ANY and BETWEEN.
    Source: Viterbi 1967; Kürzinger et al. 2020, "CTC-segmentation of large corpora".
    """
    # A frame in a gap is put before the first, so that a word may begin with the sound.
    before = np.full((1, emissions.shape[1]), NEVER)
    before[0, BETWEEN] = 0
    states = np.concatenate([before, emissions])[:, network.labels]
    (path,) = find_best_paths(network, [states], [len(states)])
    return [replace(one, first_frame=one.first_frame - 1) for one in path if one.arc != NO_ARC]


def build_network(
    graph: WordGraph, spell: Callable[[str], Sequence[int]], blank: int
) -> StateNetwork:
    """The network of a graph with at least one word.

    Between two words is a gap of one frame or more: the silence of the graph state where they meet.

    Args:
        spell: the columns of a word's letters.
        blank: the column of the blank, required between equal letters and optional elsewhere.
    Source: Graves et al. 2006, "Connectionist temporal classification", 4 (the topology);
        Pratap et al. 2023, "Scaling speech technology to 1,000+ languages" (the star).
    """
    words = [(index, arc) for index, arc in enumerate(graph.arcs) if arc.word and arc.probability]
    starts = {graph.final_state, *(arc.from_state for _, arc in words)}
    ends = {0, *(arc.to_state for _, arc in words)}
    number_of = {state: number for number, state in enumerate(sorted(starts | ends))}
    builder = NetworkBuilder()
    builder.begin_graph(number_of[graph.final_state])
    for number in number_of.values():
        state = builder.add_chain([BETWEEN], NO_ARC, [0.0], [0.0])
        builder.entries.append((state, [(number, 0.0)]))
        builder.silences.append((state, 0.0))
        builder.leave((state, 0.0), (number, BETWEEN, BETWEEN))
    for index, arc in words:
        first, last = _add_letters(builder, index, spell(arc.word or ""), blank)
        gap = (number_of[arc.from_state], BETWEEN, BETWEEN)
        builder.entries.append((first, [(gap, math.log(arc.probability))]))
        builder.leave((last, 0.0), number_of[arc.to_state])
    logs = _follow_wordless(graph, sorted(ends))
    builder.jumps = [
        (number_of[to], number_of[start], float(logs[row, to]))
        for to in sorted(starts)
        for row, start in enumerate(sorted(ends))
        if to != start and logs[row, to] > NEVER
    ]
    return builder.finish()


def _add_letters(
    builder: NetworkBuilder, arc: int, letters: Sequence[int], blank: int
) -> tuple[int, int]:
    """Add a word's letters with blanks between them; the first state and the last."""
    labels = [column for letter in letters for column in (blank, letter)][1:]
    free = [0.0] * len(labels)
    first = builder.add_chain(labels, arc, free, free)
    for place, (left, right) in enumerate(pairwise(letters), start=1):
        state = first + 2 * place
        if right == ANY or right != left:
            builder.links.append((state, [(state - 1, 0.0), (state - 2, 0.0)]))
    return first, first + len(labels) - 1


def _follow_wordless(graph: WordGraph, sources: Sequence[int]) -> Floats:
    """(n_sources, n_states) the best path over wordless arcs from each source to all states.

    Cost: one pass over all these arcs for each arc of the longest path.
    """
    silent = [arc for arc in graph.arcs if arc.word is None and arc.probability]
    silent.sort(key=lambda arc: arc.to_state)
    logs = np.full((len(sources), graph.n_states), NEVER)
    logs[np.arange(len(sources)), sources] = 0
    if not silent:
        return logs
    begins = [arc.from_state for arc in silent]
    log_arcs = np.array([math.log(arc.probability) for arc in silent], np.float32)
    ends, firsts = np.unique([arc.to_state for arc in silent], return_index=True)
    while True:
        further = np.maximum.reduceat(logs[:, begins] + log_arcs, firsts, axis=1)
        better = further > logs[:, ends] + ROUNDING
        if not better.any():
            return logs
        logs[:, ends] = np.maximum(logs[:, ends], further)
