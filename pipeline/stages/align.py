"""Stage align: every word of the text with its time, status and confidence.

The first pass comes from `transcribe.py`; without a text, its words are the text.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from pipeline.aligners.catalog import choose_graph_decoder
from pipeline.aligners.options import AlignOptions
from pipeline.aligners.recording.acoustic_model import RECORDING_MODEL_NAME
from pipeline.aligners.spoken_words import speak_words
from pipeline.aligners.table import ALIGNERS, CALIBRATIONS, RECOGNIZER, WHISPER, can_align
from pipeline.aligners.window_decoding import open_windows
from pipeline.alignment.aligner import align_tokens, trust_first_pass
from pipeline.alignment.brackets import Reading, find_undecided, read_brackets
from pipeline.alignment.calibration import Calibration
from pipeline.alignment.observations import Observations
from pipeline.alignment.parsed_text import Script, find_glued
from pipeline.alignment.recognized_text import believe_recognizer
from pipeline.alignment.status import Header, make_timed_text
from pipeline.alignment.summary import MISMATCH, is_surely_found, summarise
from pipeline.alignment.token_times import TokenTimes
from pipeline.codec import read_record
from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest
from pipeline.errors import AlignmentError, EngineError, MediaError
from pipeline.job.context import StepContext
from pipeline.language_models.bigrams import measure_pmi
from pipeline.levels import measure_levels
from pipeline.media.decode import CHANNEL_LEVELS_NAME, read_channel_levels
from pipeline.media.options import AudioOptions
from pipeline.media.wav import read_samples
from pipeline.recognizers.catalog import load_rescorer
from pipeline.recognizers.options import TranscribeOptions
from pipeline.records import (
    AlignmentSummary,
    Media,
    RecognizedWord,
    RescoringRequest,
    TimedText,
    Transcript,
    Turn,
)
from pipeline.speakers.channels import name_speakers
from pipeline.stages.listening import listen_without_text
from pipeline.stages.script import has_text, load_text
from pipeline.verbalization.forms import MAX_LETTERS
from pipeline.verbalization.spoken_text import SpokenText, add_collocations

logger = logging.getLogger(__name__)


def run(context: StepContext) -> None:
    """Write words.json, summary.json, and the acoustic model of the recording, if there is one.

    Raises:
        AlignmentError: no text, and no words recognised; or the text of another recording.
        EngineError: the decoder does not know the language, or it failed.
    """
    media = context.load("ingest", "media.json", Media)
    transcript = context.load("transcribe", "transcript.json", Transcript)
    written = read_script(context, transcript)
    reading = read_brackets(written, find_undecided(written))
    text = speak_reading(context, reading, transcript.language)
    found, name = find_tokens(context, reading.make_optional(text), transcript)
    header = Header(transcript.language, name, media.duration_ms)
    timed = make_timed_text(reading.script, text, found, transcript.speech, header)
    if len(spoken := reading.find_spoken(timed)) < len(reading.spans):
        found = found.keep(reading.list_remaining(text, spoken))
        reading = read_brackets(written, spoken)
        text = speak_reading(context, reading, transcript.language)
        timed = make_timed_text(reading.script, text, found, transcript.speech, header)
    script, timed = reading.script, reading.mark(timed)
    timed = replace(timed, translated_from=transcript.translated_from)
    timed = _mark_glued(timed, script.glued)
    if context.option("audio", AudioOptions).channel == "speakers":
        timed = _name_by_channel(context, timed, media)
    agreement = None if has_text(context) else 1.0
    if has_text(context) and not is_surely_found(timed):
        agreement = listen_without_text(context, text, transcript)
    summary = summarise(timed, script, transcript.speech, agreement, found.calibration)
    if has_text(context) and not summary.matches:
        _refuse_mismatch(context, summary, transcript, agreement)
    for reason in summary.reasons:
        logger.warning("%s: to be reviewed: %s", context.item, reason)
    context.use(engine=name)
    context.save("words.json", timed)
    context.save("summary.json", summary)


def _refuse_mismatch(
    context: StepContext,
    summary: AlignmentSummary,
    transcript: Transcript,
    agreement: float | None,
) -> None:
    """Refuse a text that does not belong to the recording.

    Raises:
        AlignmentError: unless the job has `mismatch: keep`.
    """
    if context.option("align", AlignOptions).mismatch == "keep":
        return
    if not _words_of(transcript):
        remedy = "check audio.stream and channel"
        raise AlignmentError(context.item, "no words were heard in the recording", remedy)
    found = f"{summary.n_aligned} of its {summary.n_words} words were found"
    if agreement is not None:
        found = f"it agrees by {agreement:.0%} with the words recognised ({found})"
    remedy = "give the text that is spoken there, or a job file with `align: {mismatch: keep}`"
    raise AlignmentError(context.item, f"{MISMATCH}: {found}", remedy)


def speak_reading(context: StepContext, reading: Reading, language: str) -> SpokenText:
    """The text's spoken forms, in English with collocations."""
    given = context.option("align", AlignOptions).vocabulary
    text = speak_words(reading.list_tokens(), language, given)
    if n_cut := text.count_cut():
        logger.warning(
            "%s: only the first %d letters are aligned of %d tokens that are longer",
            context.item,
            MAX_LETTERS,
            n_cut,
        )
    return add_collocations(text, measure_pmi) if language == "en" else text


