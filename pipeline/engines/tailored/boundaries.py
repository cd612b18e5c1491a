"""The best edges of a known sequence of states, each within reach of where it was.

Where states come from, and what they are of, is `models.py`'s matter.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from pipeline.engines.tailored.mixtures import Mixture
from pipeline.engines.tailored.spectra import Floats

_NEVER = -1e30
_UNKNOWN = -60.0
"""A frame's score in a state that nothing is known of."""

Edges = npt.NDArray[np.intp]
State = tuple[int, int]
"""A phone, and which of its states."""


def move_edges(
    frames: Floats,
    states: Sequence[State],
    edges: Edges,
    mixture_of: Callable[[State], Mixture | None],
    reach: int,
) -> Edges:
    """The edges that make the frames likeliest; as they were where no way fits.

    Args:
        frames: (n_frames, n_values) of a whole piece.
        states: one after the other, each at least one frame long.
        edges: (n_states + 1,) where each begins, and the end of the last.
        reach: how many frames an edge may move.
    Source: Viterbi 1967, over segments within a band.  Cost: n_states × (2 · reach + duration).
    """
    first, last = max(0, int(edges[0])), min(len(frames), int(edges[-1]))
    n_frames, n_states = last - first, len(states)
    if n_frames < n_states:
        return edges
    starts, ends = _bound(edges - first, n_frames, reach)
    emissions = _score(frames[first:last], states, starts, ends, mixture_of)
    reached = np.full(n_frames + 1, _NEVER)
    reached[0] = 0.0
    came_from: list[Edges] = []
    for start, end, emitted in zip(starts, ends, emissions, strict=True):
        summed = np.concatenate([[0.0], np.cumsum(emitted, dtype=np.float64)])
        entered = reached[start:end] - summed[:-1]
        best = np.maximum.accumulate(entered)
        at = np.where(entered == best, np.arange(start, end), 0)
        came_from.append(np.maximum.accumulate(at))
        reached = np.full(n_frames + 1, _NEVER)
        reached[start + 1 : end + 1] = best + summed[1:]
    if reached[n_frames] <= _NEVER / 2:
        return edges
    moved = np.empty(n_states + 1, np.intp)
    moved[n_states] = at_frame = n_frames
    for state in range(n_states - 1, -1, -1):
        moved[state] = at_frame = int(came_from[state][at_frame - 1 - starts[state]])
    return moved + first


def _bound(edges: Edges, n_frames: int, reach: int) -> tuple[list[int], list[int]]:
    """The first frame each state may have, and the one behind the last."""
    n_states = len(edges) - 1
    order = np.arange(n_states)
    starts = np.maximum(np.maximum.accumulate(edges[:-1] - reach), order)
    ends = np.minimum.accumulate((edges[1:] + reach)[::-1])[::-1]
    ends = np.minimum(ends, n_frames - order[::-1])
    return starts.tolist(), ends.tolist()


def _score(
    frames: Floats,
    states: Sequence[State],
    starts: Sequence[int],
    ends: Sequence[int],
    mixture_of: Callable[[State], Mixture | None],
) -> list[Floats]:
    """What each state's frames score in it; a kind of state all at once."""
    places: dict[State, list[int]] = defaultdict(list)
    for index, state in enumerate(states):
        places[state].append(index)
    scores: list[Floats] = [np.zeros(0, np.float32)] * len(states)
    for state, indices in places.items():
        lengths = [ends[index] - starts[index] for index in indices]
        mixture = mixture_of(state)
        if mixture is None:
            together = np.full(sum(lengths), _UNKNOWN, np.float32)
        else:
            wanted = [np.arange(starts[index], ends[index]) for index in indices]
            together = mixture.score(frames[np.concatenate(wanted)])
        parts = np.split(together, np.cumsum(lengths)[:-1])
        for index, part in zip(indices, parts, strict=True):
            scores[index] = part
    return scores
