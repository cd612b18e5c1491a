"""Build a word graph's network of HMM states: triphones of each word, silence between words."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.aligners.hmm.model import (
    BEGIN,
    END,
    INTERNAL,
    N_STATES,
    SINGLE,
    AcousticModel,
    Floats,
    Indices,
)
from pipeline.aligners.hmm.network import NO_ARC, NO_SENONE, StateNetwork
from pipeline.records import GARBAGE, WordGraph

_GARBAGE = -1
"""The garbage model, where a triphone's index is expected."""
_LOG_SILENCE = math.log(0.005)
"""Log-probability of silence between two words, as in CMU Sphinx: against pauses inside speech."""

Phones = tuple[int, ...]
_Source = tuple[int, float]
_Place = tuple[int, int, int] | int
"""Where two words meet: graph state, last phone before, first phone after; or the state alone,
where silence or garbage is before or after."""


def build_network(
    graph: WordGraph, model: AcousticModel, pronounce: Callable[[str], Sequence[Phones]]
) -> StateNetwork:
    """The network of all arcs' words in all pronunciations.

    A word's first and last phone have one triphone for each context they may have in the graph.
    Between two words or silences a path may take one wordless arc.

    Args:
        pronounce: the pronunciations of a word, as phone indices.
    """
    builder = _Builder(model)
    lasts: dict[int, set[int]] = defaultdict(set)
    firsts: dict[int, set[int]] = defaultdict(set)
    spoken = [
        (index, arc, () if arc.word == GARBAGE else pronounce(arc.word))
        for index, arc in enumerate(graph.arcs)
        if arc.word is not None
    ]
    for _, arc, pronunciations in spoken:
        for phones in pronunciations:
            firsts[arc.from_state].add(phones[0])
            lasts[arc.to_state].add(phones[-1])
    for index, arc, pronunciations in spoken:
        ends = (arc.from_state, arc.to_state)
        log_arc = math.log(arc.probability)
        if arc.word == GARBAGE:
            builder.add_garbage(index, ends, log_arc)
        around = (sorted(lasts[arc.from_state]), sorted(firsts[arc.to_state]))
        for phones in pronunciations:
            builder.add_word(index, phones, _Ends(*ends, log_arc, *around))
    ends_of_silence = [builder.add_silence(state) for state in range(graph.n_states)]
    return builder.finish(graph, ends_of_silence)


@dataclass(frozen=True, slots=True)
class _Ends:
    """An arc's two graph states, its log-probability, and the phones before and after it."""

    start: int
    end: int
    log_arc: float
    before: Sequence[int]
    after: Sequence[int]


@dataclass(frozen=True, slots=True)
class _States:
    """(n,) each, as in `StateNetwork`."""

    senones: Indices
    arcs: Indices
    log_stay: Floats
    previous: Indices
    log_come: Floats


