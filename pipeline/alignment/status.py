"""Status and final time of each word, times of sounds, and speech that the text lacks.

Token times come from `aligner.py`, confidence from `confidence.py`, estimates from `estimates.py`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from pipeline.alignment.confidence import ESTIMATED_CONFIDENCE, rate_tokens
from pipeline.alignment.disfluencies import list_fillers
from pipeline.alignment.estimates import MIN_WORD_MS, Between, estimate_spans
from pipeline.alignment.parsed_text import Script
from pipeline.alignment.token_times import (
    TokenTime,
    TokenTimes,
)
from pipeline.records import (
    Sound,
    Span,
    Stretch,
    TimedText,
    Word,
    WordStatus,
    record,
)
from pipeline.verbalization.numbers import SpokenForm
from pipeline.verbalization.spoken_text import SpokenText

MIN_UNHEARD_MS, COVER_PAD_MS = 1_000, 400
"""Shortest speech without words that is reported. Speech this near a word counts as the word's:
breaths, hesitations, the voice activity detector's padding."""
MIN_SOUND_MS = 200
MAX_SOUND_MS = 5_000
"""In a longer pause, only its first 5 s are taken for the sound that the tag names."""


@record
class Header:
    """The fields of words.json about the whole recording."""

    language: str
    engine: str
    duration_ms: int


def make_timed_text(
    script: Script, text: SpokenText, found: TokenTimes, speech: Sequence[Stretch], header: Header
) -> TimedText:
    """The script's words with times, status and confidence; its sounds; speech without words.

    The words of a number over several share its status, and its time by their letters.
    """
    least = found.calibration.unspoken_below
    confidences = rate_tokens(text, found)
    recognized = [
        time if time and (token in found.undecided or confidence >= least) else None
        for token, (time, confidence) in enumerate(zip(found.times, confidences, strict=True))
    ]
    firsts = text.find_first_words()
    marks = frozenset(script.unsaid)
    unsaid = {n for n, time in enumerate(recognized) if time is None and firsts[n] in marks}
    between = Between(speech, header.duration_ms)
    spans = estimate_spans(_trim(recognized), text, found.undecided | unsaid, between)
    turn_of = [number for number, turn in enumerate(script.turns) for _ in range(turn.n_words)]
    words: list[Word] = []
    for token, (time, span) in enumerate(zip(recognized, spans, strict=True)):
        own = script.words[firsts[token] : firsts[token + 1]]
        turn = turn_of[firsts[token]]
        if span is None:
            words += [Word(written, None, None, "unspoken", 0.0, turn) for written in own]
            continue
        is_rough = time is None or (time.score is None and token in found.undecided)
        status: WordStatus = "estimated" if is_rough else "aligned"
        confidence = ESTIMATED_CONFIDENCE if is_rough else round(confidences[token], 3)
        parts = _divide(span, [text.say(written) for written in own])
        words += [
            Word(written, *part, status, confidence, turn, is_unsaid=token in unsaid)
            for written, part in zip(own, parts, strict=True)
        ]
    sounds = tuple(_place_sounds(script.sounds, words, header.duration_ms))
    return TimedText(
        language=header.language,
        engine=header.engine,
        duration_ms=header.duration_ms,
        turns=script.turns,
        words=tuple(words),
        sounds=sounds,
        unheard=tuple(_find_unheard((*words, *sounds), speech)),
        fillers=tuple(list_fillers(found.times, words)),
    )


def _divide(span: Span, forms: Sequence[SpokenForm]) -> Iterator[Span]:
    """The time of a token divided between its words by the letters that are spoken for each."""
    ends = list(accumulate(max(1, sum(map(len, form))) for form in forms))
    length_ms = span[1] - span[0]
    cuts_ms = [span[0] + length_ms * end // ends[-1] for end in (0, *ends)]
    for start_ms, end_ms in pairwise(cuts_ms):
        yield start_ms, max(end_ms, start_ms + 1)


def _trim(times: Sequence[TokenTime | None]) -> list[Span | None]:
    """Spans cut so that none ends after the next begins, as windows may overlap."""
    spans: list[Span | None] = [None] * len(times)
    next_start_ms = None
    for time in reversed(times):
        if time is None:
            continue
        end_ms = time.end_ms if next_start_ms is None else min(time.end_ms, next_start_ms)
        spans[time.token] = (time.start_ms, max(end_ms, time.start_ms + MIN_WORD_MS))
        next_start_ms = time.start_ms
    return spans


def _place_sounds(
    sounds: Sequence[Sound], words: Sequence[Word], duration_ms: int
) -> Iterator[Sound]:
    """Each sound timed to the pause after the word before it, if that is MIN_SOUND_MS or more."""
    timed = [(index, *span) for index, word in enumerate(words) if (span := word.span)]
    for sound in sounds:
        place = bisect_right(timed, sound.after_word, key=lambda one: one[0])
        start_ms = timed[place - 1][2] if place else 0
        end_ms = timed[place][1] if place < len(timed) else duration_ms
        if end_ms - start_ms < MIN_SOUND_MS:
            yield sound
        else:
            end_ms = min(end_ms, start_ms + MAX_SOUND_MS)
            yield replace(sound, start_ms=start_ms, end_ms=end_ms)


def _find_unheard(spoken: Sequence[Word | Sound], speech: Sequence[Stretch]) -> Iterator[Stretch]:
    """Stretches of speech of MIN_UNHEARD_MS and more without words or sounds.  Cost: n log n."""
    covers = sorted(
        (span[0] - COVER_PAD_MS, span[1] + COVER_PAD_MS) for one in spoken if (span := one.span)
    )
    first = 0
    for stretch in speech:
        while first < len(covers) and covers[first][1] <= stretch.start_ms:
            first += 1
        clear_ms, index = stretch.start_ms, first
        while index < len(covers) and covers[index][0] < stretch.end_ms:
            if covers[index][0] - clear_ms >= MIN_UNHEARD_MS:
                yield Stretch(clear_ms, covers[index][0])
            clear_ms = max(clear_ms, covers[index][1])
            index += 1
        if stretch.end_ms - clear_ms >= MIN_UNHEARD_MS:
            yield Stretch(clear_ms, stretch.end_ms)
