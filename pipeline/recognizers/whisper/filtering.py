"""Filter hallucinations out of Whisper's output; rejected words are kept with the reason.

No model here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Self

from pipeline.recognizers.hallucinations import Repeats, find_repeats
from pipeline.recognizers.whisper.model import Decoded
from pipeline.recognizers.whisper.windows import Window
from pipeline.records import RecognizedWord, Refused, RefusedReason, Stretch, record
from pipeline.speech.energy import Loudness

NO_SPEECH = 0.6
UNSURE = -1.0
"""Whisper's own thresholds: no speech if that probability is above and the mean log below them."""
MARGIN_MS = 200
"""Word times are rough: a word is rejected as silence only if it is silent this far around it."""


@record
class Findings:
    """Accepted words, rejected ones, and speech that voice activity detection had missed."""

    words: tuple[RecognizedWord, ...] = ()
    refused: tuple[Refused, ...] = ()
    recovered: tuple[Stretch, ...] = ()


@record
class DecodedWindow:
    """A window, its decoded words, and their loops and echoes."""

    window: Window
    decoded: Decoded
    repeats: Repeats

    @classmethod
    def of(cls, window: Window, decoded: Decoded) -> Self:
        """The window, its words searched for loops and echoes."""
        return cls(window, decoded, find_repeats(decoded.words))

    @property
    def start_ms(self) -> int:
        return self.window.stretches[0].start_ms

    @property
    def length_ms(self) -> int:
        return self.window.length_ms

    @property
    def is_looped(self) -> bool:
        return self.repeats.is_looped


def filter_words(
    windows: Iterable[DecodedWindow], loudness: Loudness, is_strict: bool = False
) -> Findings:
    """Accept or reject each word, in the recording's time.

    `is_strict` is for sound where no speech was detected: either of the two thresholds rejects.
    """
    words: list[RecognizedWord] = []
    refused: list[Refused] = []
    for one in windows:
        located = [_locate(one.window, word) for word in one.decoded.words]
        reasons = _find_reasons(one, located, loudness, is_strict)
        believed = [word for number, word in enumerate(located) if number not in reasons]
        words += [_trim(word, loudness) for word in believed]
        refused += _gather(located, reasons)
    return Findings(tuple(words), tuple(refused))


def _find_reasons(
    one: DecodedWindow, located: Sequence[RecognizedWord], loudness: Loudness, is_strict: bool
) -> dict[int, tuple[RefusedReason, float]]:
    """The reason for each rejected word, with its figure, by the word's index."""
    decoded = one.decoded
    is_unsure = decoded.log_probability < UNSURE
    is_silent = decoded.no_speech > NO_SPEECH
    if is_unsure and (is_silent or is_strict):
        return dict.fromkeys(range(len(located)), ("unsure", round(decoded.log_probability, 2)))
    if is_silent and is_strict:
        return dict.fromkeys(range(len(located)), ("no speech", round(decoded.no_speech, 2)))
    reasons: dict[int, tuple[RefusedReason, float]] = {}
    for number, word in enumerate(located):
        around = Stretch(max(0, word.start_ms - MARGIN_MS), word.end_ms + MARGIN_MS)
        if loudness.is_silent(around):
            reasons[number] = ("silence", 0.0)
    for number, n_rounds in one.repeats.rounds_by_word.items():
        reasons[number] = ("loop", float(n_rounds))
    return reasons


def _gather(
    located: Sequence[RecognizedWord], reasons: dict[int, tuple[RefusedReason, float]]
) -> Iterator[Refused]:
    """Group consecutive words that are rejected for the same reason."""
    for reason, run in groupby(range(len(located)), reasons.get):
        if reason:
            yield Refused(tuple(located[number] for number in run), *reason)


def _locate(window: Window, word: RecognizedWord) -> RecognizedWord:
    place = window.locate(word.start_ms, word.end_ms)
    return replace(word, start_ms=place.start_ms, end_ms=place.end_ms)


def _trim(word: RecognizedWord, loudness: Loudness) -> RecognizedWord:
    """The word without the pause before it, which Whisper often includes."""
    sound = loudness.trim(Stretch(word.start_ms, word.end_ms))
    return replace(word, start_ms=sound.start_ms, end_ms=sound.end_ms)
