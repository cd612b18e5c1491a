"""Decoding of windows: a word graph for each, and the token times of its best path.

Windows are chosen in `windows.py` and `passes`; the decoders are in `pipeline/aligners/`.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from pipeline.alignment.disfluencies import add_disfluencies
from pipeline.alignment.paths import join_arcs
from pipeline.alignment.token_times import TokenTime
from pipeline.alignment.windows import Window
from pipeline.alignment.word_graph import build_graph
from pipeline.records import ArcTime, DecodeRequest
from pipeline.verbalization.spoken_text import SpokenText
from pipeline.verbalization.tokens import SpokenForm

MAX_LETTER_SECONDS = 100_000
"""Limit on the letters of all forms in a window's graph times its seconds: decoder memory grows
with this product, to about 250 MB here. 300 ordinary tokens in 7 s make 12,000."""


class Decoder(Protocol):
    """A decoder over one recording: the best path of each word graph between two times."""

    def decode(self, requests: Sequence[DecodeRequest]) -> Iterator[Sequence[ArcTime]]:
        """For each request the word arcs of its best path; empty where none fits the sound."""
        ...


def decode_windows(
    text: SpokenText,
    windows: Sequence[Window],
    decoder: Decoder,
    is_right: bool = False,
    required: frozenset[int] = frozenset(),
) -> Iterator[list[TokenTime]]:
    """The tokens of each window's best path; those that are `required` are on every path."""
    made = [
        build_graph(
            _limit_forms([text.forms[token] for token in window.tokens], window.length_ms),
            window.first_token,
            window.is_open,
            is_right,
            [text.written[token] for token in window.tokens],
            required,
        )
        for window in windows
    ]
    if text.fillers:
        made = [add_disfluencies(one, text.fillers) for one in made]
    requests = [
        DecodeRequest(window.start_ms, window.end_ms, one.graph)
        for window, one in zip(windows, made, strict=True)
    ]
    for one, path in zip(made, decoder.decode(requests), strict=True):
        yield list(join_arcs(path, one.tokens, one.graph.arcs if text.fillers else ()))


def _limit_forms(
    forms: Sequence[tuple[SpokenForm, ...]], length_ms: int
) -> list[tuple[SpokenForm, ...]]:
    """The forms within MAX_LETTER_SECONDS: first forms before alternatives, short before long.

    A token left without a form can only be skipped.
    """
    room = MAX_LETTER_SECONDS * 1000 // max(1, length_ms)
    sized = sorted(
        (rank, sum(map(len, form)), token, form)
        for token, ways in enumerate(forms)
        for rank, form in enumerate(ways)
    )
    if sum(n_letters for _, n_letters, _, _ in sized) <= room:
        return list(forms)
    limited: list[tuple[SpokenForm, ...]] = [()] * len(forms)
    for _, n_letters, token, form in sized:
        if n_letters <= room:
            room -= n_letters
            limited[token] += (form,)
    return limited
