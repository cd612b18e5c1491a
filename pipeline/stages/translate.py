"""Stage translate: the speech translated into the second language that the job names.

Whisper decodes the same speech a second time, with English as output. Its captions are made in
`captions.py`.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from pipeline.alignment.aligner import trust_first_pass
from pipeline.alignment.parsed_text import Script
from pipeline.alignment.status import Header, make_timed_text
from pipeline.contracts import Hints, Hotword, Recognition
from pipeline.errors import EngineError
from pipeline.job.context import StepContext
from pipeline.media.wav import read_samples
from pipeline.recognizers.catalog import choose_translator, load_recognizer
from pipeline.recognizers.options import TranscribeOptions, TranslateOptions
from pipeline.records import Media, RecognizedWord, TimedText, Transcript, Turn
from pipeline.stages.translation import name_translation
from pipeline.verbalization.spoken_text import speak_text

logger = logging.getLogger(__name__)


def run(context: StepContext) -> None:
    """Write words.en.json; nothing where the recording is in that language already.

    Raises:
        EngineError: no recogniser that translates is available, or it failed.
    """
    options = context.option("translate", TranslateOptions)
    assert options.to is not None  # or the item has no such stage
    transcript = context.load("transcribe", "transcript.json", Transcript)
    if transcript.language == options.to:
        logger.warning("%s: is in %r already: not translated", context.item, options.to)
        return
    media = context.load("ingest", "media.json", Media)
    found = _translate(context, options, transcript)
    header = Header(options.to, found.engine, media.duration_ms)
    recognized = (word for part in found.segments for word in part.words)
    timed = _time(sorted(recognized, key=lambda word: word.start_ms), transcript, header)
    if not timed.words:
        raise EngineError(context.item, "nothing was translated", "try another translate.model")
    timed = replace(timed, translated_from=transcript.language)
    context.save(name_translation(options.to), timed)


def _translate(
    context: StepContext, options: TranslateOptions, transcript: Transcript
) -> Recognition:
    """The translated words."""
    listens = context.option("transcribe", TranscribeOptions)
    name = choose_translator(listens, options.model)
    request = listens.request(context.cpus, options.model)
    hotwords = tuple(Hotword(word, ()) for word in listens.hotword_tokens)
    hints = Hints(transcript.language, hotwords=hotwords, task="translate")
    samples = read_samples(context.input("ingest", "audio.wav"))
    recognizer = load_recognizer(name, request, context.tell)
    found = recognizer.transcribe(samples, transcript.speech, hints, context.progress)
    context.use(engine=found.engine, model=found.model, device=found.device)
    return found


def _time(
    recognized: Sequence[RecognizedWord], transcript: Transcript, header: Header
) -> TimedText:
    """The words of a translation at the recogniser's times, as they can't be aligned."""
    words = tuple(word.text for word in recognized)
    script = Script(words, (Turn(None, None, 0, len(words)),) if words else (), ())
    text = speak_text(words, header.language)
    return make_timed_text(
        script, text, trust_first_pass(text, recognized), transcript.speech, header
    )
