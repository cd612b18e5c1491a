"""Decode one two-minute segment of the recording in one process, by what is known of it so far.

Which segments are decoded when, and what is estimated from them, is `adapted_windows.py`'s matter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.aligners.hmm.adaptation import SufficientStatistics
from pipeline.aligners.hmm.decoder import TriphoneDecoder, time_arcs
from pipeline.aligners.hmm.phone_alignment import PhoneAlignment
from pipeline.aligners.recording.acoustic_model import match_level
from pipeline.aligners.recording.goodness import time_words
from pipeline.aligners.recording.phone_models import PhoneModels
from pipeline.aligners.recording.posteriors import compute_posteriors, rate_phones
from pipeline.contracts import Samples
from pipeline.pronunciation.lexicon import Lexicon
from pipeline.records import ArcTime, DecodeRequest
from pipeline.speech.dereverberation import dereverberate

Wanted = Literal["evidence", "paths", "times"]
"""What a task is for: statistics for MLLR and MAP, phone alignments to train phone models on, or
the times of words."""


@dataclass(frozen=True, slots=True)
class Task:
    """A segment of the recording, its windows, and the models so far.

    `start_ms`: the windows' times count from there. `is_echoing`: the sound is still to be
    dereverberated (WPE). `level_db`: the level to scale it to; None to leave it. `evidence`: what
    the triphones are adapted by; `models`: the recording's own.
    """

    start_ms: int
    sound: bytes
    windows: tuple[DecodeRequest, ...]
    is_echoing: bool
    level_db: float | None
    evidence: SufficientStatistics | None
    models: PhoneModels | None
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a task: statistics, paths or times, as `wanted`.

    `sound`: dereverberated, to be kept as a checkpoint; empty if the task's already was.
    """

    evidence: SufficientStatistics | None = None
    sound: bytes = b""
    paths: tuple[PhoneAlignment, ...] = ()
    times: tuple[tuple[ArcTime, ...], ...] = ()


def make_worker(
    vocabulary: tuple[tuple[str, str | tuple[str, ...]], ...],
) -> Callable[[Task], Outcome]:
    """The function that does tasks in one process; it keeps the adapted model from task to task."""
    decoder = TriphoneDecoder(Lexicon(dict(vocabulary)))
    known: list[SufficientStatistics | None] = [None]

    def work(task: Task) -> Outcome:
        if not _is_same(task.evidence, known[0]):
            decoder.adapt(task.evidence)
            known[0] = task.evidence
        samples = read_sound(task.sound, task.is_echoing, task.level_db)
        if task.wanted == "evidence":
            return Outcome(decoder.accumulate(samples, task.windows[::2]), samples.tobytes())
        posteriors = compute_posteriors(task.models, samples) if task.models else None
        ratings = rate_phones(posteriors, decoder.n_phones) if posteriors else None
        paths = tuple(decoder.find_paths(samples, task.windows, ratings))
        if task.wanted == "paths":
            return Outcome(paths=paths)
        if task.models and posteriors:
            times = time_words(task.models, posteriors, paths)
        else:
            times = [tuple(time_arcs(path)) for path in paths]
        sound = samples.tobytes() if task.is_echoing else b""
        return Outcome(sound=sound, times=tuple(_shift(path, task.start_ms) for path in times))

    return work


def read_sound(sound: bytes, is_echoing: bool = False, level_db: float | None = None) -> Samples:
    """A segment's samples, dereverberated if `is_echoing`, scaled to `level_db` if given."""
    samples = np.frombuffer(sound, np.int16)
    dry = dereverberate(samples) if is_echoing else samples
    return dry if level_db is None else match_level(dry, level_db)


def _is_same(one: SufficientStatistics | None, other: SufficientStatistics | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one.sums, other.sums)


def _shift(path: Sequence[ArcTime], by_ms: int) -> tuple[ArcTime, ...]:
    return tuple(
        ArcTime(step.arc, step.start_ms + by_ms, step.end_ms + by_ms, step.score, step.fit)
        for step in path
    )