def find_tokens(
    context: StepContext, text: SpokenText, transcript: Transcript
) -> tuple[TokenTimes, str]:
    """The tokens' times, and the name of the decoder or recogniser that they come from."""
    recognized = _words_of(transcript)
    name = _choose_decoder(context, transcript)
    if name == RECOGNIZER:
        return trust_first_pass(text, recognized), transcript.engine
    calibration = load_calibration(name)
    engine = _request_decoder(context, name, transcript.language)
    samples = read_samples(context.input("ingest", "audio.wav"))
    with open_windows(name, engine, samples, context) as windows:
        if name == WHISPER:
            found = trust_first_pass(text, recognized, windows, calibration)
            is_used = any(time and time.score is not None for time in found.times)
            return found, name if is_used else transcript.engine
        levels = measure_levels(samples, SAMPLE_RATE_HZ)

        def rescore(passages: Sequence[RescoringRequest]) -> Sequence[Sequence[float]] | None:
            """With another model: the decoder's processes end first, as both take memory."""
            windows.close()
            rescorer = load_rescorer(text.language, context.cpus)
            return rescorer.compare(samples, passages) if rescorer else None

        found = align_tokens(
            replace(text, fillers=ALIGNERS[name].fillers),
            Observations(
                recognized,
                transcript.skipped,
                transcript.speech,
                windows,
                rescore,
                levels,
                context.progress,
                calibration=calibration,
            ),
        )
        if windows.recording_model:
            context.save(RECORDING_MODEL_NAME, windows.recording_model)
    if not has_text(context):
        found = believe_recognizer(text, found, transcript.segments)
    return found, name


def load_calibration(name: str) -> Calibration:
    """What evidence weighs under an aligner."""
    return read_record(CALIBRATIONS / ALIGNERS[name].calibration, Calibration)


def _words_of(transcript: Transcript) -> tuple[RecognizedWord, ...]:
    return tuple(word for segment in transcript.segments for word in segment.words)


def _request_decoder(context: StepContext, name: str, language: str) -> EngineRequest:
    """How a decoder is loaded; Whisper's as the recogniser was."""
    options = context.option("align", AlignOptions)
    vocabulary = tuple(options.vocabulary.items())
    cpus = context.cpus
    if name == WHISPER:
        request = context.option("transcribe", TranscribeOptions).request(cpus)
        return replace(request, vocabulary=vocabulary, language=language)
    if ALIGNERS[name].takes_model:
        return EngineRequest(options.model, options.device, options.compute_type, cpus)
    return EngineRequest(cpus=cpus, vocabulary=vocabulary)


def read_script(context: StepContext, transcript: Transcript) -> Script:
    """The item's text; without one, the recognised words as one turn."""
    if has_text(context):
        return load_text(context)
    recognized = _words_of(transcript)
    if not recognized:
        raise AlignmentError(context.item, "no words were heard", "give the item a text")
    speakers = context.option("speakers", tuple[str, ...])
    speaker = speakers[0] if len(speakers) == 1 else None
    turn = Turn(speaker, "inferred" if speaker else None, 0, len(recognized))
    return Script(
        tuple(word.text for word in recognized), (turn,), (), glued=find_glued(recognized)
    )


def _mark_glued(timed: TimedText, glued: Sequence[int]) -> TimedText:
    """Mark the words before which the recogniser wrote no space."""
    words = list(timed.words)
    for number in glued:
        words[number] = replace(words[number], is_glued=True)
    return replace(timed, words=tuple(words))


def _name_by_channel(context: StepContext, timed: TimedText, media: Media) -> TimedText:
    """Attribute turns to speakers by their channels.

    Raises:
        MediaError: there are fewer channels than speakers.
    """
    speakers = context.option("speakers", tuple[str, ...])
    if len(speakers) > media.n_channels:
        problem = f"{len(speakers)} speakers, but {media.n_channels} channels"
        raise MediaError(context.item, problem, "name a speaker for each channel, in their order")
    levels = read_channel_levels(context.input("ingest", CHANNEL_LEVELS_NAME), media.n_channels)
    return name_speakers(timed, levels, speakers)


def _choose_decoder(context: StepContext, transcript: Transcript) -> str:
    """The decoder that the job names; with `auto` one for the language, else RECOGNIZER.

    Raises:
        EngineError: the decoder named does not know the language.
    """
    options, language = context.option("align", AlignOptions), transcript.language
    if transcript.translated_from:
        if options.engine not in ("auto", RECOGNIZER):
            problem = "can't find a translation in the sound"
            raise EngineError(options.engine, problem, "use `align: {engine: auto}`")
        return RECOGNIZER
    if options.engine == "auto":
        recognizer = transcript.engine if has_text(context) else ""
        return choose_graph_decoder(language, options.model, recognizer)
    if not can_align(options.engine, language):
        problem = f"does not know the language {language!r}"
        raise EngineError(options.engine, problem, "use `align: {engine: auto}`")
    return options.engine
