"""Aligners are loaded here, and chosen for `auto`.

Like recognisers, they are imported when first used and stay loaded until the process ends. Their
table is `table.py`.
"""

from typing import cast

from pipeline.aligners.ctc.folder import need_ctc_model
from pipeline.aligners.table import ALIGNERS, CTC, RECOGNIZER, WHISPER, find_aligner
from pipeline.contracts import EngineRequest, GraphDecoder
from pipeline.recognizers import table
from pipeline.recognizers.catalog import load_engine


def load_graph_decoder(name: str, request: EngineRequest) -> GraphDecoder:
    """The named graph decoder, loaded once per process and request."""
    return cast(GraphDecoder, load_engine(ALIGNERS[name].load, request))


def choose_graph_decoder(language: str, model: str, recognizer: str) -> str:
    """The decoder that `auto` stands for; never touches the network.

    Args:
        model: of the ctc decoder, or empty.
        recognizer: the engine of the first pass.
    Returns:
        RECOGNIZER if there is no decoder for the language: the first pass's times are kept.
    Raises:
        EngineError: the model named is not on this machine.
    """
    if found := find_aligner(language):
        return found
    if model:
        need_ctc_model(model)
        return CTC
    return WHISPER if recognizer == table.WHISPER else RECOGNIZER
