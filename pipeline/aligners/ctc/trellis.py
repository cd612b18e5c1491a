"""A word graph as the states of a CTC trellis: letters, blanks within words, gaps between them.

The search through it is `search.py`'s matter.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.aligners.ctc.letters import ANY
from pipeline.records import WordGraph

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

NEVER = -np.inf
ROUNDING = 1e-4
"""Scores that differ by less are equal."""


@dataclass(frozen=True, slots=True)
class Trellis:
    """The states of all words, concatenated, and how words follow each other.

    Between two words is a gap of one frame or more. There is one gap (place) for each graph state
    that words leave from, and a last one for the final state. Words are sorted by the graph state
    they lead to.

    Attributes:
        labels: (n_states,) each state's column of the emissions.
        log_come, log_skip: (n_states,) 0 if the state before, or the one before that, leads to
            it, else NEVER.
        arcs: (n_words,) the graph's arc of each word.
        firsts, lasts: (n_words,) its first and last state.
        places, log_words: (n_words,) the place it leaves from, and the arc's log-probability.
        log_starts: (n_places,) the best path over wordless arcs from the graph's beginning.
        ends: (n_words,) its row in `log_leaps`, by the graph state it leads to; `end_firsts`:
            (n_ends,) the first word of each row.
        log_leaps: (n_ends, n_places) the best path over wordless arcs, NEVER if there is none.
    """

    labels: Indices
    log_come: Floats
    log_skip: Floats
    arcs: Indices
    firsts: Indices
    lasts: Indices
    places: Indices
    log_words: Floats
    log_starts: Floats
    ends: Indices
    end_firsts: Indices
    log_leaps: Floats


@dataclass(frozen=True, slots=True)
class _States:
    """The states of words, as in `Trellis`."""

    labels: Indices
    log_come: Floats
    log_skip: Floats
    firsts: Indices
    lasts: Indices


def build_trellis(graph: WordGraph, spell: Callable[[str], Sequence[int]], blank: int) -> Trellis:
    """The trellis of a graph with at least one word.

    Args:
        spell: the columns of a word's letters.
        blank: the column of the blank, required between equal letters and optional elsewhere.
    Source: Graves et al. 2006, "Connectionist temporal classification", 4 (the topology);
        Pratap et al. 2023, "Scaling speech technology to 1,000+ languages" (the star).
    """
    spoken = [(index, arc) for index, arc in enumerate(graph.arcs) if arc.word and arc.probability]
    spoken.sort(key=lambda word: word[1].to_state)
    arcs = [arc for _, arc in spoken]
    states = _lay_out([spell(arc.word or "") for arc in arcs], blank)
    starts = np.array([arc.from_state for arc in arcs], np.intp)
    ends, end_firsts, end_rows = np.unique(
        [arc.to_state for arc in arcs], return_index=True, return_inverse=True
    )
    at_places = np.append(np.setdiff1d(starts, [graph.final_state]), graph.final_state)
    place_of = {int(state): place for place, state in enumerate(at_places)}
    ways = _follow_wordless(graph, [0, *map(int, ends)])[:, at_places]
    return Trellis(
        labels=states.labels,
        log_come=states.log_come,
        log_skip=states.log_skip,
        arcs=np.array([index for index, _ in spoken], np.intp),
        firsts=states.firsts,
        lasts=states.lasts,
        places=np.array([place_of[int(state)] for state in starts], np.intp),
        log_words=np.array([math.log(arc.probability) for arc in arcs], np.float32),
        log_starts=ways[0],
        ends=end_rows.astype(np.intp),
        end_firsts=end_firsts.astype(np.intp),
        log_leaps=ways[1:],
    )


def _lay_out(words: Sequence[Sequence[int]], blank: int) -> _States:
    """Each word's letters with blanks between them, one word after the other."""
    labels: list[int] = []
    leads: list[tuple[bool, bool]] = []
    firsts, lasts = [], []
    for letters in words:
        firsts.append(len(labels))
        for place, letter in enumerate(letters):
            if place:
                labels.append(blank)
                leads.append((True, False))
            labels.append(letter)
            leads.append((place > 0, place > 0 and (letter == ANY or letter != letters[place - 1])))
        lasts.append(len(labels) - 1)
    log_leads = np.where(np.array(leads), 0, NEVER).astype(np.float32)
    return _States(
        labels=np.array(labels, np.intp),
        log_come=log_leads[:, 0],
        log_skip=log_leads[:, 1],
        firsts=np.array(firsts, np.intp),
        lasts=np.array(lasts, np.intp),
    )


def _follow_wordless(graph: WordGraph, sources: Sequence[int]) -> Floats:
    """(n_sources, n_states) the best path over wordless arcs from each source to all states.

    Cost: one pass over all these arcs for each arc of the longest path.
    """
    silent = [arc for arc in graph.arcs if arc.word is None and arc.probability]
    silent.sort(key=lambda arc: arc.to_state)
    logs = np.full((len(sources), graph.n_states), NEVER, np.float32)
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