@dataclass(slots=True)
class _Builder:
    """The phones added so far, three HMM states each.

    `triphones`: _GARBAGE for the garbage model. `links`: first states with one predecessor;
    `entries`: those with several.
    """

    model: AcousticModel
    triphones: list[int] = field(default_factory=list)
    arcs: list[int] = field(default_factory=list)
    links: list[tuple[int, _Source]] = field(default_factory=list)
    entries: list[tuple[int, list[tuple[_Place | None, int, float]]]] = field(default_factory=list)
    leaving: dict[_Place, list[_Source]] = field(default_factory=dict)

    def add_garbage(self, arc: int, ends: tuple[int, int], log_arc: float) -> None:
        """The garbage model as the word of an arc: a phone with a constant score."""
        first, last = self._add_phone(_GARBAGE, arc)
        self.entries.append((first, [(ends[0], -1, log_arc)]))
        self.leaving.setdefault(ends[1], []).append(last)

    def add_silence(self, state: int) -> _Source:
        """Silence at a graph state: its last HMM state, and the log-probability of leaving it."""
        first, last = self._add_phone(self.model.silence, NO_ARC)
        self.entries.append((first, [(state, -1, _LOG_SILENCE)]))
        return last

    def add_word(self, arc: int, phones: Phones, ends: _Ends) -> None:
        """One pronunciation of an arc's word."""
        if len(phones) == 1:
            self._add_single(arc, phones[0], ends)
            return
        silence = self.model.silence
        sources = []
        for triphone, lefts in self._variants(
            (phones[0], left, phones[1], BEGIN) for left in (*ends.before, silence)
        ):
            first, last = self._add_phone(triphone, arc)
            self._enter(first, phones[0], [left for _, left, _, _ in lefts], ends)
            sources.append(last)
        for before, phone, after in zip(phones, phones[1:-1], phones[2:], strict=False):
            triphone = self.model.find_triphone(phone, before, after, INTERNAL)
            first, last = self._add_phone(triphone, arc)
            self._link(first, sources)
            sources = [last]
        for triphone, rights in self._variants(
            (phones[-1], phones[-2], right, END) for right in (*ends.after, silence)
        ):
            first, last = self._add_phone(triphone, arc)
            self._link(first, sources)
            self._leave(last, phones[-1], [right for _, _, right, _ in rights], ends)

    def _add_single(self, arc: int, phone: int, ends: _Ends) -> None:
        silence = self.model.silence
        contexts = (
            (phone, left, right, SINGLE)
            for left in (*ends.before, silence)
            for right in (*ends.after, silence)
        )
        for triphone, variants in self._variants(contexts):
            first, last = self._add_phone(triphone, arc)
            self._enter(first, phone, sorted({left for _, left, _, _ in variants}), ends)
            self._leave(last, phone, sorted({right for _, _, right, _ in variants}), ends)

    def _variants(
        self, contexts: Iterable[tuple[int, int, int, int]]
    ) -> list[tuple[int, list[tuple[int, int, int, int]]]]:
        """Contexts grouped by tied triphone (same senones and transitions), each with its group."""
        kinds: dict[tuple[int, ...], tuple[int, list[tuple[int, int, int, int]]]] = {}
        for context in contexts:
            triphone = self.model.find_triphone(*context)
            key = (int(self.model.transitions[triphone]), *map(int, self.model.senones[triphone]))
            kinds.setdefault(key, (triphone, []))[1].append(context)
        return list(kinds.values())

    def _enter(self, state: int, phone: int, lefts: Sequence[int], ends: _Ends) -> None:
        places = [
            (ends.start if left == self.model.silence else (ends.start, left, phone), -1)
            for left in lefts
        ]
        self.entries.append((state, [(place, one, ends.log_arc) for place, one in places]))

    def _leave(self, last: _Source, phone: int, rights: Sequence[int], ends: _Ends) -> None:
        for right in rights:
            place = ends.end if right == self.model.silence else (ends.end, phone, right)
            self.leaving.setdefault(place, []).append(last)

    def _link(self, state: int, sources: Sequence[_Source]) -> None:
        """Connect states inside a word to the next phone's first state."""
        if len(sources) == 1:
            self.links.append((state, sources[0]))
        else:
            self.entries.append((state, [(None, one, log) for one, log in sources]))

    def _add_phone(self, triphone: int, arc: int) -> tuple[int, _Source]:
        """The states of a phone: its first, and its last with the log-probability of leaving."""
        first = N_STATES * len(self.triphones)
        self.triphones.append(triphone)
        self.arcs.append(arc)
        row = self.model.transitions[triphone]
        leave = 0.0 if triphone == _GARBAGE else float(self.model.log_leave[row, -1])
        return first, (first + N_STATES - 1, leave)

    def _list_states(self) -> _States:
        """All states as arrays, in the order they were added."""
        triphones = np.array(self.triphones, np.intp)
        rows = self.model.transitions[triphones]
        senones, log_stay = self.model.senones[triphones], self.model.log_stay[rows]
        log_come = np.zeros_like(log_stay)
        log_come[:, 1:] = self.model.log_leave[rows, :-1]
        is_anything = triphones == _GARBAGE
        senones[is_anything], log_stay[is_anything], log_come[is_anything] = NO_SENONE, 0, 0
        previous = np.arange(-1, senones.size - 1)
        previous[::N_STATES] = 0
        for state, (before, log) in self.links:
            previous[state], log_come[state // N_STATES, 0] = before, log
        arcs = np.repeat(np.array(self.arcs, np.intp), N_STATES)
        return _States(senones.ravel(), arcs, log_stay.ravel(), previous, log_come.ravel())

    def finish(self, graph: WordGraph, silences: Sequence[_Source]) -> StateNetwork:
        """The network of all that was added."""
        states = self._list_states()
        n_states = len(states.senones)
        places = list(self.leaving)
        row_of: dict[_Place, int] = {
            place: n_states + index
            for index, place in enumerate(places)
            if not isinstance(place, int)
        }
        graph_row = n_states + len(places)
        row_of |= {state: graph_row + state for state in range(graph.n_states)}
        nowhere = graph_row + graph.n_states
        width = max(len(sources) for _, sources in self.entries)
        entry_sources = np.full((width, len(self.entries)), nowhere, np.intp)
        entry_logs = np.zeros((width, len(self.entries)), np.float32)
        for column, (_, sources) in enumerate(self.entries):
            for row, (place, state, log) in enumerate(sources):
                at = state if place is None else row_of.get(place, nowhere)
                entry_sources[row, column], entry_logs[row, column] = at, log
        ending = [self.leaving[place] for place in places]
        words = [(index, place) for index, place in enumerate(places) if isinstance(place, int)]
        jumps = sorted(
            (arc.to_state, arc.from_state, math.log(arc.probability))
            for arc in graph.arcs
            if arc.word is None
        )
        jump_to, jump_first = np.unique([to for to, _, _ in jumps], return_index=True)
        return StateNetwork(
            senones=states.senones,
            arcs=states.arcs,
            log_stay=states.log_stay,
            previous=states.previous,
            log_come=states.log_come,
            entries=np.array([state for state, _ in self.entries], np.intp),
            entry_sources=entry_sources,
            entry_logs=entry_logs,
            leaving=np.array([state for group in ending for state, _ in group], np.intp),
            leaving_logs=np.array([log for group in ending for _, log in group], np.float32),
            place_first=np.cumsum([0, *map(len, ending)])[:-1],
            word_places=np.array([index for index, _ in words], np.intp),
            word_states=np.array([state for _, state in words], np.intp),
            silence_ends=np.array([state for state, _ in silences], np.intp),
            silence_logs=np.array([log for _, log in silences], np.float32),
            jump_from=np.array([start for _, start, _ in jumps], np.intp),
            jump_logs=np.array([log for _, _, log in jumps], np.float32),
            jump_to=jump_to.astype(np.intp),
            jump_first=jump_first.astype(np.intp),
            first_states=np.zeros(1, np.intp),
            starts=np.zeros(1, np.intp),
            finals=np.array([graph.final_state], np.intp),
        )
