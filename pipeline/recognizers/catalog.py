"""Recognisers are loaded here, and chosen for `auto`.

Engines are imported when first used and stay loaded until the process ends. Their table is
`table.py`; aligners have their own catalog.
"""

import logging
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, cast

from pipeline.contracts import EngineRequest, Recognizer, Rescorer
from pipeline.errors import EngineError
from pipeline.models.installed import explain_missing, find_model, obtain_model, require_model
from pipeline.models.packaged import find_folder
from pipeline.recognizers.options import (
    DEFAULT_WHISPER,
    DEFAULTS_HERE,
    TranscribeOptions,
    find_default_whisper,
)
from pipeline.recognizers.table import EMBEDDED, LISTENER, RECOGNIZERS, WHISPER

logger = logging.getLogger(__name__)


def load_recognizer(
    name: str, request: EngineRequest, tell: Callable[[str], None] = logger.info
) -> Recognizer:
    """The named recogniser, loaded once per process and request.

    Args:
        tell: called with lines of progress while its model is downloaded, if it has to be.
    Raises:
        EngineError: the engine or its model can't be loaded.
    """
    if name == WHISPER:
        obtain_model(request.model, tell)
    return cast(Recognizer, load_engine(RECOGNIZERS[name].load, request))


def load_listener(language: str, cpus: int) -> Recognizer | None:
    """The recogniser that is not guided by the text, used beside one that is; None if there is none
    for the language."""
    if language != "en" or find_folder() is None:
        return None
    return load_recognizer(LISTENER, EngineRequest(cpus=cpus))


def load_rescorer(language: str, cpus: int) -> Rescorer | None:
    """The model that rescores doubtful words; None if there is none for the language."""
    if language != "en" or find_folder() is None:
        return None
    rescorer = "pipeline.recognizers.moonshine.rescorer:load"
    return cast(Rescorer, load_engine(rescorer, EngineRequest(cpus=cpus)))


def choose_recognizer(
    options: TranscribeOptions, has_text: bool, language: str | None = None
) -> str:
    """The engine that `auto` stands for; never touches the network.

    Args:
        language: of the item, None where nobody named it: a text is taken for English then.
    Raises:
        EngineError: the model named is not on this machine, or `task: translate` is asked for and
            no model here can translate.
    """
    if options.task == "translate":
        return choose_translator(options)
    if options.engine != "auto":
        return options.engine
    if options.model:
        require_model(options.model)
    if options.model or find_model(DEFAULT_WHISPER):
        return WHISPER
    is_guided = has_text and RECOGNIZERS[EMBEDDED].knows(language or "en")
    if not is_guided and find_model(find_default_whisper()):
        return WHISPER
    problem, remedy = explain_missing(DEFAULTS_HERE[-1])
    advice = f"`cuecast models get {DEFAULT_WHISPER}` brings a better one; {problem}; {remedy}"
    if has_text:
        logger.info("pocketsphinx listens, guided by the text; %s", advice)
        return EMBEDDED
    if find_folder():
        logger.info(
            "moonshine listens, and gets a word in fifteen of people's speech wrong; %s", advice
        )
        return LISTENER
    logger.warning("pocketsphinx alone gets a fifth of the words of clear speech wrong; %s", advice)
    return EMBEDDED


def choose_translator(options: TranscribeOptions, model: str = "") -> str:
    """The engine that translates; never touches the network unless the job says faster_whisper.

    Args:
        model: of the translator, if it is not the recogniser's.
    Raises:
        EngineError: the engine can't translate, or its model is not on this machine.
    """
    traits = RECOGNIZERS.get(options.engine)
    if traits and traits.can_translate and (options.engine == WHISPER or not model):
        return options.engine
    if traits and not model:
        problem = "can't translate"
        raise EngineError(options.engine, problem, "use `transcribe: {engine: faster_whisper}`")
    if named := model or options.model:
        require_model(named, "translate.model" if model else "transcribe.model")
    elif not find_model(find_default_whisper()):
        problem = f"needs a Whisper model, and {DEFAULT_WHISPER} is not on this machine"
        raise EngineError("translate", problem, f"`cuecast models get {DEFAULT_WHISPER}`")
    return WHISPER


@cache
def load_engine(entry: str, request: EngineRequest) -> Any:
    """The engine that "module:function" loads, once per process and request."""
    module, _, factory = entry.partition(":")
    return getattr(import_module(module), factory)(request)
