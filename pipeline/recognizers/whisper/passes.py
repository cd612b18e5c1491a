"""Decode a recording: all of its speech, again what looped (fallback), then speech without words.

Hallucinations are rejected in `filtering.py`.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.contracts import Samples
from pipeline.recognizers.hallucinations import count_refused
from pipeline.recognizers.whisper.filtering import Answer, Findings, judge
from pipeline.recognizers.whisper.model import Question, Transcriber
from pipeline.recognizers.whisper.windows import LONGEST_MS, Window, cut_windows
from pipeline.records import Progress, RecognizedWord, Segment, Stretch
from pipeline.speech.energy import Loudness

FIRST_SHARE = 0.9
"""The first decoding's share in the progress that is reported."""
LEAST_HALF_MS = 1_000
"""Shortest half in which a window that loops is decoded again."""
PAUSE_MS = 500
"""A pause of this length between two words ends a segment."""

logger = logging.getLogger(__name__)


class Passes:
    """One recording, and the model that decodes it."""

    def __init__(self, transcriber: Transcriber, samples: Samples, question: Question) -> None:
        self._transcriber = transcriber
        self._samples = samples
        self._question = question
        self._second_question = replace(question, hotwords=None)

    def listen(self, speech: Sequence[Stretch], progress: Progress) -> Findings:
        """Decode the stretches of speech, and whatever else sounds like speech.

        Raises:
            EngineError: the model failed, or its process crashed.
        """
        loudness = Loudness(self._samples, speech)
        windows = cut_windows(speech, len(self._samples))
        recognized = list(
            self._decode(windows, self._question, lambda n: progress(FIRST_SHARE * n))
        )
        found = judge(self._decode_loops_again(recognized, loudness), loudness)
        unheard = loudness.find_unheard([Stretch(w.start_ms, w.end_ms) for w in found.words])
        more = self._recover(unheard, loudness)
        progress(1.0)
        words = sorted((*found.words, *more.words), key=lambda word: word.start_ms)
        refused = sorted((*found.refused, *more.refused), key=lambda one: one.words[0].start_ms)
        for reason, n_words in count_refused(refused).items():
            logger.info("%d words are rejected: %s", n_words, reason)
        recovered = tuple(
            stretch
            for gap in unheard
            for stretch in _leave_out(gap, speech)
            if any(stretch.start_ms <= word.start_ms < stretch.end_ms for word in more.words)
        )
        return Findings(tuple(words), tuple(refused), recovered)

    def _decode_again(self, windows: Sequence[Window]) -> Iterator[Answer]:
        """Decode without hotwords and prompt, which may have caused the loop."""
        return self._decode(windows, self._second_question, _ignore)

    def _decode(
        self, windows: Sequence[Window], question: Question, progress: Progress
    ) -> Iterator[Answer]:
        """The answer to each window."""
        size = self._transcriber.batch_size
        starts = range(0, len(windows), size)
        sounds = ([one.sound(self._samples) for one in windows[at : at + size]] for at in starts)
        answers = self._transcriber.decode_windows(sounds, question)
        for start, recognized in zip(starts, answers, strict=True):
            own = windows[start : start + size]
            yield from (Answer.of(*pair) for pair in zip(own, recognized, strict=True))
            progress(min(1.0, (start + size) / len(windows)))

    def _decode_loops_again(self, recognized: Sequence[Answer], loudness: Loudness) -> list[Answer]:
        """Fallback decoding of windows that loop, in halves: a new start ends most loops.

        All answers are returned, in order of time.
        """
        looped = [
            answer.window
            for answer in recognized
            if answer.repeats.is_looped and answer.window.length_ms >= 2 * LEAST_HALF_MS
        ]
        if not looped:
            return list(recognized)
        halves = [half for window in looped for half in _halve(window, loudness)]
        again = list(self._decode_again(halves))
        n_left = sum(answer.repeats.is_looped for answer in again)
        logger.info(
            "%d of %d windows looped and were decoded again in halves: %d of %d halves still loop",
            len(looped), len(recognized), n_left, len(halves),
        )  # fmt: skip
        retained = [answer for answer in recognized if answer.window not in looped]
        return sorted([*retained, *again], key=lambda answer: answer.window.stretches[0].start_ms)

    def _recover(self, unheard: Sequence[Stretch], loudness: Loudness) -> Findings:
        """Decode each stretch that sounds like speech and has no words, by itself."""
        if not unheard:
            return Findings()
        windows = [
            window
            for gap in unheard
            for part in _split(gap, loudness)
            for window in cut_windows([part], len(self._samples), margin_ms=0)
        ]
        found = judge(self._decode_again(windows), loudness, is_strict=True)
        seconds = sum(gap.end_ms - gap.start_ms for gap in unheard) / 1000
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
    number = max(
        range(len(window.stretches)),
        key=lambda at: window.stretches[at].end_ms - window.stretches[at].start_ms,
    )
    longest = window.stretches[number]
    cut_ms = loudness.find_quietest(longest)
    first, second = Stretch(longest.start_ms, cut_ms), Stretch(cut_ms, longest.end_ms)
    before, after = window.stretches[:number], window.stretches[number + 1 :]
    return Window((*before, first)), Window((second, *after))


def _split(stretch: Stretch, loudness: Loudness) -> tuple[Stretch, ...]:
    """Parts that fit in a window, cut at quiet moments."""
    if stretch.end_ms - stretch.start_ms <= LONGEST_MS:
        return (stretch,)
    cut_ms = loudness.find_quietest(stretch)
    first, second = Stretch(stretch.start_ms, cut_ms), Stretch(cut_ms, stretch.end_ms)
    return (*_split(first, loudness), *_split(second, loudness))


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


def _ignore(share: float) -> None:
    del share
