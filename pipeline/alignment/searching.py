"""Windows of text and sound given to a decoder, and what its best paths say of their tokens.

Which windows is for others; how a graph is decoded is an engine's matter.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from pipeline.alignment.graph import build_graph
from pipeline.alignment.paths import join_arcs
from pipeline.alignment.spoken_text import SpokenText
from pipeline.alignment.token_times import TokenTime
from pipeline.alignment.windows import Window
from pipeline.records import ArcTime, DecodeRequest


class Decoder(Protocol):
    """What the aligner needs of sound: the best paths of graphs between two times each."""

    def decode(self, requests: Sequence[DecodeRequest]) -> Iterator[Sequence[ArcTime]]:
        """For each request the word arcs of its best path, in the player's time.

        A path is empty where the sound fits none.
        """
        ...


def decode_windows(
    text: SpokenText, windows: Sequence[Window], decoder: Decoder, is_right: bool = False
) -> Iterator[list[TokenTime]]:
    """The tokens of each window's best path."""
    made = [
        build_graph(
            [text.forms[token] for token in window.tokens],
            window.first_token,
            window.is_open,
            is_right,
            [text.written[token] for token in window.tokens],
        )
        for window in windows
    ]
    requests = [
        DecodeRequest(window.start_ms, window.end_ms, one.graph)
        for window, one in zip(windows, made, strict=True)
    ]
    for one, path in zip(made, decoder.decode(requests), strict=True):
        yield list(join_arcs(path, one.tokens))
