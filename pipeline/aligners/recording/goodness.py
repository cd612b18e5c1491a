"""Time a window's words by the recording's own models, and compute their goodness of pronunciation.

Training is `phone_models.py`'s matter; the offsets of word starts are `boundary_correction.py`'s.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.aligners.hmm.features import FRAME_MS as TRIPHONE_FRAME_MS
from pipeline.aligners.hmm.phone_alignment import PhoneAlignment
from pipeline.aligners.network import Floats, Indices
from pipeline.aligners.recording.boundary_correction import Boundaries, load_correction
from pipeline.aligners.recording.features import FRAME_MS
from pipeline.aligners.recording.phone_models import (
    LATE_MS,
    PhoneModels,
    StateTimes,
    read_states,
)
from pipeline.aligners.recording.posteriors import Posteriors
from pipeline.records import ArcTime

LEAST_LOG = -8.0
"""Floor of a frame's log posterior, so that no single frame decides on a word."""
SHRINKAGE = 0.7
"""Shrinkage: the share of a predicted correction that is applied (decision 46)."""
MAX_CORRECTION_MS = 40
"""Largest correction."""
MAX_CORRECTION_SHARE = 0.45
"""Largest correction as a share of the phone that the boundary moves into, less a frame: so words
stay in order and keep some time."""
PRIOR_S = 150.0
"""Weight of the decoder's boundaries against those of the recording's models, in seconds of the
speech that these were trained on. Best on people's and synthetic speech alike; 100 and 200 s hardly
differ (docs/experiments/people-edges.md)."""
NO_PHONE = -2
"""The phone before a window's first."""


def time_words(
    models: PhoneModels, posteriors: Posteriors, paths: Sequence[PhoneAlignment]
) -> list[tuple[ArcTime, ...]]:
    """The word arcs of each path, in ms since the first sample.

    A boundary lies between the decoder's and the realigned and corrected one: the nearer to the
    latter, the more speech the models were trained on.
    """
    times = models.move_states(
        posteriors.features, [read_states(path, models.silence) for path in paths]
    )
    share = models.spoken_s / (models.spoken_s + PRIOR_S)
    corrected = _correct(posteriors.features, paths, times)
    starts_ms = [
        (1 - share) * _find_decoded(path) + share * own
        for path, own in zip(paths, corrected, strict=True)
    ]
    return [
        tuple(_time_path(posteriors, path, each, starts))
        for path, each, starts in zip(paths, times, starts_ms, strict=True)
    ]


def find_starts(path: PhoneAlignment, times: StateTimes) -> tuple[Indices, Boundaries]:
    """The boundaries that a path's words begin at.

    Returns:
        (n,) the index of the phone that begins at each; and the boundaries.
    """
    places = np.array([first for _, first, _ in path.words()], np.intp)
    frames = times.boundaries[times.first_states]
    lengths = np.concatenate([[0], np.diff(frames)])
    phones = np.concatenate([[NO_PHONE], path.phones])
    boundaries = Boundaries(
        frames[places], phones[places], phones[places + 1], lengths[places], lengths[places + 1]
    )
    return places, boundaries


def _find_decoded(path: PhoneAlignment) -> Floats:
    """(n_phones + 1,) the decoder's phone boundaries in ms."""
    frames = np.concatenate([[0], np.cumsum(path.n_frames.sum(axis=1))])
    decoded: Floats = (TRIPHONE_FRAME_MS * (path.first_frame + frames) + LATE_MS).astype(np.float32)
    return decoded


def _correct(
    features: Floats, paths: Sequence[PhoneAlignment], times: Sequence[StateTimes]
) -> list[Floats]:
    """(n_phones + 1,) each path's phone boundaries in ms, corrected where a word begins."""
    found = [find_starts(path, each) for path, each in zip(paths, times, strict=True)]
    together = Boundaries.join([boundaries for _, boundaries in found])
    offsets = load_correction().find_offsets(features, together) * np.float32(SHRINKAGE)
    offsets = _limit(offsets, together)
    after = np.cumsum([len(places) for places, _ in found])[:-1]
    corrected = []
    for each, (places, _), own in zip(times, found, np.split(offsets, after), strict=True):
        starts_ms = (each.boundaries[each.first_states] * FRAME_MS).astype(np.float32)
        starts_ms[places] += own
        corrected.append(starts_ms)
    return corrected


def _limit(offsets: Floats, boundaries: Boundaries) -> Floats:
    share = np.float32(MAX_CORRECTION_SHARE * FRAME_MS)
    least = -np.minimum(MAX_CORRECTION_MS, share * np.maximum(boundaries.n_before - 1, 0))
    most = np.minimum(MAX_CORRECTION_MS, share * np.maximum(boundaries.n_after - 1, 0))
    limited: Floats = np.clip(offsets, least, most)
    return limited


def _rate_fit(posteriors: Posteriors, times: StateTimes, phones: range) -> float | None:
    """The mean over a word's phones of their mean log posterior; None if no phone is known.

    Source: Witt & Young 2000, "Phone-level pronunciation scoring and assessment for interactive
        language learning" (goodness of pronunciation), with a classifier's probabilities.
    """
    means = []
    for phone in phones:
        first, last = times.first_states[phone], times.first_states[phone + 1]
        if first == last:
            continue
        name = times.states[first][0]
        column = int(np.searchsorted(posteriors.phones, name))
        own = posteriors.logs[int(times.boundaries[first]) : int(times.boundaries[last])]
        if column < len(posteriors.phones) and posteriors.phones[column] == name and len(own):
            means.append(float(np.maximum(own[:, column], LEAST_LOG).mean()))
    return float(np.mean(means)) if means else None


def _time_path(
    posteriors: Posteriors, path: PhoneAlignment, times: StateTimes, starts_ms: Floats
) -> Iterator[ArcTime]:
    for arc, first, after in path.words():
        fit = _rate_fit(posteriors, times, range(first, after))
        start_ms, end_ms = round(float(starts_ms[first])), round(float(starts_ms[after]))
        yield ArcTime(arc, start_ms, end_ms, path.score(first, after), fit)
