"""Sentences that the small Whisper never heard, spoken anew by festival, with the true times."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from benchmarks.tiny_whisper.score import Score, Timed, normalise, time_words
from benchmarks.tiny_whisper.sentences import held_out
from pipeline.engines.base import SAMPLE_RATE_HZ, Samples
from pipeline.records import HeardWord
from samples.voices import VoiceOptions, speak

VOICES = ("kal", "ked", "slt")
PER_VOICE = 16


@dataclass(frozen=True)
class Spoken:
    """A recording, its text as written, and its words with their times in it."""

    samples: Samples
    text: str
    words: tuple[Timed, ...]


@cache
def say_sentences(voice: str) -> tuple[Spoken, ...]:
    """Each sentence alone."""
    first = VOICES.index(voice) * PER_VOICE
    sentences = held_out()[first : first + PER_VOICE]
    spoken = [[part for word in sentence for part in word.spoken] for sentence in sentences]
    said = speak(spoken, voice, VoiceOptions(rate_hz=SAMPLE_RATE_HZ))
    return tuple(
        Spoken(
            (speech.samples * 32767).astype(np.int16),
            " ".join(word.written for word in sentence),
            tuple(time_words(sentence, speech)),
        )
        for sentence, speech in zip(sentences, said, strict=True)
    )


def join_spoken(parts: Sequence[Spoken], pause_s: float = 0.5) -> Spoken:
    """One recording, a pause after every part."""
    pause = np.zeros(int(pause_s * SAMPLE_RATE_HZ), np.int16)
    pieces: list[Samples] = []
    words: list[Timed] = []
    n_samples = 0
    for part in parts:
        offset_s = n_samples / SAMPLE_RATE_HZ
        words += [(word, start + offset_s, end + offset_s) for word, start, end in part.words]
        pieces += [part.samples, pause]
        n_samples += len(part.samples) + len(pause)
    return Spoken(np.concatenate(pieces), " ".join(part.text for part in parts), tuple(words))


def score_words(spoken: Spoken, heard: Sequence[HeardWord]) -> Score:
    """What was heard against what was said."""
    score = Score()
    score.add(
        spoken.words,
        [(normalise(word.text), word.start_ms / 1000, word.end_ms / 1000) for word in heard],
    )
    return score
