"""What is believed of what was heard in windows; nothing that was said to be heard is lost.

What is not believed is kept apart with its reason. Nothing is heard here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.engines.whisper.doubts import (
    REPETITIVE,
    find_echoes,
    find_loops,
    measure_repetition,
)
from pipeline.engines.whisper.loudness import Loudness
from pipeline.engines.whisper.model import Heard
from pipeline.engines.whisper.windows import Window
from pipeline.records import HeardWord, Refused, RefusedReason, Stretch, record

NO_SPEECH = 0.6
UNSURE = -1.0
"""Whisper's own limits: nothing was said if it thinks so and its words are less probable."""
MARGIN_MS = 200
"""Word times are rough: so far around a word nothing must sound if it is not believed."""


@record
class Findings:
    """Words believed, words not, and where speech was heard that no one had noticed."""

    words: tuple[HeardWord, ...] = ()
    refused: tuple[Refused, ...] = ()
    recovered: tuple[Stretch, ...] = ()


def judge(
    heard: Iterable[tuple[Window, Heard]],
    loudness: Loudness,
    is_strict: bool = False,
) -> Findings:
    """What is believed of what was heard, in the recording's time, and what is not.

    Strictly where nobody expected speech: there, either sign of none is enough.
    """
    words: list[HeardWord] = []
    refused: list[Refused] = []
    for window, answer in heard:
        located = [_locate(window, word) for word in answer.words]
        reasons = _find_reasons(answer, located, loudness, is_strict)
        believed = [word for number, word in enumerate(located) if number not in reasons]
        words += [_trim(word, loudness) for word in believed]
        refused += _gather(located, reasons)
    return Findings(tuple(words), tuple(refused))


def is_looped(answer: Heard) -> bool:
    """Whether a window had better be heard once more."""
    texts = [word.text for word in answer.words]
    return (
        bool(find_loops(texts))
        or bool(find_echoes(answer.words))
        or measure_repetition(texts) > REPETITIVE
    )


def _find_reasons(
    answer: Heard, located: Sequence[HeardWord], loudness: Loudness, is_strict: bool
) -> dict[int, tuple[RefusedReason, float]]:
    """Why a word is not believed, with the figure, by the word's number."""
    is_unsure = answer.log_probability < UNSURE
    is_silent = answer.no_speech > NO_SPEECH
    if is_unsure and (is_silent or is_strict):
        return dict.fromkeys(range(len(located)), ("unsure", round(answer.log_probability, 2)))
    if is_silent and is_strict:
        return dict.fromkeys(range(len(located)), ("no speech", round(answer.no_speech, 2)))
    reasons: dict[int, tuple[RefusedReason, float]] = {}
    for number, word in enumerate(located):
        around = Stretch(max(0, word.start_ms - MARGIN_MS), word.end_ms + MARGIN_MS)
        if loudness.is_silent(around):
            reasons[number] = ("silence", 0.0)
    for part, n_rounds in find_loops([word.text for word in located]):
        reasons |= dict.fromkeys(range(part.start, part.stop), ("loop", float(n_rounds)))
    for number, n_rounds in find_echoes(answer.words).items():
        reasons[number] = ("loop", float(n_rounds))
    return reasons


def _gather(
    located: Sequence[HeardWord], reasons: dict[int, tuple[RefusedReason, float]]
) -> Iterator[Refused]:
    """Words in a row that are not believed for the same reason."""
    run: list[HeardWord] = []
    for number, word in enumerate(located):
        if run and reasons.get(number) != reasons.get(number - 1):
            yield Refused(tuple(run), *reasons[number - 1])
            run = []
        if number in reasons:
            run.append(word)
    if run:
        yield Refused(tuple(run), *reasons[len(located) - 1])


def _locate(window: Window, word: HeardWord) -> HeardWord:
    place = window.locate(word.start_ms, word.end_ms)
    return replace(word, start_ms=place.start_ms, end_ms=place.end_ms)


def _trim(word: HeardWord, loudness: Loudness) -> HeardWord:
    """The word without the pause before it, where Whisper lets it begin."""
    sound = loudness.trim(Stretch(word.start_ms, word.end_ms))
    return replace(word, start_ms=sound.start_ms, end_ms=sound.end_ms)
