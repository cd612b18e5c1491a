"""A network of HMM states: their transitions, and the places where words meet.

`builder.py` makes it from a word graph, `search.py` finds its best path.
"""

from dataclasses import dataclass

from pipeline.aligners.hmm.model import Floats, Indices

NO_ARC = -1
NO_SENONE = -1
"""The senone of the garbage model's states."""


@dataclass(frozen=True, slots=True)
class StateNetwork:
    """HMM states, their transitions, and the places between words; of one graph, or of several
    joined (`batching.py`).

    The search keeps one row of values a frame: those of the HMM states, then of the places where
    two phones meet, then of the graph's states, then one that is never reached.

    Attributes:
        senones: (n,) of each state; NO_SENONE for garbage.
        arcs: (n,) the word arc a state belongs to; NO_ARC for silence.
        log_stay, previous, log_come: (n,) self-loop, predecessor, and transition from that.
        entries: (n_entries,) states with several predecessors, which are in `entry_sources`, their
            log-probabilities in `entry_logs`: (width, n_entries) each, indices into the row.
        leaving, leaving_logs, place_first: states that end a word, grouped by place.
        word_places, word_states: places where silence may follow, and their graph states.
        silence_ends, silence_logs: (n_graph_states,) the last state of each one's silence.
        jump_from, jump_logs, jump_to, jump_first: wordless arcs, grouped by the state they lead to.
        first_states, starts, finals: (n_graphs,) each graph's first HMM state, and its state to
            begin and to end in.
    """

    senones: Indices
    arcs: Indices
    log_stay: Floats
    previous: Indices
    log_come: Floats
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
        """How many HMM states there are."""
        return len(self.senones)

    @property
    def n_places(self) -> int:
        """How many places where words meet."""
        return len(self.place_first)

    @property
    def n_graph_states(self) -> int:
        """How many states the graphs have."""
        return len(self.silence_ends)

    @property
    def n_rows(self) -> int:
        """How many values the search keeps a frame."""
        return self.n_states + self.n_places + self.n_graph_states + 1
