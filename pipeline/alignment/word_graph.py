"""The word graph of a stretch of text: every token in each of its spoken forms, or skipped.

Graphs are decoded in `pipeline/aligners/`.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.records import GARBAGE, Arc, WordGraph, record
from pipeline.verbalization.tokens import SpokenForm

SKIP_OPEN = 1e-6
"""Probability of entering the skip layer: costs about as much as .1 s of badly fitting sound."""
SKIP_EXTEND, SKIP_CLOSE = 0.8, 0.2
OTHER_WORD = 1e-6
EXTRA_SPEECH = 1e-8
"""Probabilities of the garbage model in a token's place (wrong in the text) and between tokens
(missing from the text)."""
RARELY = 1e-30
"""Factor on both where the text has proved right nearly everywhere."""
SKIP_ONE = 1e-8
"""Probability of skipping one token: lower, as it needs no silence in the token's place."""
JUMPS = (1, 8, 64)
"""Tokens per arc of the skip layer. A decoder follows one wordless arc between words or silences,
so each takes a silence of minimal length: with long ones a page can be skipped in a pause."""


@record
class TokenGraph:
    """A word graph, and the token that each of its arcs belongs to (-1 for none)."""

    graph: WordGraph
    tokens: tuple[int, ...]


def build_graph(
    forms: Sequence[Sequence[SpokenForm]],
    first_token: int,
    is_open: bool,
    is_right: bool = False,
    written: Sequence[str] = (),
    required: frozenset[int] = frozenset(),
) -> TokenGraph:
    """Build a chain of tokens, each with the garbage model beside it, and a layer that skips them.

    States: the boundary before token i is state i, in the skip layer n + 1 + i; n is the final
    state; states inside forms follow.

    Args:
        forms: the spoken forms of each token; a silent token is passed at no cost.
        first_token: the number of the first token.
        is_open: the sound may begin and end anywhere in the text, at no cost.
        is_right: whether the text is trusted, so that the garbage model is unlikely (RARELY).
        written: each token as the text writes it; empty where there is no written form.
        required: numbers of tokens that can't be skipped, nor be replaced by other speech.
    Source: Hazen 2006, "Automatic alignment and error correction of human generated transcripts
        for long speech recordings" (a graph that lets the text's words be left out).
    """
    n_tokens = len(forms)
    skip = n_tokens + 1
    trust = RARELY if is_right else 1.0
    arcs, tokens = list[Arc](), list[int]()
    n_states = 2 * n_tokens + 2

    def add(start: int, end: int, probability: float, word: str | None = None) -> None:
        arcs.append(Arc(start, end, probability, word))
        tokens.append(-1)

    for index, token_forms in enumerate(forms):
        for form in token_forms:
            if not form:
                add(index, index + 1, 1.0)
                continue
            states = [index, *range(n_states, n_states + len(form) - 1), index + 1]
            n_states += len(form) - 1
            arcs += _chain(states, form, written[index] if written else None)
            tokens += [first_token + index] * len(form)
        if all(token_forms) and first_token + index not in required:
            add(index, index + 1, SKIP_ONE)
            add(index, index + 1, OTHER_WORD * trust, GARBAGE)
        add(index, skip + index, SKIP_OPEN)
        add(skip + index + 1, index + 1, SKIP_CLOSE)
    for index in range(n_tokens + 1):
        add(index, index, EXTRA_SPEECH * trust, GARBAGE)
    for jump in JUMPS:
        for index in range(n_tokens - jump + 1):
            first = first_token + index
            if required.isdisjoint(range(first, first + jump)):
                add(skip + index, skip + index + jump, SKIP_EXTEND**jump)
    if is_open:
        add(0, skip, 1.0)
        add(skip + n_tokens, n_tokens, 1.0)
        for index in range(n_tokens):
            add(index, skip + n_tokens, SKIP_EXTEND ** (n_tokens - index))
    return TokenGraph(WordGraph(n_states, n_tokens, tuple(arcs)), tuple(tokens))


def _chain(states: Sequence[int], form: SpokenForm, written: str | None) -> Iterator[Arc]:
    """The arcs of a form's words; the first carries the written token, the others an empty one."""
    for (start, end), word in zip(pairwise(states), form, strict=True):
        yield Arc(start, end, 1.0, word, written)
        written = None if written is None else ""
