"""Build the network of HMM states of word graphs: triphones of each word, silence between words."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipeline.aligners.hmm.model import BEGIN, END, INTERNAL, N_STATES, SINGLE, AcousticModel
from pipeline.aligners.hmm.reductions import (
    LOG_FINAL_STOP,
    LOG_INNER,
    LOG_MERGED,
    Reductions,
)
from pipeline.aligners.network import NO_ARC, NetworkBuilder, Source, StateNetwork
from pipeline.records import GARBAGE, WordGraph

NO_SENONE = -1
"""The senone of the garbage model's states."""
_LOG_SILENCE = math.log(0.005)
"""Log-probability of silence between two words, as in CMU Sphinx: against pauses inside speech."""

Phones = tuple[int, ...]
_Context = tuple[int, int, int, int]
"""A phone, the one before it, the one after it, and its position in its word."""


@dataclass(frozen=True, slots=True)
class _Ends:
    """An arc's two graph states, its log-probability, and the phones before and after it.

    `restarted`: the probability that its word is said again, after it or part of it.
    """

    start: int
    end: int
    log_arc: float
    before: Sequence[int]
    after: Sequence[int]
    restarted: float


class TriphoneBuilder:
    """Adds word graphs to a network, one after the other, as triphones of three HMM states each."""

    def __init__(
        self, model: AcousticModel, pronounce: Callable[[str], Sequence[Phones]] = lambda _: ()
    ) -> None:
        """Start a network.

        Args:
            pronounce: the pronunciations of a word, as phone indices.
        """
        self.network = NetworkBuilder()
        self._model = model
        self._pronounce = pronounce
        self._reductions = Reductions.of(model)

    def add_graph(self, graph: WordGraph) -> None:
        """Add all arcs' words in all pronunciations.

        A word's first and last phone have one triphone for each context they may have in the graph.
        Between two words or silences a path may take one wordless arc.
        """
        begun = self.network.begin_graph(graph.final_state)
        lasts: dict[int, set[int]] = defaultdict(set)
        firsts: dict[int, set[int]] = defaultdict(set)
        spoken = [
            (index, arc, () if arc.word == GARBAGE else self._pronounce(arc.word))
            for index, arc in enumerate(graph.arcs)
            if arc.word is not None
        ]
        for _, arc, pronunciations in spoken:
            if arc.from_state == arc.to_state:
                continue
            for phones in pronunciations:
                firsts[arc.from_state].add(phones[0])
                lasts[arc.to_state].add(phones[-1])
        for index, arc, pronunciations in spoken:
            log_arc = math.log(arc.probability)
            around = (sorted(lasts[arc.from_state]), sorted(firsts[arc.to_state]))
            states = (begun + arc.from_state, begun + arc.to_state)
            ends = _Ends(*states, log_arc, *around, graph.restarted)
            if arc.word == GARBAGE:
                self._add_garbage(index, ends)
            for phones in pronunciations:
                if arc.from_state == arc.to_state:
                    self._add_filler(index, phones, ends)
                else:
                    self._add_word(index, phones, ends)
        for state in range(begun, begun + graph.n_states):
            first, last = self.add_phone(self._model.silence, NO_ARC)
            self.network.entries.append((first, [(state, _LOG_SILENCE)]))
            self.network.silences.append(last)
        self.network.add_jumps(graph, begun)

    def add_phone(self, triphone: int, arc: int) -> tuple[int, Source]:
        """Add a phone: its first state, and its last with the log-probability of leaving it."""
        row = self._model.transitions[triphone]
        leave = self._model.log_leave[row].tolist()
        first = self.network.add_chain(
            self._model.senones[triphone].tolist(),
            arc,
            self._model.log_stay[row].tolist(),
            [0.0, *leave[:-1]],
        )
        return first, (first + N_STATES - 1, leave[-1])

    def finish(self) -> StateNetwork:
        """The network of all that was added."""
        return self.network.finish()

    def _add_garbage(self, arc: int, ends: _Ends) -> None:
        """The garbage model as the word of an arc: a phone with a constant score."""
        free = [0.0] * N_STATES
        first = self.network.add_chain([NO_SENONE] * N_STATES, arc, free, free)
        self.network.entries.append((first, [(ends.start, ends.log_arc)]))
        self.network.leave((first + N_STATES - 1, 0.0), ends.end)

    def _add_filler(self, arc: int, phones: Phones, ends: _Ends) -> None:
        """A word between others, which meet it as they meet silence: plain phones are enough."""
        first, last = self.add_phone(phones[0], arc)
        self.network.entries.append((first, [(ends.start, ends.log_arc)]))
        for phone in phones[1:]:
            first, after = self.add_phone(phone, arc)
            self.network.links.append((first, [last]))
            last = after
        self.network.leave(last, ends.end)

    def _add_word(self, arc: int, phones: Phones, ends: _Ends) -> None:
        """One pronunciation of an arc's word."""
        if len(phones) == 1:
            self._add_single(arc, phones[0], ends)
            return
        sources = self._add_first(arc, phones, ends)
        for before, phone, after in zip(phones, phones[1:-1], phones[2:], strict=False):
            triphone = self._model.find_triphone(phone, before, after, INTERNAL)
            first, last = self.add_phone(triphone, arc)
            self.network.links.append((first, sources))
            is_lost = self._reductions.loses_inner(before, phone, after)
            sources = [last, *(_lower(sources, LOG_INNER) if is_lost else ())]
            self._restart(last, ends)
        silence = self._model.silence
        for triphone, variants in self._variants(
            (phones[-1], phones[-2], right, END) for right in (*ends.after, silence)
        ):
            first, last = self.add_phone(triphone, arc)
            self.network.links.append((first, sources))
            rights = [right for _, _, right, _ in variants]
            self._leave(last, phones[-1], rights, ends)
            if silence in rights:
                self._restart(last, ends)
        if self._reductions.loses_last(phones):
            rights = [right for right in ends.after if right not in self._reductions.vowels]
            for source in _lower(sources, LOG_FINAL_STOP):
                self._leave(source, phones[-1], rights, ends)

    def _add_first(self, arc: int, phones: Phones, ends: _Ends) -> list[Source]:
        """A word's first phone in each context, and merged with the last one of the word before."""
        sources = []
        for triphone, variants in self._variants(
            (phones[0], left, phones[1], BEGIN) for left in (*ends.before, self._model.silence)
        ):
            first, last = self.add_phone(triphone, arc)
            self._enter(first, phones[0], [left for _, left, _, _ in variants], ends)
            sources.append(last)
        for left, merged in self._reductions.merge_first(phones, ends.before):
            triphone = self._model.find_triphone(merged, left, phones[1], BEGIN)
            first, last = self.add_phone(triphone, arc)
            meeting = (ends.start, left, phones[0])
            self.network.entries.append((first, [(meeting, ends.log_arc + LOG_MERGED)]))
            sources.append(last)
        return sources

    def _restart(self, last: Source, ends: _Ends) -> None:
        """Let a word begin again after one of its phones."""
        if ends.restarted:
            (source,) = _lower([last], math.log(ends.restarted))
            self.network.leave(source, ends.start)

    def _add_single(self, arc: int, phone: int, ends: _Ends) -> None:
        silence = self._model.silence
        contexts = (
            (phone, left, right, SINGLE)
            for left in (*ends.before, silence)
            for right in (*ends.after, silence)
        )
        for triphone, variants in self._variants(contexts):
            first, last = self.add_phone(triphone, arc)
            self._enter(first, phone, sorted({left for _, left, _, _ in variants}), ends)
            self._leave(last, phone, sorted({right for _, _, right, _ in variants}), ends)

    def _variants(self, contexts: Iterable[_Context]) -> list[tuple[int, list[_Context]]]:
        """Contexts grouped by tied triphone (same senones and transitions), each with its group."""
        kinds: dict[tuple[int, ...], tuple[int, list[_Context]]] = {}
        for context in contexts:
            triphone = self._model.find_triphone(*context)
            senones = self._model.senones[triphone].tolist()
            key = (int(self._model.transitions[triphone]), *senones)
            kinds.setdefault(key, (triphone, []))[1].append(context)
        return list(kinds.values())

    def _enter(self, state: int, phone: int, lefts: Sequence[int], ends: _Ends) -> None:
        places = [
            ends.start if left == self._model.silence else (ends.start, left, phone)
            for left in lefts
        ]
        self.network.entries.append((state, [(place, ends.log_arc) for place in places]))

    def _leave(self, last: Source, phone: int, rights: Sequence[int], ends: _Ends) -> None:
        for right in rights:
            place = ends.end if right == self._model.silence else (ends.end, phone, right)
            self.network.leave(last, place)


def _lower(sources: Sequence[Source], log: float) -> list[Source]:
    """Sources that are left less probably."""
    return [(state, log_leave + log) for state, log_leave in sources]
