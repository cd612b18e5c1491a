"""A decoder that plays the truth back, and texts to align: doubles for the tests of the aligner."""

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.alignment.aligner import run_pass
from pipeline.alignment.observations import Observations, Pass
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.records import ArcTime, DecodeRequest, RecognizedWord, Stretch, WordGraph
from pipeline.verbalization.spoken_text import SpokenText

WORD_MS = 250
PAUSE_MS = 80
SCORE = -1.0
"""What a word that fits scores a frame."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word that was said, and when."""

    word: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class _Path:
    """The best way to a state: more words first, then the likelier one."""

    n_words: int = 0
    log_probability: float = 0.0
    steps: tuple[ArcTime, ...] = ()

    @property
    def rank(self) -> tuple[int, float]:
        return self.n_words, self.log_probability


class TruthDecoder:
    """Finds in each window the words said there, as far as the graph lets them be said."""

    def __init__(self, spoken: Sequence[SpokenWord]) -> None:
        self.spoken = spoken
        self.requests: list[DecodeRequest] = []

    def decode(self, requests: Sequence[DecodeRequest]) -> Iterator[Sequence[ArcTime]]:
        for request in requests:
            self.requests.append(request)
            inside = [
                one
                for one in self.spoken
                if request.start_ms <= one.start_ms and one.end_ms <= request.end_ms
            ]
            yield find_best_path(request.graph, inside)


def find_best_path(graph: WordGraph, spoken: Sequence[SpokenWord]) -> tuple[ArcTime, ...]:
    """The path that says most of the words in order; nothing if the final state is not reached."""
    ways = _close(graph, {0: _Path()})
    for one in spoken:
        reached = dict(ways)
        for index, arc in enumerate(graph.arcs):
            if arc.word != one.word or arc.from_state not in ways:
                continue
            way = ways[arc.from_state]
            step = ArcTime(index, one.start_ms, one.end_ms, SCORE)
            log_probability = way.log_probability + math.log(arc.probability)
            further = _Path(way.n_words + 1, log_probability, (*way.steps, step))
            if arc.to_state not in reached or reached[arc.to_state].rank < further.rank:
                reached[arc.to_state] = further
        ways = _close(graph, reached)
    return ways[graph.final_state].steps if graph.final_state in ways else ()


def _close(graph: WordGraph, ways: Mapping[int, _Path]) -> dict[int, _Path]:
    """Ways extended over wordless arcs."""
    silent: dict[int, list[tuple[int, float]]] = {}
    for arc in graph.arcs:
        if arc.word is None:
            silent.setdefault(arc.from_state, []).append((arc.to_state, math.log(arc.probability)))
    best = dict(ways)
    queue = [(-way.n_words, -way.log_probability, state) for state, way in ways.items()]
    heapq.heapify(queue)
    while queue:
        _, cost, state = heapq.heappop(queue)
        way = best[state]
        if -cost < way.log_probability:
            continue
        for to_state, log_probability in silent.get(state, ()):
            further = _Path(way.n_words, way.log_probability + log_probability, way.steps)
            if to_state not in best or best[to_state].rank < further.rank:
                best[to_state] = further
                heapq.heappush(queue, (-further.n_words, -further.log_probability, to_state))
    return best


def say(words: Sequence[str], first_ms: int = 0) -> list[SpokenWord]:
    """The words one after the other; every seventh is followed by a longer pause."""
    spoken = []
    at_ms = first_ms
    for number, word in enumerate(words, start=1):
        spoken.append(SpokenWord(word, at_ms, at_ms + WORD_MS))
        at_ms += WORD_MS + (4 * PAUSE_MS if number % 7 == 0 else PAUSE_MS)
    return spoken


def find(spoken: Sequence[SpokenWord]) -> list[TokenTime | None]:
    """The tokens of a text where they were said."""
    return [
        TokenTime(token, one.start_ms, one.end_ms, SCORE, len(spoken))
        for token, one in enumerate(spoken)
    ]


def hear(spoken: Sequence[SpokenWord]) -> list[RecognizedWord]:
    """A first pass that hears what was said."""
    return [RecognizedWord(one.word, one.start_ms, one.end_ms) for one in spoken]


def find_stretches(spoken: Sequence[SpokenWord]) -> list[Stretch]:
    """Speech, split where the pauses are long."""
    stretches: list[Stretch] = []
    for one in spoken:
        if stretches and one.start_ms - stretches[-1].end_ms <= PAUSE_MS:
            stretches[-1] = Stretch(stretches[-1].start_ms, one.end_ms)
        else:
            stretches.append(Stretch(one.start_ms, one.end_ms))
    return stretches


def apply_pass(
    one: Pass, text: SpokenText, found: list[TokenTime | None], decoder: TruthDecoder
) -> int:
    """Run a pass on the times in `found`; the number of tokens that it moved."""
    before = list(found)
    times = run_pass(one, text, TokenTimes(tuple(found)), Observations(decoder=decoder)).times
    found[:] = times
    return sum(
        bool(old and new and old.start_ms != new.start_ms)
        for old, new in zip(before, times, strict=True)
    )
