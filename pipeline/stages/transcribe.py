"""Stage transcribe: recognised words with rough times; with a text, the first pass of alignment.

The words of the text get their times in `align.py`.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from pipeline.aligners.options import AlignOptions
from pipeline.aligners.spoken_words import speak_words
from pipeline.alignment.brackets import find_undecided, read_brackets
from pipeline.contracts import Hints, Hotword
from pipeline.errors import EngineError, MediaError
from pipeline.job.context import StepContext
from pipeline.media.wav import read_samples
from pipeline.recognizers.catalog import choose_recognizer, load_recognizer
from pipeline.recognizers.options import TRANSLATED_INTO, TranscribeOptions
from pipeline.recognizers.table import EMBEDDED, RECOGNIZERS
from pipeline.records import Media, Stretch, Transcript
from pipeline.speech.voice_activity import find_speech
from pipeline.stages.listening import Work, listen_in_turns
from pipeline.stages.script import has_text, load_text
from pipeline.verbalization.spoken_text import SpokenText, format_lines, limit_words
from pipeline.verbalization.vocabulary import read_vocabulary

LEAST_SPEECH_MS = 600_000
"""Less speech is decoded completely: it takes a minute, and improves the confidence."""

logger = logging.getLogger(__name__)


def run(context: StepContext) -> None:
    """Write transcript.json.

    Raises:
        MediaError: the recording holds no speech.
        AlignmentError: the text is far too long for the recording.
        EngineError: the recogniser is not available, or failed.
    """
    options = context.option("transcribe", TranscribeOptions)
    is_aligned = has_text(context)
    if is_aligned and options.task == "translate":
        remedy = "leave the text out, or use `translate: {to: en}` for captions in both"
        raise EngineError(context.item, "has a text, which is no translation", remedy)
    name = choose_recognizer(options, is_aligned, context.option("language", str | None))
    media = context.load("ingest", "media.json", Media)
    text: SpokenText | None = None
    bypasses: tuple[str, ...] = ()
    if is_aligned:
        text, bypasses = _speak_text(context, name, limit_words(media.duration_ms))
    samples = read_samples(context.input("ingest", "audio.wav"))
    speech = find_speech(samples, context.cpus)
    if not speech:
        raise MediaError(
            context.item, "no speech in the recording", "check audio.stream and channel"
        )
    vocabulary = tuple(context.option("align", AlignOptions).vocabulary.items())
    request = replace(options.request(context.cpus), vocabulary=vocabulary)
    recognizer = load_recognizer(name, request, context.tell)
    hints = _hints(context, name, text)
    hints = replace(hints, lines=(*hints.lines, *bypasses))
    work = Work(recognizer, samples, speech, hints, context.progress)
    if text and _may_skip(context, name, speech):
        recognition, skipped = listen_in_turns(work, text)
    else:
        recognition, skipped = work.listen(speech), ()
    context.use(engine=recognition.engine, model=recognition.model, device=recognition.device)
    is_translated = options.task == "translate" and recognition.language != TRANSLATED_INTO
    context.save(
        "transcript.json",
        Transcript(
            language=TRANSLATED_INTO if is_translated else recognition.language,
            engine=recognition.engine,
            model=recognition.model,
            segments=recognition.segments,
            speech=tuple(_add(speech, recognition.recovered)),
            skipped=skipped,
            refused=recognition.refused,
            translated_from=recognition.language if is_translated else None,
        ),
    )


def _may_skip(context: StepContext, name: str, speech: Sequence[Stretch]) -> bool:
    """Whether parts of the speech may be skipped: the embedded aligner also finds words between
    anchors."""
    decoder = context.option("align", AlignOptions).engine
    speech_ms = sum(part.end_ms - part.start_ms for part in speech)
    return name == EMBEDDED and decoder in ("auto", EMBEDDED) and speech_ms >= LEAST_SPEECH_MS


def _speak_text(
    context: StepContext, name: str, max_words: int
) -> tuple[SpokenText, tuple[str, ...]]:
    """The text's spoken forms with brackets as words, and lines without; refused if it has more
    than `max_words`."""
    script = load_text(context)
    reading = read_brackets(script, find_undecided(script))
    words = reading.list_tokens()
    language: str | None = context.option("language", str | None)
    if language is None and RECOGNIZERS[name].languages == frozenset({"en"}):
        _check_letters(name, words)
    given = context.option("align", AlignOptions).vocabulary
    text = speak_words(words, language or "en", given, max_words)
    return text, tuple(reading.format_bypasses(text))


def _check_letters(engine: str, words: Sequence[str]) -> None:
    """Refuse a text that can't be English for a recogniser of English.

    Raises:
        EngineError: most of its letters are not in the English alphabet.
    """
    letters = [char for word in words for char in word if char.isalpha()]
    if 2 * sum(map(str.isascii, letters)) < len(letters):
        remedy = "say the `language`, and use `transcribe: {engine: faster_whisper}`"
        raise EngineError(engine, "knows English only, and the text has other letters", remedy)


def _hints(context: StepContext, name: str, text: SpokenText | None) -> Hints:
    """The language, the text in lines, a prompt, and the hotwords word by word.

    Without a text, the words of the vocabulary are hotwords for Whisper, which has no lexicon; with
    one, the aligner finds them.
    """
    options = context.option("transcribe", TranscribeOptions)
    language: str | None = context.option("language", str | None)
    given = context.option("align", AlignOptions).vocabulary
    words = list(options.hotword_tokens)
    takes = RECOGNIZERS[name].takes
    if options.prompt and "prompt" not in takes:
        logger.warning("%s takes no prompt: transcribe.prompt is left out", name)
    if words and "hotwords" not in takes:
        logger.warning("%s takes no hotwords: transcribe.hotwords are left out", name)
        words = []
    if "prompt" in takes and not text:
        words += given
    if words:
        logger.info("listening for %s", ", ".join(dict.fromkeys(words)))
    vocabulary = read_vocabulary(given)
    hotwords = tuple(
        Hotword(word, vocabulary.say(word, language or "en")) for word in dict.fromkeys(words)
    )
    lines = format_lines(text) if text else ()
    return Hints(language, lines, hotwords, options.prompt, options.task)


def _add(speech: Sequence[Stretch], recovered: Sequence[Stretch]) -> list[Stretch]:
    """The detected speech, and further speech that recognition found, in order."""
    return sorted((*speech, *recovered), key=lambda stretch: stretch.start_ms)
