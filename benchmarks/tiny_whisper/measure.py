"""What the model hears of sentences it never met, and how far off its word times are.

Festival's voices, which it learned from, and one of flite's, which it did not. faster-whisper as
it is, none of the product's own steps.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from numpy.typing import NDArray

from benchmarks.tiny_whisper.score import Score, Timed, normalise, percentile, time_words
from benchmarks.tiny_whisper.sentences import Sentence, held_out
from benchmarks.tiny_whisper.speech import RATE_HZ
from samples.voices import Speech, VoiceOptions, speak

sys.path.append(str(Path(__file__).parents[2] / "samples"))
from benchmarks.episodes import flite

OWN_VOICES = ("kal", "ked", "slt")
HELD_OUT_VOICE = "rms"
PER_VOICE = 40
PAUSE_S = 0.5
WAYS = ("clips", "windows", "batched")


def measure(folder: Path, voice: str, first: int) -> dict[str, Score]:
    """One voice: single clips, one long recording window after window, and the same in batches."""
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)
    said = say_sentences(voice, held_out()[first : first + PER_VOICE])
    scores = {way: Score() for way in WAYS}
    for sentence, speech in said:
        heard = transcribe(model, speech.samples)
        scores["clips"].add(list(time_words(sentence, speech)), heard)
    sound, words = join_speech(said)
    scores["windows"].add(words, transcribe(model, sound))
    scores["batched"].add(words, transcribe(BatchedInferencePipeline(model), sound))
    return scores


def say_sentences(voice: str, sentences: Sequence[Sentence]) -> list[tuple[Sentence, Speech]]:
    """Those that the voice can say."""
    spoken = [[part for word in sentence for part in word.spoken] for sentence in sentences]
    options = VoiceOptions(rate_hz=RATE_HZ)
    if voice in OWN_VOICES:
        return list(zip(sentences, speak(spoken, voice, options), strict=True))
    pairs = zip(sentences, flite.speak_each(spoken, voice, options), strict=True)
    return [(sentence, speech) for sentence, speech in pairs if not isinstance(speech, Exception)]


def join_speech(
    said: Sequence[tuple[Sentence, Speech]], pause_s: float = PAUSE_S
) -> tuple[NDArray[np.float32], list[Timed]]:
    """One recording with pauses between the sentences, and its words."""
    pause = np.zeros(int(pause_s * RATE_HZ), np.float32)
    pieces: list[NDArray[np.float32]] = []
    words: list[Timed] = []
    n_samples = 0
    for sentence, speech in said:
        words += time_words(sentence, speech, n_samples / RATE_HZ)
        pieces += [speech.samples.astype(np.float32), pause]
        n_samples += len(speech.samples) + len(pause)
    return np.concatenate(pieces), words


def transcribe(model: Any, sound: NDArray[np.float32]) -> list[Timed]:
    """The words that faster-whisper hears at temperature 0."""
    segments, _ = model.transcribe(
        sound,
        language="en",
        word_timestamps=True,
        temperature=0.0,
        condition_on_previous_text=False,
    )
    return [
        (normalise(word.word), word.start, word.end)
        for segment in segments
        for word in segment.words or ()
    ]


def format_score(score: Score) -> str:
    """One line of the card."""
    starts = f"{percentile(score.starts_ms, 50):.0f} / {percentile(score.starts_ms, 95):.0f}"
    ends = f"{percentile(score.ends_ms, 50):.0f} / {percentile(score.ends_ms, 95):.0f}"
    return f"{100 * score.wer:.1f} % of {score.n_words} | {starts} | {ends}"


if __name__ == "__main__":
    for number, name in enumerate((*OWN_VOICES, HELD_OUT_VOICE)):
        for way, score in measure(Path(sys.argv[1]), name, number * PER_VOICE).items():
            print(f"{name} {way} | {format_score(score)}", flush=True)
