"""Realignment (segmental Viterbi): the best boundaries of a known sequence of states.

Each may move within a fixed reach. The states and their GMMs come from `phone_models.py`.
"""

from collections.abc import Callable, Sequence

import numpy as np

from pipeline.aligners.network import Floats, Indices
from pipeline.aligners.recording.mixtures import Mixture

_NEVER = -1e30
_UNKNOWN = -60.0
"""Log-likelihood of a frame in a state without a GMM."""

State = tuple[int, int]
"""A phone, and the number of its state."""


def realign_boundaries(
    frames: Floats,
    paths: Sequence[tuple[Sequence[State], Indices]],
    mixture_of: Callable[[State], Mixture | None],
    reach: int,
) -> list[Indices]:
    """The boundaries of greatest likelihood; a path that can't be realigned keeps its own.

    Args:
        frames: (n_frames, n_values) of a whole segment.
        paths: consecutive states, each at least one frame long, and (n_states + 1,) boundaries:
            where each begins, and the end of the last.
        reach: how many frames a boundary may move.
    Source: Viterbi 1967, over segments within a band.  Cost: n_states × (2 · reach + duration).
    """
    moved = [boundaries for _, boundaries in paths]
    places: list[tuple[int, int, Indices, Indices]] = []
    for number, (states, boundaries) in enumerate(paths):
        first, last = max(0, int(boundaries[0])), min(len(frames), int(boundaries[-1]))
        if last - first >= len(states) > 0:
            places.append((number, first, *_bound(boundaries - first, last - first, reach)))
    if not places:
        return moved
    together = [state for number, *_ in places for state in paths[number][0]]
    firsts = np.concatenate([first + starts for _, first, starts, _ in places])
    lengths = np.concatenate([ends - starts for _, _, starts, ends in places])
    scores = _score(frames, together, firsts, lengths, mixture_of)
    done = 0
    for number, first, starts, ends in places:
        n_scores = int((ends - starts).sum())
        found = _find_boundaries(scores[done : done + n_scores], starts.tolist(), ends.tolist())
        done += n_scores
        if found is not None:
            moved[number] = found + first
    return moved


def _find_boundaries(scores: Floats, starts: Sequence[int], ends: Sequence[int]) -> Indices | None:
    """The best boundaries of one path, None if no path fits.

    Args:
        scores: of each state's possible frames, states concatenated.
        starts, ends: the range of frames that each state may have, `ends` exclusive.
    """
    n_frames, n_states = ends[-1], len(starts)
    reached = np.full(n_frames + 1, _NEVER)
    reached[0] = 0.0
    came_from: list[Indices] = []
    done = 0
    for start, end in zip(starts, ends, strict=True):
        summed = np.zeros(end - start + 1)
        np.cumsum(scores[done : done + end - start], dtype=np.float64, out=summed[1:])
        done += end - start
        entered = reached[start:end] - summed[:-1]
        best = np.maximum.accumulate(entered)
        at = np.where(entered == best, np.arange(start, end), 0)
        came_from.append(np.maximum.accumulate(at))
        reached = np.full(n_frames + 1, _NEVER)
        reached[start + 1 : end + 1] = best + summed[1:]
    if reached[n_frames] <= _NEVER / 2:
        return None
    boundaries = np.empty(n_states + 1, np.intp)
    boundaries[n_states] = at_frame = n_frames
    for state in range(n_states - 1, -1, -1):
        boundaries[state] = at_frame = int(came_from[state][at_frame - 1 - starts[state]])
    return boundaries


def _bound(boundaries: Indices, n_frames: int, reach: int) -> tuple[Indices, Indices]:
    """The range of frames that each state may have, the end exclusive."""
    n_states = len(boundaries) - 1
    order = np.arange(n_states)
    starts = np.maximum(np.maximum.accumulate(boundaries[:-1] - reach), order)
    ends = np.minimum.accumulate((boundaries[1:] + reach)[::-1])[::-1]
    return starts, np.minimum(ends, n_frames - order[::-1])


def _score(
    frames: Floats,
    states: Sequence[State],
    firsts: Indices,
    lengths: Indices,
    mixture_of: Callable[[State], Mixture | None],
) -> Floats:
    """(sum of lengths,) log-likelihoods of each state's frames; equal states scored at once."""
    kinds = sorted(set(states))
    number_of = {kind: number for number, kind in enumerate(kinds)}
    kind_of = np.repeat(np.array([number_of[state] for state in states]), lengths)
    begun = np.cumsum(lengths) - lengths
    frame_of = np.repeat(firsts - begun, lengths) + np.arange(len(kind_of))
    order = np.argsort(kind_of, kind="stable")
    bounds = np.searchsorted(kind_of[order], np.arange(len(kinds) + 1))
    scores = np.full(len(kind_of), _UNKNOWN, np.float32)
    for kind, first, after in zip(kinds, bounds[:-1], bounds[1:], strict=True):
        mixture = mixture_of(kind)
        if mixture is not None:
            own = order[first:after]
            scores[own] = mixture.score(frames[frame_of[own]])
    return scores
