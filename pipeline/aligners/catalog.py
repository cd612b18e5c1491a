"""The table of aligners, and the choice for `auto`.

Like recognisers, they are imported when first used and stay loaded until the process ends.
"""

from collections.abc import Mapping
from typing import cast

from pipeline.aligners.ctc.folder import need_ctc_model
from pipeline.contracts import EngineRequest, GraphDecoder
from pipeline.recognizers.catalog import WHISPER, load_engine

EMBEDDED = "pocketsphinx"
"""The graph decoder that is always available: its acoustic model is in PocketSphinx's wheel."""
GRAPH_DECODERS: Mapping[str, str] = {
    "ctc": "pipeline.aligners.ctc.decoder:load",
    EMBEDDED: "pipeline.aligners.hmm.decoder:load",
    "whisper": "pipeline.aligners.whisper_attention:load",
}
DECODED_LANGUAGES: Mapping[str, str] = {"en": EMBEDDED}
"""The preferred graph decoder of a language."""
ADAPTING = frozenset({EMBEDDED})
"""Decoders that are adapted to a recording before they align it."""
ANY_LANGUAGE = frozenset({"ctc", "whisper"})
"""Decoders whose languages depend on the model loaded. They run in one process with several
threads, as their models are large."""
ONE_THREAD_A_WINDOW = frozenset({"whisper"})
"""Those of them that use one thread a window, and so decode several windows at a time."""


def load_graph_decoder(name: str, request: EngineRequest) -> GraphDecoder:
    """The named graph decoder, loaded once per process and request."""
    return cast(GraphDecoder, load_engine(GRAPH_DECODERS[name], request))


def choose_graph_decoder(language: str, model: str, recognizer: str) -> str | None:
    """The decoder that `auto` stands for; never touches the network.

    Args:
        model: of the ctc decoder, or empty.
        recognizer: the engine of the first pass.
    Returns:
        None if there is no decoder for the language: the first pass's times are kept.
    Raises:
        EngineError: the model named is not on this machine.
    """
    if language in DECODED_LANGUAGES:
        return DECODED_LANGUAGES[language]
    if model:
        need_ctc_model(model)
        return "ctc"
    return "whisper" if recognizer == WHISPER else None
