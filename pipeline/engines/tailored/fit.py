"""Where a window's words begin and end by the recording's own models, and how well they fit.

What is trained how is `models.py`'s matter.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from pipeline.engines.tailored.hearing import Heard
from pipeline.engines.tailored.models import PhoneModels, StateTimes, read_states
from pipeline.engines.tailored.spectra import FRAME_MS
from pipeline.engines.triphones.model import Indices, load_model
from pipeline.engines.triphones.phone_path import PhonePath
from pipeline.records import ArcTime

LEAST_LOG = -8.0
"""No frame is less likely: one is not to decide on a word."""
ROOM_LATE_MS, ROOM_LATE_STOP_MS = 2, 6
"""A sound sets in under the echoes of the one before, and seems to do so as much later; the closure
of a stop most, as they fill it. Less than a frame apart, so that no word ends before it begins."""
_STOPS = frozenset({"P", "T", "K", "B", "D", "G", "CH", "JH"})


def time_words(
    models: PhoneModels, heard: Heard, paths: Sequence[PhonePath], is_echoing: bool
) -> list[tuple[ArcTime, ...]]:
    """The word arcs of each path with their edges moved, in milliseconds since the first sample.

    Args:
        is_echoing: a room was taken out of the sound.
    """
    times = models.move_states(
        heard.features, [read_states(path, models.silence) for path in paths]
    )
    return [
        tuple(_time_path(heard, path, each, is_echoing))
        for path, each in zip(paths, times, strict=True)
    ]


def _rate_fit(heard: Heard, times: StateTimes, phones: range) -> float | None:
    """The mean over a word's phones of their mean log-probability; None if nothing is known.

    Source: Witt & Young 2000, "Phone-level pronunciation scoring and assessment for interactive
        language learning" (goodness of pronunciation), with a classifier's probabilities.
    """
    means = []
    for phone in phones:
        first, last = times.first_states[phone], times.first_states[phone + 1]
        if first == last:
            continue
        name = times.states[first][0]
        column = int(np.searchsorted(heard.phones, name))
        own = heard.logs[int(times.edges[first]) : int(times.edges[last])]
        if column < len(heard.phones) and heard.phones[column] == name and len(own):
            means.append(float(np.maximum(own[:, column], LEAST_LOG).mean()))
    return float(np.mean(means)) if means else None


def _time_path(
    heard: Heard, path: PhonePath, times: StateTimes, is_echoing: bool
) -> Iterator[ArcTime]:
    if not len(path.arcs):
        return
    starts_ms = times.edges[times.first_states] * FRAME_MS
    if is_echoing:
        starts_ms[1:-1] -= _find_lateness(path)
    for arc, first, behind in path.words():
        fit = _rate_fit(heard, times, range(first, behind))
        score = path.score(first, behind)
        yield ArcTime(arc, int(starts_ms[first]), int(starts_ms[behind]), score, fit)


def _find_lateness(path: PhonePath) -> Indices:
    """(n_phones - 1,) ms by which each but the first begins earlier than it seems to in a room."""
    is_stop = np.isin(path.phones[1:], _find_stops())
    lateness = np.where(is_stop, ROOM_LATE_STOP_MS, ROOM_LATE_MS)
    is_silent = path.phones == load_model().silence
    return np.where(is_silent[1:] | is_silent[:-1], 0, lateness)


@cache
def _find_stops() -> tuple[int, ...]:
    names = load_model().phone_names
    return tuple(number for number, name in enumerate(names) if name in _STOPS)
