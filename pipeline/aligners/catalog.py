"""The table of aligners, and the choice for `auto`.

Like recognisers they are imported when named and stay loaded as long as the process lives.
"""

from collections.abc import Mapping
from typing import cast

from pipeline.aligners.ctc.folder import need_ctc_model
from pipeline.contracts import EngineRequest, GraphDecoder
from pipeline.recognizers.catalog import WHISPER, load_engine

EMBEDDED = "pocketsphinx"
"""The graph decoder that is always there: its acoustic model lies in PocketSphinx's wheel."""
GRAPH_DECODERS: Mapping[str, str] = {
    "ctc": "pipeline.aligners.ctc.decoder:load",
    EMBEDDED: "pipeline.aligners.hmm.decoder:load",
    "whisper": "pipeline.aligners.whisper_attention:load",
}
DECODED_LANGUAGES: Mapping[str, str] = {"en": EMBEDDED}
"""The graph decoder that knows a language."""
ADAPTING = frozenset({EMBEDDED})
"""Decoders that are adapted to a recording before they time it."""
ANY_LANGUAGE = frozenset({"ctc", "whisper"})
"""Decoders whose model says which languages they know. One process of many threads runs them, as
their models are large."""
ONE_THREAD_A_WINDOW = frozenset({"whisper"})
"""Those of them that compute a window in one thread, and so several windows at a time."""


def load_graph_decoder(name: str, request: EngineRequest) -> GraphDecoder:
    """The named graph decoder, loaded once per process and request."""
    return cast(GraphDecoder, load_engine(GRAPH_DECODERS[name], request))


def choose_graph_decoder(language: str, model: str, recognizer: str) -> str | None:
    """The decoder that `auto` means here; never touches the network.

    Args:
        model: of the ctc decoder, or empty.
        recognizer: the engine that recognised the words.
    Returns:
        None where the recogniser's own times are all there is.
    Raises:
        EngineError: the model named is not here.
    """
    if language in DECODED_LANGUAGES:
        return DECODED_LANGUAGES[language]
    if model:
        need_ctc_model(model)
        return "ctc"
    return "whisper" if recognizer == WHISPER else None
