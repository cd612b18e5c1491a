"""Networks of states that word graphs become, for any acoustic model: HMM states or CTC labels.

`hmm/builder.py`, `hmm/phone_loop.py` and `ctc/network.py` fill one in; `search.py` finds its best
paths.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import numpy.typing as npt

from pipeline.records import WordGraph

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

NO_ARC = -1
"""The arc of states that belong to no word: silence."""

Source = tuple[int, float]
"""A state, or a place in the search's row, and the log-probability of leaving it."""
Place = tuple[int, int, int] | int
"""Where two words meet: graph state, last phone before, first phone after; or the graph state
alone, where silence or garbage is before or after."""


@dataclass(frozen=True, slots=True)
class Junctions:
    """Places that paths come to from several sources, grouped by place.

    Attributes:
        sources: indices into the search's row; logs: log-probabilities of coming from there.
        firsts: (n_junctions + 1,) where each one's sources begin, and their number.
    """

    sources: Indices
    logs: Floats
    firsts: Indices

    @classmethod
    def of(cls, groups: Sequence[Sequence[Source]]) -> "Junctions":
        """From the sources of each; one at least."""
        sources, logs = zip(*chain(*groups), strict=True) if groups else ((), ())
        firsts = np.cumsum([0, *map(len, groups)])
        return cls(np.array(sources, np.intp), np.array(logs, np.float32), firsts)

    def find_best(self, row: Floats) -> Floats:
        """(n_junctions,) the value of the best source of each."""
        values = row.take(self.sources)
        values += self.logs
        best: Floats = np.maximum.reduceat(values, self.firsts[:-1])
        return best

    def find_source(self, row: Floats, junction: int) -> tuple[int, float]:
        """The best source of one, and its value."""
        own = slice(self.firsts[junction], self.firsts[junction + 1])
        values = row[self.sources[own]] + self.logs[own]
        best = int(values.argmax())
        return int(self.sources[own][best]), float(values[best])


@dataclass(frozen=True, slots=True)
class StateNetwork:
    """States, their transitions, and the places between words, of one or several word graphs.

    The graphs stay unconnected. They are searched together, as most of a frame's time goes into
    NumPy calls. The search keeps one row of values a frame: those of the states, then of each level
    of places, then two: where all paths begin, and what is never reached.

    Attributes:
        labels: (n_states,) the column of the emissions that each state reads.
        arcs: (n_states,) the word arc a state belongs to; NO_ARC for silence.
        log_stay, log_come: (n_states,) log-probabilities of the self-loop, and of the transition
            from `previous`, (n_states,) each one's predecessor.
        entries: (n_entries,) states with several predecessors, which are in `ways_in`.
        levels: places whose values follow from those of the states and of the levels before: where
            two words meet directly; graph states; graph states after one wordless arc at most.
        first_states: (n_graphs + 1,) each graph's first state, and the number of states.
        finals: (n_graphs,) each graph's place to end in.
    """

    labels: Indices
    arcs: Indices
    log_stay: Floats
    log_come: Floats
    previous: Indices
    entries: Indices
    ways_in: Junctions
    levels: tuple[Junctions, ...]
    first_states: Indices
    finals: Indices

    @property
    def n_states(self) -> int:
        """How many states there are."""
        return len(self.labels)

    @property
    def n_rows(self) -> int:
        """How many values the search keeps a frame."""
        return self.n_states + sum(len(level.firsts) - 1 for level in self.levels) + 2

    def labels_of(self, graph: int) -> Indices:
        """The labels of one graph's states."""
        return self.labels[self.first_states[graph] : self.first_states[graph + 1]]


