"""Networks of states that word graphs become, for any acoustic model: HMM states or CTC labels.

`hmm/builder.py`, `hmm/phone_loop.py` and `ctc/network.py` fill one in; `search.py` finds its best
paths.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pipeline.records import WordGraph

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

NO_ARC = -1
"""The arc of states that belong to no word: silence."""

Source = tuple[int, float]
"""A state, and the log-probability of leaving it."""
Place = tuple[int, int, int] | int
"""Where two words meet: graph state, last phone before, first phone after; or the state alone,
where silence or garbage is before or after."""
Entry = tuple[Place | Source, float]
"""Where a state is entered from, a place or another state, and the log-probability of that."""


@dataclass(frozen=True, slots=True)
class StateNetwork:
    """States, their transitions, and the places between words, of one or several word graphs.

    The graphs stay unconnected. They are searched together, as most of a frame's time goes into
    NumPy calls. The search keeps one row of values a frame: those of the states, then of the places
    where two words meet, then of the graphs' states, then one that is never reached.

    Attributes:
        labels: (n_states,) the column of the emissions that each state reads.
        arcs: (n_states,) the word arc a state belongs to; NO_ARC for silence.
        log_stay, log_come: (n_states,) log-probabilities of the self-loop, and of the transition
            from `previous`, (n_states,) each one's predecessor.
        entries: (n_entries,) states with several predecessors, which are in `entry_sources`, their
            log-probabilities in `entry_logs`: (width, n_entries) each, indices into the row.
        leaving, leaving_logs, place_first: states that end a word, grouped by place.
        word_places, word_states: places where silence may follow, and their graph states.
        silence_ends, silence_logs: (n_graph_states,) the last state of each one's silence.
        jump_from, jump_logs, jump_to, jump_first: wordless arcs, grouped by the state they lead to.
        first_states: (n_graphs + 1,) each graph's first state, and the number of states.
        starts, finals: (n_graphs,) each graph's state to begin and to end in.
    """

    labels: Indices
    arcs: Indices
    log_stay: Floats
    log_come: Floats
    previous: Indices
    entries: Indices
    entry_sources: Indices
    entry_logs: Floats
    leaving: Indices
    leaving_logs: Floats
    place_first: Indices
    word_places: Indices
    word_states: Indices
    silence_ends: Indices
    silence_logs: Floats
    jump_from: Indices
    jump_logs: Floats
    jump_to: Indices
    jump_first: Indices
    first_states: Indices
    starts: Indices
    finals: Indices

    @property
    def n_states(self) -> int:
        """How many states there are."""
        return len(self.labels)

    @property
    def n_places(self) -> int:
        """How many places where words meet."""
        return len(self.place_first)

    @property
    def n_rows(self) -> int:
        """How many values the search keeps a frame."""
        return self.n_states + self.n_places + len(self.silence_ends) + 1

    def labels_of(self, graph: int) -> Indices:
        """The labels of one graph's states."""
        return self.labels[self.first_states[graph] : self.first_states[graph + 1]]


@dataclass(slots=True)
class NetworkBuilder:
    """The states added so far, of one graph after the other.

    Attributes:
        entries: the states with several predecessors.
        silences: for each graph state, the last state of its silence.
        jumps: wordless arcs: state they lead to, state they leave, log-probability.
    """

    labels: list[int] = field(default_factory=list)
    arcs: list[int] = field(default_factory=list)
    log_stay: list[float] = field(default_factory=list)
    log_come: list[float] = field(default_factory=list)
    links: list[tuple[int, Source]] = field(default_factory=list)
    entries: list[tuple[int, Sequence[Entry]]] = field(default_factory=list)
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
        """Begin a graph whose states have silences as soon as the graph before has all of its own.

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

    def link(self, state: int, sources: Sequence[Source]) -> None:
        """Set a state's predecessors inside its word."""
        if len(sources) == 1:
            self.links.append((state, sources[0]))
        else:
            self.entries.append((state, [(source, source[1]) for source in sources]))

    def leave(self, source: Source, place: Place) -> None:
        """Let a word end in a state, and meet others at a place."""
        self.leaving.setdefault(place, []).append(source)

    def add_jumps(self, graph: WordGraph, first: int) -> None:
        """Add a graph's wordless arcs, of which a path may take one between words or silences."""
        self.jumps += sorted(
            (first + arc.to_state, first + arc.from_state, math.log(arc.probability))
            for arc in graph.arcs
            if arc.word is None
        )

    def finish(self) -> StateNetwork:
        """The network of all that was added."""
        previous, log_come = np.arange(-1, self.n_states - 1), np.array(self.log_come, np.float32)
        previous[[state for state, _ in self.entries]] = 0
        for state, (before, log) in self.links:
            previous[state], log_come[state] = before, log
        entry_sources, entry_logs = self._list_entries()
        ending = list(self.leaving.values())
        words = [(row, place) for row, place in enumerate(self.leaving) if isinstance(place, int)]
        jump_to, jump_first = np.unique(_indices([to for to, _, _ in self.jumps]), True)
        return StateNetwork(
            labels=_indices(self.labels),
            arcs=_indices(self.arcs),
            log_stay=np.array(self.log_stay, np.float32),
            log_come=log_come,
            previous=previous,
            entries=_indices([state for state, _ in self.entries]),
            entry_sources=entry_sources,
            entry_logs=entry_logs,
            leaving=_indices([state for group in ending for state, _ in group]),
            leaving_logs=np.array([log for group in ending for _, log in group], np.float32),
            place_first=np.cumsum([0, *map(len, ending)])[:-1],
            word_places=_indices([row for row, _ in words]),
            word_states=_indices([state for _, state in words]),
            silence_ends=_indices([state for state, _ in self.silences]),
            silence_logs=np.array([log for _, log in self.silences], np.float32),
            jump_from=_indices([start for _, start, _ in self.jumps]),
            jump_logs=np.array([log for _, _, log in self.jumps], np.float32),
            jump_to=jump_to,
            jump_first=jump_first,
            first_states=_indices([*self.first_states, self.n_states]),
            starts=_indices(self.starts),
            finals=_indices(self.finals),
        )

    def _list_entries(self) -> tuple[Indices, Floats]:
        """`entry_sources` and `entry_logs`, padded with the row's value that is never reached."""
        graph_row = self.n_states + len(self.leaving)
        nowhere = graph_row + len(self.silences)
        row_of = {
            place: self.n_states + number
            for number, place in enumerate(self.leaving)
            if not isinstance(place, int)
        }
        shape = max(len(ways) for _, ways in self.entries), len(self.entries)
        sources, logs = np.full(shape, nowhere, np.intp), np.zeros(shape, np.float32)
        for column, (_, ways) in enumerate(self.entries):
            for row, (source, log) in enumerate(ways):
                if isinstance(source, int):
                    at = graph_row + source
                else:
                    at = source[0] if len(source) == 2 else row_of.get(source, nowhere)
                sources[row, column], logs[row, column] = at, log
        return sources, logs


def _indices(values: Sequence[int]) -> Indices:
    return np.array(values, np.intp)
