"""Disfluencies: fillers between words (`um`), and words, or their beginnings, said twice.

They are arcs of the word graph that the text lacks; the other arcs are made in `word_graph.py`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.alignment.token_times import TokenTime
from pipeline.alignment.word_graph import TokenGraph
from pipeline.records import Arc, Filler, Word

FILLED = 1e-7
"""Probability of a filler between two tokens."""
RESTARTED = 1e-18
"""Probability that a word is said again, after it or one of its phones."""
FILLER_TOKEN = -2
"""The token of a filler's arc."""
MIN_MS = 150
"""Shorter ones are not listed: most are no fillers."""


def add_disfluencies(made: TokenGraph, fillers: Sequence[str]) -> TokenGraph:
    """The graph with fillers between all tokens, and words that may be said again.

    Only the same word is: with ways back over several, the text's words would serve as a model of
    any other speech.
    """
    graph = made.graph
    states = range(graph.final_state + 1)
    loops = [Arc(state, state, FILLED, word) for state in states for word in fillers]
    tokens = (*made.tokens, *[FILLER_TOKEN] * len(loops))
    return TokenGraph(replace(graph, arcs=(*graph.arcs, *loops), restarted=RESTARTED), tokens)


def list_fillers(times: Sequence[TokenTime | None], words: Sequence[Word]) -> Iterator[Filler]:
    """The disfluencies found beside tokens, in order of time, as far as no word overlaps them."""
    spans = [(-1, 0, 0), *((at, *span) for at, word in enumerate(words) if (span := word.span))]
    starts_ms = [start_ms for _, start_ms, _ in spans]
    found = {(one.start_ms, one.end_ms): one for time in times if time for one in time.fillers}
    latest_ms = 0
    for one in sorted(found.values(), key=lambda one: one.start_ms):
        place = bisect_right(starts_ms, (one.start_ms + one.end_ms) // 2) - 1
        next_ms = spans[place + 1][1] if place + 1 < len(spans) else one.end_ms
        start_ms = max(one.start_ms, spans[place][2], latest_ms)
        end_ms = min(one.end_ms, next_ms)
        if end_ms - start_ms >= MIN_MS:
            yield replace(one, start_ms=start_ms, end_ms=end_ms, after_word=spans[place][0])
            latest_ms = end_ms