@dataclass(slots=True)
class NetworkBuilder:
    """The states added so far, of one graph after the other.

    Attributes:
        entries: the states with several predecessors: places, each with the log-probability of
            coming from there.
        links: those that follow states of their own word.
        leaving: the states that end words at each place.
        silences: for each graph state, the last state of its silence.
        jumps: wordless arcs: state they lead to, state they leave, log-probability.
    """

    labels: list[int] = field(default_factory=list)
    arcs: list[int] = field(default_factory=list)
    log_stay: list[float] = field(default_factory=list)
    log_come: list[float] = field(default_factory=list)
    entries: list[tuple[int, Sequence[tuple[Place, float]]]] = field(default_factory=list)
    links: list[tuple[int, Sequence[Source]]] = field(default_factory=list)
    leaving: dict[Place, list[Source]] = field(default_factory=dict)
    silences: list[Source] = field(default_factory=list)
    jumps: list[tuple[int, int, float]] = field(default_factory=list)
    first_states: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    finals: list[int] = field(default_factory=list)

    @property
    def n_states(self) -> int:
        """How many states were added."""
        return len(self.labels)

    def begin_graph(self, final_state: int) -> int:
        """Begin a graph; each of its states needs a silence before the next graph is begun.

        Returns:
            The number of its state 0 among the states of all graphs.
        """
        first = len(self.silences)
        self.first_states.append(self.n_states)
        self.starts.append(first)
        self.finals.append(first + final_state)
        return first

    def add_chain(
        self, labels: Sequence[int], arc: int, log_stay: Sequence[float], log_come: Sequence[float]
    ) -> int:
        """Add states, each entered from the one before it; the first has no predecessor yet.

        Returns:
            The first of them.
        """
        first = self.n_states
        self.labels += labels
        self.arcs += [arc] * len(labels)
        self.log_stay += log_stay
        self.log_come += log_come
        return first

    def leave(self, source: Source, place: Place) -> None:
        """Let a word end in a state, and meet others at a place."""
        self.leaving.setdefault(place, []).append(source)

    def add_jumps(self, graph: WordGraph, first: int) -> None:
        """Add a graph's wordless arcs, of which a path may take one between words or silences."""
        self.jumps += (
            (first + arc.to_state, first + arc.from_state, math.log(arc.probability))
            for arc in graph.arcs
            if arc.word is None
        )

    def finish(self) -> StateNetwork:
        """The network of all that was added."""
        meetings = [place for place in self.leaving if not isinstance(place, int)]
        first_reached = self.n_states + len(meetings)
        first_onward = first_reached + len(self.silences)
        begin = first_onward + len(self.silences)
        reached = [
            [silence, *self.leaving.get(state, ())] for state, silence in enumerate(self.silences)
        ]
        for state in self.starts:
            reached[state].append((begin, 0.0))
        onward = [[(first_reached + state, 0.0)] for state in range(len(self.silences))]
        for to, start, log in self.jumps:
            onward[to].append((first_reached + start, log))
        row_of: dict[Place, int] = {place: self.n_states + at for at, place in enumerate(meetings)}
        row_of |= {state: first_onward + state for state in range(len(self.silences))}
        ways_in = [
            [(row_of.get(place, begin + 1), log) for place, log in ways] for _, ways in self.entries
        ]
        several = [(state, sources) for state, sources in self.links if len(sources) > 1]
        previous, log_come = np.arange(-1, self.n_states - 1), np.array(self.log_come, np.float32)
        for state, sources in self.links:
            previous[state], log_come[state] = sources[0]
        levels = ([self.leaving[place] for place in meetings], reached, onward)
        return StateNetwork(
            labels=_indices(self.labels),
            arcs=_indices(self.arcs),
            log_stay=np.array(self.log_stay, np.float32),
            log_come=log_come,
            previous=previous,
            entries=_indices(state for state, _ in (*self.entries, *several)),
            ways_in=Junctions.of([*ways_in, *(sources for _, sources in several)]),
            levels=tuple(Junctions.of(level) for level in levels if level),
            first_states=_indices([*self.first_states, self.n_states]),
            finals=first_onward + _indices(self.finals),
        )


def _indices(values: Iterable[int]) -> Indices:
    return np.array(list(values), np.intp)
