"""Word errors, and how far the words that are right lie from where they were said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.distance import Levenshtein

from benchmarks.tiny_whisper.sentences import Sentence
from samples.voices import Speech

Timed = tuple[str, float, float]
"""A word without its marks, and its start and end in seconds."""


@dataclass
class Score:
    """Errors and words so far, and the distance of every right word's start and end from truth."""

    n_errors: int = 0
    n_words: int = 0
    starts_ms: list[float] = field(default_factory=list)
    ends_ms: list[float] = field(default_factory=list)

    def add(self, truth: Sequence[Timed], heard: Sequence[Timed]) -> None:
        """Count one recording."""
        steps = Levenshtein.opcodes([word[0] for word in truth], [word[0] for word in heard])
        for step in steps:
            n_true, n_recognized = step.src_end - step.src_start, step.dest_end - step.dest_start
            if step.tag != "equal":
                self.n_errors += max(n_true, n_recognized)
                continue
            for index in range(n_true):
                true, found = truth[step.src_start + index], heard[step.dest_start + index]
                self.starts_ms.append(1000 * abs(true[1] - found[1]))
                self.ends_ms.append(1000 * abs(true[2] - found[2]))
        self.n_words += len(truth)

    def merge(self, other: Score) -> None:
        """Count what another counted."""
        self.n_errors += other.n_errors
        self.n_words += other.n_words
        self.starts_ms += other.starts_ms
        self.ends_ms += other.ends_ms

    @property
    def wer(self) -> float:
        """Word error rate, 0 to 1 and more."""
        return self.n_errors / max(1, self.n_words)


def percentile(distances_ms: Sequence[float], percent: float) -> float:
    """In ms; of nothing it is infinite, so that no bound holds for it."""
    return float(np.percentile(distances_ms, percent)) if distances_ms else float("inf")


def normalise(text: str) -> str:
    """Lower case, no marks."""
    return text.strip().lower().strip(".,?!")


def time_words(sentence: Sentence, speech: Speech, offset_s: float = 0.0) -> Iterator[Timed]:
    """The words as written, with the time of what is said for each."""
    index = 0
    for word in sentence:
        said = speech.words[index : index + len(word.spoken)]
        index += len(said)
        first_s, last_s = (
            said[0].start_sample / speech.rate_hz,
            said[-1].end_sample / speech.rate_hz,
        )
        yield normalise(word.written), offset_s + first_s, offset_s + last_s
