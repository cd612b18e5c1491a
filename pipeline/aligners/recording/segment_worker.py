"""Decode one two-minute segment of the recording in one process, by what is known of it so far.

Which segments are decoded when, and what is estimated from them, is `adapted_windows.py`'s matter.
"""

from collections.abc import Callable
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
from pipeline.aligners.segments import Segment, shift
from pipeline.contracts import Samples
from pipeline.pronunciation.lexicon import Lexicon
from pipeline.records import ArcTime
from pipeline.speech.dereverberation import dereverberate

Wanted = Literal["statistics", "paths", "times"]
"""What a task is for: statistics for MLLR and MAP, phone alignments to train phone models on, or
the times of words."""


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What is known of the recording so far.

    `is_echoing`: whether it is dereverberated (WPE). `level_db`: the level to scale sound to; None
    to leave it. `statistics`: what the triphones are adapted by; `models`: the recording's own.
    """

    is_echoing: bool = False
    level_db: float | None = None
    statistics: SufficientStatistics | None = None
    models: PhoneModels | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A segment, and how to decode it; `is_dereverberated`: its sound already is."""

    segment: Segment
    adaptation: Adaptation
    is_dereverberated: bool
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a task: statistics, paths or times, as `wanted`.

    `sound`: dereverberated, to be kept as a checkpoint; empty if the task's already was.
    """

    statistics: SufficientStatistics | None = None
    sound: bytes = b""
    paths: tuple[PhoneAlignment, ...] = ()
    times: tuple[tuple[ArcTime, ...], ...] = ()


def make_worker(
    vocabulary: tuple[tuple[str, str | tuple[str, ...]], ...],
) -> Callable[[Task], Outcome]:
    """The function that does tasks in one process; it keeps the adapted model from task to task."""
    decoder = TriphoneDecoder(Lexicon(dict(vocabulary)))
    adapted_by: list[SufficientStatistics | None] = [None]

    def work(task: Task) -> Outcome:
        segment, known = task.segment, task.adaptation
        if not _is_same(known.statistics, adapted_by[0]):
            decoder.adapt(known.statistics)
            adapted_by[0] = known.statistics
        is_echoing = known.is_echoing and not task.is_dereverberated
        samples = read_sound(segment.sound, is_echoing, known.level_db)
        if task.wanted == "statistics":
            return Outcome(decoder.accumulate(samples, segment.windows[::2]), samples.tobytes())
        posteriors = compute_posteriors(known.models, samples) if known.models else None
        ratings = rate_phones(posteriors, decoder.n_phones) if posteriors else None
        paths = tuple(decoder.find_paths(samples, segment.windows, ratings))
        if task.wanted == "paths":
            return Outcome(paths=paths)
        if known.models and posteriors:
            times = time_words(known.models, posteriors, paths)
        else:
            times = [tuple(time_arcs(path)) for path in paths]
        sound = samples.tobytes() if is_echoing else b""
        return Outcome(sound=sound, times=tuple(shift(path, segment.start_ms) for path in times))

    return work


def read_sound(sound: bytes, is_echoing: bool = False, level_db: float | None = None) -> Samples:
    """A segment's samples, dereverberated if `is_echoing`, scaled to `level_db` if given."""
    samples = np.frombuffer(sound, np.int16)
    samples = dereverberate(samples) if is_echoing else samples
    return samples if level_db is None else match_level(samples, level_db)


def _is_same(one: SufficientStatistics | None, other: SufficientStatistics | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one.sums, other.sums)
