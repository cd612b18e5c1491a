"""Checks before a run: whether the engines, models and devices that a job names are available.

No model is loaded or fetched. What a job does not name is left to `auto`.
"""

from collections.abc import Iterator
from pathlib import Path

from pipeline.aligners.ctc.folder import need_ctc_model
from pipeline.aligners.options import AlignerAsked
from pipeline.aligners.table import ALIGNERS, CTC, RECOGNIZER, WHISPER, can_align
from pipeline.errors import EngineError
from pipeline.language_models.chat import ChatRequest, check_endpoint
from pipeline.language_models.sentence_encoder import require_files
from pipeline.models.devices import check_device
from pipeline.models.installed import describe_fetch, explain_missing, find_model, need_repo
from pipeline.models.packaged import require_folder
from pipeline.pronunciation.lexicon import check_vocabulary
from pipeline.recognizers import table
from pipeline.recognizers.catalog import choose_recognizer, choose_translator
from pipeline.recognizers.options import (
    DEFAULT_WHISPER,
    TRANSLATED_INTO,
    TranscribeOptions,
    find_default_whisper,
)
from pipeline.recognizers.table import LISTENER, RECOGNIZERS, TRANSCRIPT, WHISPER_KEYS
from pipeline.recognizers.whisper.languages import check_language, check_translates

Finding = EngineError | str

_OTHER_ENGINE = "leave it out, or use `engine: faster_whisper`"


def check_recognizer(
    options: TranscribeOptions, language: str | None, has_text: bool
) -> Iterator[Finding]:
    """Whether the recogniser that is named, or that `auto` chooses, supports the options."""
    if has_text and options.task == "translate":
        problem, remedy = "is for a recording without a text", "use `translate: {to: en}` instead"
        yield EngineError("transcribe.task: translate", problem, remedy)
    yield from check_device("transcribe", options.device, options.compute_type)
    engine = choose_recognizer(options, has_text, language)
    if engine == table.WHISPER:
        yield from _check_whisper(options.model, "transcribe.model", options.engine)
        yield from check_language(options.model or find_default_whisper(), language)
        if options.task == "translate":
            yield from check_translates(options.model)
    elif engine == TRANSCRIPT:
        if not Path(options.model).is_file():
            problem = f"no such transcript: {options.model!r}"
            yield EngineError("transcribe.model", problem, "name a transcript.json")
    else:
        yield from _list_untaken(options, engine)
        if engine == LISTENER:
            require_folder()
        yield from _check_knows(engine, language)


def check_translator(
    options: TranscribeOptions, model: str, language: str | None
) -> Iterator[Finding]:
    """Whether a model that translates into English is available; not needed for English."""
    if language == TRANSLATED_INTO:
        return
    if choose_translator(options, model) == table.WHISPER:
        place = "translate.model" if model else "transcribe.model"
        yield from _check_whisper(model or options.model, place, options.engine)
        yield from check_translates(model or options.model)


def check_aligner(
    asked: AlignerAsked, options: TranscribeOptions, language: str | None
) -> Iterator[Finding]:
    """Whether the aligner that is named is available, and knows the language if that is named."""
    yield from check_device("align", asked.device, asked.compute_type)
    check_vocabulary(dict(asked.vocabulary))
    if asked.engine in ("auto", CTC):
        if asked.model or asked.engine == CTC:
            need_ctc_model(asked.model)
    elif asked.engine == RECOGNIZER or not ALIGNERS[asked.engine].takes_model:
        for key in ("model", "device", "compute_type"):
            if getattr(asked, key) not in ("", "auto"):
                problem, remedy = f"{asked.engine} takes none", "leave it out, or use `engine: ctc`"
                yield EngineError(f"align.{key}", problem, remedy)
    if options.task == "translate" and asked.engine in ALIGNERS:
        problem = f"{asked.engine} can't find a translation in the sound"
        yield EngineError("align.engine", problem, "use `align: {engine: auto}`")
    if asked.engine != "auto" and not can_align(asked.engine, language or "en"):
        problem = f"{asked.engine} does not know the language {language!r}"
        yield EngineError("align.engine", problem, "use `align: {engine: auto}`")
    if asked.engine == WHISPER:
        model = options.model if options.engine in ("auto", table.WHISPER) else ""
        yield from _check_whisper(model, "transcribe.model", options.engine)
        yield from check_language(model or find_default_whisper(), language)


def check_embedder(model: str) -> Iterator[Finding]:
    """Whether a sentence encoder is on this machine, with all its files."""
    require_files(model)
    yield from ()


def check_titles(url: str, model: str, key_env: str | None) -> Iterator[Finding]:
    """Whether a language model's URL is valid and its key set; no request is made."""
    check_endpoint(ChatRequest(url, model, key_env))
    yield from ()


def _list_untaken(options: TranscribeOptions, engine: str) -> Iterator[Finding]:
    """Options that an embedded engine ignores: an error where the engine is named too.

    `device: cpu` is accepted, as these engines run on the CPU.
    """
    default = TranscribeOptions()
    for key in WHISPER_KEYS:
        value = getattr(options, key)
        if value in (getattr(default, key), "cpu") or key in RECOGNIZERS[engine].takes:
            continue
        if options.engine == "auto":
            yield f"transcribe.{key} is left out: without a Whisper model {engine} is used"
        else:
            yield EngineError(f"transcribe.{key}", f"{engine} takes none", _OTHER_ENGINE)


def _check_knows(engine: str, language: str | None) -> Iterator[Finding]:
    if language is not None and not RECOGNIZERS[engine].knows(language):
        remedy = f"`cuecast models get {DEFAULT_WHISPER}`, or `engine: faster_whisper`"
        yield EngineError("language", f"{engine} knows English only, not {language!r}", remedy)


def _check_whisper(model: str, option: str, engine: str) -> Iterator[Finding]:
    """Whether a model is on this machine or, where `faster_whisper` is named, may be fetched."""
    name = model or find_default_whisper()
    if find_model(name) is None:
        repo = need_repo(name, option)
        if engine != table.WHISPER:
            raise EngineError(option, *explain_missing(name))
        yield describe_fetch(name, repo)
