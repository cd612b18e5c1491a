"""Sentences that the small Whisper never heard, spoken anew, with the true times.

English by festival, German by eSpeak.
"""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from multiprocessing import get_context

import numpy as np

from benchmarks.tiny_whisper import espeak
from benchmarks.tiny_whisper.score import Score, Timed, normalise, time_words
from benchmarks.tiny_whisper.sentences import (
    HELD_OUT_SEED,
    Sentence,
    draw_sentences,
    held_out,
    make_german,
)  # fmt: skip
from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.records import RecognizedWord
from samples.voices import Speech, VoiceOptions, speak

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
    return tuple(map(_keep, sentences, said))


@cache
def say_german(variant: str = "+m3") -> tuple[Spoken, ...]:
    """German sentences, each alone.

    In a process of its own: eSpeak starts in one way a process, and the product has another.
    """
    sentences = tuple(islice(draw_sentences(make_german, HELD_OUT_SEED), PER_VOICE))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        said = apart.submit(_speak_german, sentences, variant).result()
    return tuple(map(_keep, sentences, said))


def _speak_german(sentences: Sequence[Sentence], variant: str) -> list[Speech]:
    return [
        espeak.speak([part for word in sentence for part in word.spoken], f"de{variant}", 1.0)
        for sentence in sentences
    ]


def _keep(sentence: Sentence, speech: Speech) -> Spoken:
    return Spoken(
        (speech.samples * 32767).astype(np.int16),
        " ".join(word.written for word in sentence),
        tuple(time_words(sentence, speech)),
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


def score_words(spoken: Spoken, heard: Sequence[RecognizedWord]) -> Score:
    """What was heard against what was said."""
    score = Score()
    score.add(
        spoken.words,
        [(normalise(word.text), word.start_ms / 1000, word.end_ms / 1000) for word in heard],
    )
    return score
