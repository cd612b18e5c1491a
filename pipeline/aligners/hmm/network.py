"""A network of HMM states: how they follow each other, and where words meet.

How a word graph becomes one is `builder.py`'s matter, how it is searched `search.py`'s.
"""

from dataclasses import dataclass

from pipeline.aligners.hmm.model import Floats, Indices

NO_ARC = -1
NO_SENONE = -1
"""Of states that stand for anything that is said."""


@dataclass(frozen=True, slots=True)
class StateNetwork:
    """HMM states, how they follow each other, and the places between words; of a graph, or of
    several side by side (`side_by_side.py`).

    Values of a frame are laid out in a row: states first, then places where one phone meets
    another, then the graph's states, then one that is never reached.

    Attributes:
        senones: (n,) of each state; NO_SENONE for anything.
        arcs: (n,) the word arc a state belongs to; NO_ARC for silence.
        log_stay, previous, log_come: (n,) its way to itself, and from the one state before it.
        entries: (n_entries,) states that several lead to; (width, n_entries) from where, how
            likely, in `entry_sources` and `entry_logs`.
        leaving, leaving_logs, place_first: states that end a word, grouped by place.
        word_places, word_states: places where silence may follow, and their graph states.
        silence_ends, silence_logs: (n_graph_states,) the last state of each one's silence.
        jump_from, jump_logs, jump_to, jump_first: wordless arcs, grouped by where they lead.
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
        """HMM states."""
        return len(self.senones)

    @property
    def n_places(self) -> int:
        """Places where words meet."""
        return len(self.place_first)

    @property
    def n_graph_states(self) -> int:
        """States of the graphs."""
        return len(self.silence_ends)

    @property
    def n_rows(self) -> int:
        """Values of a frame."""
        return self.n_states + self.n_places + self.n_graph_states + 1
