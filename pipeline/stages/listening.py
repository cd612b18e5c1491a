"""Recognition where the text is known: of parts of the speech, or without reading the text.

No stage itself. Which parts are decoded is decided in `pipeline/alignment/first_pass.py`.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from pipeline.alignment.first_pass import cut_parts, find_doubtful, is_clear
from pipeline.alignment.matching import measure_agreement
from pipeline.contracts import SAMPLE_RATE_HZ, Hints, Recognition, Recognizer, Samples
from pipeline.job.context import StepContext
from pipeline.levels import measure_levels
from pipeline.media.wav import read_samples
from pipeline.recognizers.catalog import load_listener
from pipeline.recognizers.table import EMBEDDED
from pipeline.records import Progress, RecognizedWord, Stretch, Transcript, record
from pipeline.verbalization.spoken_text import SpokenText

SAMPLE_STEP = 8
"""Every 8th stretch of speech is decoded first, to see whether sound and text are clear."""
SAMPLE_SHARE, HALF_SHARE = 0.2, 0.6
"""Shares of the progress for that sample, and for every other part of the rest."""

LONGEST_SAMPLE_MS = 120_000
"""Speech decoded without the text, about: some 300 words tell whether the text belongs to it."""

logger = logging.getLogger(__name__)


@record
class Work:
    """A recogniser with its input."""

    recognizer: Recognizer
    samples: Samples
    speech: tuple[Stretch, ...]
    hints: Hints
    progress: Progress

    def listen(
        self, parts: Sequence[Stretch], done: float = 0.0, share: float = 1.0
    ) -> Recognition:
        """Recognise parts of the speech, which are this share of the work."""
        return self.recognizer.transcribe(
            self.samples, parts, self.hints, lambda now: self.progress(done + share * now)
        )


def listen_in_turns(work: Work, text: SpokenText) -> tuple[Recognition, tuple[Stretch, ...]]:
    """Decode a sample; then, if sound and text are clear, every other part, and those in between
    beside which the text was not recognised; else all.

    Returns:
        The recognised words, and the parts not decoded.
    """
    sample, rest = work.speech[::SAMPLE_STEP], _leave_out(work.speech, SAMPLE_STEP)
    recognized = work.listen(sample, share=SAMPLE_SHARE)
    if not is_clear(text, _words_of(recognized)):
        logger.info("sound or text are poor: all of the speech is decoded")
        return _join(recognized, work.listen(rest, SAMPLE_SHARE, 1 - SAMPLE_SHARE)), ()
    levels = measure_levels(work.samples, SAMPLE_RATE_HZ)
    parts = cut_parts(rest, levels)
    recognized = _join(recognized, work.listen(parts[::2], SAMPLE_SHARE, HALF_SHARE))
    doubtful = find_doubtful(text, _words_of(recognized), parts[1::2])
    skipped = tuple(part for part in parts[1::2] if part not in doubtful)
    logger.info("%d of %d parts of the speech are not decoded", len(skipped), len(parts))
    if not doubtful:
        work.progress(1.0)
        return recognized, skipped
    done = SAMPLE_SHARE + HALF_SHARE
    return _join(recognized, work.listen(doubtful, done, 1 - done)), skipped


def listen_without_text(
    context: StepContext, text: SpokenText, transcript: Transcript
) -> float | None:
    """Agreement of a text with the words of a recogniser that has not read it, 0..1.

    That is the first pass or, where the text guided it, another recogniser on some of the speech;
    None where there is no other, or too few words.
    """
    if transcript.engine != EMBEDDED:
        words = [word for segment in transcript.segments for word in segment.words]
        return measure_agreement(text, words)
    listener = load_listener(text.language, context.cpus)
    if listener is None:
        return None
    speech_ms = sum(part.end_ms - part.start_ms for part in transcript.speech)
    step = 1 + speech_ms // LONGEST_SAMPLE_MS
    parts = transcript.speech[::step]
    samples = read_samples(context.input("ingest", "audio.wav"))
    recognition = listener.transcribe(samples, parts, Hints(text.language), lambda share: None)
    agreement = measure_agreement(text, _words_of(recognition))
    logger.info("text and words recognised without it agree by %s", agreement)
    return agreement


def _leave_out(speech: Sequence[Stretch], step: int) -> tuple[Stretch, ...]:
    """All stretches but every `step`-th."""
    return tuple(stretch for number, stretch in enumerate(speech) if number % step)


def _words_of(recognition: Recognition) -> list[RecognizedWord]:
    return [word for segment in recognition.segments for word in segment.words]


def _join(one: Recognition, other: Recognition) -> Recognition:
    """Both in order of time."""
    segments = sorted((*one.segments, *other.segments), key=lambda segment: segment.start_ms)
    return replace(one, segments=tuple(segments))
