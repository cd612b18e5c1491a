"""The table of engines, the choice for `auto`, and what this machine has of them.

Engines are imported when named and kept, loaded, as long as the process lives.
"""

import logging
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, cast

from pipeline.engines.base import EngineRequest, GraphDecoder, Recognizer, Rescorer, SentenceEncoder
from pipeline.engines.ctc.folder import need_ctc_model
from pipeline.engines.devices import load_cublas
from pipeline.engines.models import find_model, obtain_model, require_model
from pipeline.engines.moonshine.model import find_folder
from pipeline.engines.options import DEFAULT_WHISPER, TranscribeOptions
from pipeline.engines.whisper.gpu import read_memory_bytes
from pipeline.errors import EngineError
from pipeline.records import record

WHISPER = "faster_whisper"
EMBEDDED = "pocketsphinx"
"""Recogniser and graph decoder that are always there: their model lies in the wheel."""
LISTENER = "moonshine"
"""The embedded recogniser of sound without a text, where there is a wheel of it."""
RECOGNIZERS: Mapping[str, str] = {
    WHISPER: "pipeline.engines.whisper.recognizer:load",
    LISTENER: "pipeline.engines.moonshine.recognizer:load",
    EMBEDDED: "pipeline.engines.pocketsphinx_recognizer:load",
    "scripted": "pipeline.engines.scripted:load",
}
GRAPH_DECODERS: Mapping[str, str] = {
    "ctc": "pipeline.engines.ctc.decoder:load",
    EMBEDDED: "pipeline.engines.triphones.decoder:load",
    "whisper": "pipeline.engines.whisper.graph_decoder:load",
}
RESCORERS: Mapping[str, str] = {"en": "pipeline.engines.moonshine.rescorer:load"}
"""Second recognisers, by the language they know."""
ENGLISH_ONLY = frozenset({EMBEDDED, LISTENER})
"""Recognisers that take what they hear for English."""
SENTENCE_ENCODER = "pipeline.engines.sentence_encoder:load"
DECODED_LANGUAGES: Mapping[str, str] = {"en": EMBEDDED}
"""The graph decoder that knows a language."""
LEARNERS = frozenset({EMBEDDED})
"""Decoders that learn how a recording sounds before they time it."""
TRANSLATORS = frozenset({WHISPER, "scripted"})
"""Recognisers that can write down in English what is said in another language."""
ANY_LANGUAGE = frozenset({"ctc", "whisper"})
"""Decoders whose model says which languages they know. One process of many threads runs them, as
their models are large."""
SIDE_BY_SIDE = frozenset({"whisper"})
"""Those of them that compute a window in one thread, and so several windows at a time."""

logger = logging.getLogger(__name__)


@record
class EngineStatus:
    """One line of `cuecast doctor`."""

    name: str
    is_available: bool
    detail: str
    remedy: str


def load_recognizer(
    name: str, request: EngineRequest, tell: Callable[[str], None] = logger.info
) -> Recognizer:
    """The named recogniser, loaded once per process and request.

    Args:
        tell: told in lines how far its model is, if that is fetched.
    Raises:
        EngineError: the engine or its model can't be had.
    """
    if name == WHISPER:
        obtain_model(request.model, tell)
    return cast(Recognizer, _load(RECOGNIZERS[name], request))


def load_graph_decoder(name: str, request: EngineRequest) -> GraphDecoder:
    """The named graph decoder, loaded once per process and request."""
    return cast(GraphDecoder, _load(GRAPH_DECODERS[name], request))


def load_listener(language: str, cpus: int) -> Recognizer | None:
    """What hears speech whose text it doesn't know, beside a recogniser that does; None where
    nothing here can."""
    if language != "en" or find_folder() is None:
        return None
    return load_recognizer(LISTENER, EngineRequest(cpus=cpus))


