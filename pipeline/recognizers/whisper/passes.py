"""Decode a recording: all of its speech, again what looped (fallback), then speech without words.

Hallucinations are rejected in `filtering.py`.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.contracts import Samples
from pipeline.recognizers.hallucinations import decode_loops_again, log_rejected
from pipeline.recognizers.whisper.filtering import DecodedWindow, Findings, filter_words
from pipeline.recognizers.whisper.model import DecodingOptions, Transcriber
from pipeline.recognizers.whisper.windows import LONGEST_MS, Window, cut_windows
from pipeline.records import Progress, RecognizedWord, Segment, Stretch
from pipeline.speech.energy import Loudness

FIRST_SHARE = 0.9
"""The first decoding's share in the progress that is reported."""
PAUSE_MS = 500
"""A pause of this length between two words ends a segment."""

logger = logging.getLogger(__name__)


class Passes:
    """One recording, and the model that decodes it."""

    def __init__(
        self, transcriber: Transcriber, samples: Samples, options: DecodingOptions
    ) -> None:
        self._transcriber = transcriber
        self._samples = samples
        self._options = options

    def decode(self, speech: Sequence[Stretch], progress: Progress) -> Findings:
        """Decode the stretches of speech, and whatever else sounds like speech.

        Raises:
            EngineError: the model failed, or its process crashed.
        """
        loudness = Loudness(self._samples, speech)
        windows = cut_windows(speech, len(self._samples))
        decoded = list(self._decode(windows, self._options, lambda n: progress(FIRST_SHARE * n)))
        decoded = decode_loops_again(
            decoded, lambda one: _halve(one.window, loudness), self._decode_again
        )
        found = filter_words(decoded, loudness)
        unheard = loudness.find_unheard([Stretch(w.start_ms, w.end_ms) for w in found.words])
        more = self._recover(unheard, loudness)
        progress(1.0)
        words = sorted((*found.words, *more.words), key=lambda word: word.start_ms)
        refused = sorted((*found.refused, *more.refused), key=lambda one: one.words[0].start_ms)
        log_rejected(refused)
        recovered = tuple(
            stretch
            for gap in unheard
            for stretch in _leave_out(gap, speech)
            if any(stretch.start_ms <= word.start_ms < stretch.end_ms for word in more.words)
        )
        return Findings(tuple(words), tuple(refused), recovered)

    def _decode_again(self, windows: Sequence[Window]) -> Iterator[DecodedWindow]:
        """Decode without hotwords and prompt, which may have caused the loop."""
        return self._decode(windows, replace(self._options, hotwords=None), lambda _: None)

    def _decode(
        self, windows: Sequence[Window], options: DecodingOptions, progress: Progress
    ) -> Iterator[DecodedWindow]:
        size = self._transcriber.batch_size
        starts = range(0, len(windows), size)
        sounds = ([one.sound(self._samples) for one in windows[at : at + size]] for at in starts)
        batches = self._transcriber.decode_windows(sounds, options)
        for start, decoded in zip(starts, batches, strict=True):
            own = windows[start : start + size]
            yield from (DecodedWindow.of(*pair) for pair in zip(own, decoded, strict=True))
            progress(min(1.0, (start + size) / len(windows)))

    def _recover(self, unheard: Sequence[Stretch], loudness: Loudness) -> Findings:
        """Decode each stretch that sounds like speech and has no words, by itself."""
        if not unheard:
            return Findings()
        windows = [
            window
            for gap in unheard
            for part in loudness.cut_long(gap, LONGEST_MS)
            for window in cut_windows([part], len(self._samples), margin_ms=0)
        ]
        found = filter_words(self._decode_again(windows), loudness, is_strict=True)
        seconds = sum(gap.length_ms for gap in unheard) / 1000
        logger.info(
            "%d stretches (%.1f s) sound like speech and had no words: %d words found there",
            len(unheard), seconds, len(found.words),
        )  # fmt: skip
        return found


def cut_segments(words: Sequence[RecognizedWord]) -> tuple[Segment, ...]:
    """Group words, which are in order of time, into segments that end at pauses."""
    runs: list[list[RecognizedWord]] = []
    end_ms = 0
    for word in words:
        if not runs or word.start_ms - end_ms >= PAUSE_MS:
            runs.append([])
        runs[-1].append(word)
        end_ms = max(end_ms, word.end_ms)
    return tuple(
        Segment(run[0].start_ms, max(word.end_ms for word in run), tuple(run)) for run in runs
    )


def _halve(window: Window, loudness: Loudness) -> tuple[Window, Window]:
    """Two windows of similar length, cut between stretches, or else at a quiet moment."""
    best = min(
        range(len(window.stretches) + 1),
        key=lambda at: abs(2 * Window(window.stretches[:at]).length_ms - window.length_ms),
    )
    if 0 < best < len(window.stretches):
        return Window(window.stretches[:best]), Window(window.stretches[best:])
    # One stretch makes up most of it.
    number = max(range(len(window.stretches)), key=lambda at: window.stretches[at].length_ms)
    first, second = loudness.halve(window.stretches[number])
    before, after = window.stretches[:number], window.stretches[number + 1 :]
    return Window((*before, first)), Window((second, *after))


def _leave_out(gap: Stretch, speech: Sequence[Stretch]) -> Iterator[Stretch]:
    """The parts of a gap outside the speech, which is in order of time."""
    start_ms = gap.start_ms
    for stretch in speech:
        if stretch.end_ms > start_ms and stretch.start_ms < gap.end_ms:
            if stretch.start_ms > start_ms:
                yield Stretch(start_ms, stretch.start_ms)
            start_ms = stretch.end_ms
    if start_ms < gap.end_ms:
        yield Stretch(start_ms, gap.end_ms)
