"""The Viterbi search, against all paths through small networks of one state a word."""

import math
from itertools import groupby, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.aligners.network import NO_ARC, Floats, NetworkBuilder
from pipeline.aligners.search import find_best_paths
from pipeline.records import Arc, WordGraph

ROUNDING = 1e-4
LOG_SILENCE = math.log(0.1)


def build(*graphs: WordGraph) -> NetworkBuilder:
    """Each word is one state whose label is its arc's number; silence reads the last column."""
    builder = NetworkBuilder()
    for graph in graphs:
        first = builder.begin_graph(graph.final_state)
        for number, arc in enumerate(graph.arcs):
            if arc.word:
                state = builder.add_chain([number], number, [0.0], [0.0])
                builder.entries.append((state, [(first + arc.from_state, 0.0)]))
                builder.leave((state, math.log(arc.probability)), first + arc.to_state)
        for graph_state in range(graph.n_states):
            state = builder.add_chain([-1], NO_ARC, [0.0], [0.0])
            builder.entries.append((state, [(first + graph_state, LOG_SILENCE)]))
            builder.silences.append((state, 0.0))
        builder.add_jumps(graph, first)
    return builder


def chain(*words: str) -> WordGraph:
    """Words one after the other, of which the second may be left out."""
    arcs = [Arc(at, at + 1, 0.5, word) for at, word in enumerate(words)]
    return WordGraph(len(words) + 1, len(words), (*arcs, Arc(1, 2, 0.25)))


def score_best(graph: WordGraph, emissions: Floats) -> float:
    """The best of all ways to fill the frames: words in order, silences between."""
    n_words = graph.final_state
    best = -math.inf
    for labels in product([*range(n_words), -1], repeat=len(emissions)):
        runs = [label for label, _ in groupby(labels)]
        words = [label for label in runs if label >= 0]
        is_without = words == [0, *range(2, n_words)]
        if words == list(range(n_words)) or is_without:
            log = len(words) * math.log(0.5) + runs.count(-1) * LOG_SILENCE
            log += math.log(0.25) if is_without else 0.0
            best = max(best, log + float(emissions[np.arange(len(labels)), labels].sum()))
    return best


@given(st.integers(3, 6), st.integers(0, 10_000))
def test_no_path_is_better_than_the_one_found(n_frames: int, seed: int) -> None:
    graph = chain("a", "b", "c")
    emissions = np.random.default_rng(seed).normal(size=(n_frames, 4)).astype(np.float32)
    network = build(graph).finish()
    (path,) = find_best_paths(network, [emissions[:, network.labels]], [n_frames])
    arcs = [one.arc for one in path if one.arc != NO_ARC]
    own = sum(float(emissions[one.first_frame :][: len(one.states), one.arc].sum()) for one in path)
    own += sum(math.log(0.5) if one.arc != NO_ARC else LOG_SILENCE for one in path)
    own += 0.0 if 1 in arcs else math.log(0.25)
    assert abs(own - score_best(graph, emissions)) < ROUNDING
    assert sum(len(one.states) for one in path) == n_frames


def test_graphs_searched_together_have_the_paths_that_each_has_alone() -> None:
    graphs = [chain("a", "b", "c"), chain("a", "b"), chain("a", "b", "c", "d")]
    chance = np.random.default_rng(7)
    emissions = [
        chance.normal(size=(n_frames, len(graph.arcs) + 1)).astype(np.float32)
        for graph, n_frames in zip(graphs, (9, 5, 3), strict=True)
    ]
    together = build(*graphs).finish()
    read = [each[:, together.labels_of(number)] for number, each in enumerate(emissions)]
    paths = find_best_paths(together, read, [len(each) for each in emissions])
    for graph, each, path in zip(graphs, emissions, paths, strict=True):
        network = build(graph).finish()
        (alone,) = find_best_paths(network, [each[:, network.labels]], [len(each)])
        assert [(one.arc, one.first_frame, one.states.tolist()) for one in path] == [
            (one.arc, one.first_frame, one.states.tolist()) for one in alone
        ]


def test_too_few_frames_have_no_path() -> None:
    network = build(chain("a", "b", "c", "d")).finish()
    emissions = np.zeros((2, network.n_states), np.float32)
    assert find_best_paths(network, [emissions], [2]) == [[]]