def load_rescorer(language: str, cpus: int) -> Rescorer | None:
    """What hears words in doubt a second time; None where nothing here can."""
    if language not in RESCORERS or find_folder() is None:
        return None
    return cast(Rescorer, _load(RESCORERS[language], EngineRequest(cpus=cpus)))


def load_sentence_encoder(model: str, cpus: int) -> SentenceEncoder:
    """The sentence model of a folder or name, loaded once per process.

    Raises:
        EngineError: it is not on this machine, or not what it should be.
    """
    return cast(SentenceEncoder, _load(SENTENCE_ENCODER, EngineRequest(model, cpus=cpus)))


def choose_recognizer(options: TranscribeOptions, has_text: bool) -> str:
    """The engine that `auto` means here; never touches the network.

    Raises:
        EngineError: the model named is not here, or none that is here can translate, and that is
            asked for.
    """
    if options.task == "translate":
        return choose_translator(options)
    if options.engine != "auto":
        return options.engine
    if options.model:
        require_model(options.model)
    if options.model or find_model(DEFAULT_WHISPER):
        return WHISPER
    advice = f"`cuecast models get {DEFAULT_WHISPER}` brings faster-whisper's model"
    if has_text:
        logger.info("pocketsphinx listens, guided by the text; %s", advice)
        return EMBEDDED
    if find_folder():
        logger.info(
            "moonshine listens, and gets a word in twelve of clear speech wrong; %s", advice
        )
        return LISTENER
    logger.warning("pocketsphinx alone gets a fifth of the words of clear speech wrong; %s", advice)
    return EMBEDDED


def choose_translator(options: TranscribeOptions, model: str = "") -> str:
    """The engine that translates; never touches the network unless the job says faster_whisper.

    Args:
        model: of the translator, if it is not the recogniser's.
    Raises:
        EngineError: the engine can't, or its model is not here.
    """
    if options.engine == WHISPER or (options.engine in TRANSLATORS and not model):
        return options.engine
    if options.engine != "auto" and not model:
        problem = "can't translate"
        raise EngineError(options.engine, problem, "use `transcribe: {engine: faster_whisper}`")
    if named := model or options.model:
        require_model(named, "translate.model" if model else "transcribe.model")
    elif not find_model(DEFAULT_WHISPER):
        problem = f"needs a Whisper model, and {DEFAULT_WHISPER} is not on this machine"
        raise EngineError("translate", problem, f"`cuecast models get {DEFAULT_WHISPER}`")
    return WHISPER


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


def describe_engines() -> tuple[EngineStatus, ...]:
    """What this machine has to recognise and align with."""
    packages = (
        "faster-whisper", "ctranslate2", "moonshine-cpp", "pocketsphinx", "onnxruntime",
        "espeakng-loader",
    )  # fmt: skip
    return (*map(_describe_package, packages), _describe_gpu())


@cache
def _load(entry: str, request: EngineRequest) -> Any:
    module, _, factory = entry.partition(":")
    return getattr(import_module(module), factory)(request)


def _describe_package(name: str) -> EngineStatus:
    try:
        return EngineStatus(name, True, version(name), "")
    except PackageNotFoundError:
        return EngineStatus(name, False, "not installed", f"pip install {name}")


def _describe_gpu() -> EngineStatus:
    import ctranslate2

    n_gpus = ctranslate2.get_cuda_device_count()
    if not n_gpus:
        return EngineStatus("GPU", False, "none: the CPU does the work", "install a CUDA 12 driver")
    sizes = (read_memory_bytes(index) or 0 for index in range(n_gpus))
    cards = ", ".join(f"{size / 2**30:.0f} GiB" for size in sizes)
    if not load_cublas():
        detail = f"{n_gpus} CUDA device(s) ({cards}), but no libcublas.so.12"
        return EngineStatus("GPU", False, detail, "pip install 'cuecast[cuda]'")
    kinds = ", ".join(sorted(ctranslate2.get_supported_compute_types("cuda")))
    return EngineStatus("GPU", True, f"{n_gpus} CUDA device(s) ({cards}): {kinds}", "")
