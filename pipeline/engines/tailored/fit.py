"""Where a window's words begin and end by the recording's own models, and how well they fit.

What is trained how is `models.py`'s matter.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.engines.tailored.hearing import Heard
from pipeline.engines.tailored.models import PhoneModels, StateTimes, read_states
from pipeline.engines.tailored.spectra import FRAME_MS
from pipeline.engines.triphones.phone_path import PhonePath
from pipeline.records import ArcTime

LEAST_LOG = -8.0
"""No frame is less likely: one is not to decide on a word."""


def time_words(
    models: PhoneModels, heard: Heard, paths: Sequence[PhonePath]
) -> list[tuple[ArcTime, ...]]:
    """The word arcs of each path with their edges moved, in milliseconds since the first sample."""
    times = models.move_states(
        heard.features, [read_states(path, models.silence) for path in paths]
    )
    return [tuple(_time_path(heard, path, each)) for path, each in zip(paths, times, strict=True)]


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


def _time_path(heard: Heard, path: PhonePath, times: StateTimes) -> Iterator[ArcTime]:
    if not len(path.arcs):
        return
    for arc, first, behind in path.words():
        start, end = (int(times.edges[times.first_states[phone]]) for phone in (first, behind))
        fit = _rate_fit(heard, times, range(first, behind))
        score = path.score(first, behind)
        yield ArcTime(arc, start * FRAME_MS, end * FRAME_MS, score, fit)
