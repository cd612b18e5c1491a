"""Viterbi search for the best path through a CTC trellis."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.aligners.ctc.letters import BETWEEN
from pipeline.aligners.ctc.trellis import NEVER, Floats, Indices, Trellis

_STAY, _COME, _SKIP, _ENTER = range(4)


@dataclass(frozen=True, slots=True)
class Passage:
    """A word on the best path: its arc, its first frame, and the trellis state of each frame."""

    arc: int
    first_frame: int
    states: Indices


@dataclass(frozen=True, slots=True)
class BestPath:
    """The words of the best path in order of time, and its log-probability."""

    passages: tuple[Passage, ...]
    log_probability: float


@dataclass(frozen=True, slots=True)
class _Steps:
    """Back-pointers and path scores of the search.

    Attributes:
        ways: (n_frames, n_states) which of the four transitions led into a state.
        is_new: (n_frames, n_places) whether the gap there began in this frame.
        word_logs: (n_frames, n_words) score of the best path that ends in this frame with the word.
        gap_logs: (n_places,) score of the best path that ends in the last frame with the gap.
    """

    ways: npt.NDArray[np.int8]
    is_new: npt.NDArray[np.bool_]
    word_logs: Floats
    gap_logs: Floats


def find_best_path(trellis: Trellis, emissions: Floats) -> BestPath:
    """The words of the best path from the graph's beginning to its end.

    Args:
        emissions: (n_frames, n_columns) log posteriors, extended by ANY and BETWEEN.
    Returns:
        A path without words and of log-probability `NEVER` if there are too few frames for any.
    Source: Viterbi 1967; Kürzinger et al. 2020, "CTC-segmentation of large corpora".
    Cost: n_frames × (n_states + n_ends × n_places).
    """
    steps = _search(trellis, emissions)
    log_finals = steps.word_logs[-1] + trellis.log_leaps[trellis.ends, -1]
    word = int(log_finals.argmax())
    log_probability = float(max(steps.gap_logs[-1], log_finals[word]))
    if log_probability == NEVER:
        return BestPath((), NEVER)
    ends_with_gap = steps.gap_logs[-1] >= log_finals[word]
    return BestPath(tuple(_trace(trellis, steps, None if ends_with_gap else word)), log_probability)


def _search(trellis: Trellis, emissions: Floats) -> _Steps:
    """The forward pass; `padded` holds two states before all others that are never reached."""
    n_frames, n_states = len(emissions), len(trellis.labels)
    ways = np.empty((n_frames, n_states), np.int8)
    is_new = np.empty((n_frames, len(trellis.log_starts)), bool)
    word_logs = np.empty((n_frames, len(trellis.arcs)), np.float32)
    padded = np.full(n_states + 2, NEVER, np.float32)
    now, before, before_that = padded[2:], padded[1:-1], padded[:-2]
    choices = np.full((4, n_states), NEVER, np.float32)
    gaps = trellis.log_starts
    arrived = np.full(len(gaps), NEVER, np.float32)
    for frame, emitted in enumerate(emissions):
        choices[_STAY] = now
        choices[_COME] = before + trellis.log_come
        choices[_SKIP] = before_that + trellis.log_skip
        choices[_ENTER, trellis.firsts] = gaps[trellis.places] + trellis.log_words
        ways[frame] = choices.argmax(axis=0)
        is_new[frame] = arrived > gaps
        gaps = np.maximum(gaps, arrived) + emitted[BETWEEN]
        now[:] = choices.max(axis=0) + emitted[trellis.labels]
        word_logs[frame] = now[trellis.lasts]
        ended = np.maximum.reduceat(word_logs[frame], trellis.end_firsts)
        arrived = (ended[:, None] + trellis.log_leaps).max(axis=0)
    return _Steps(ways, is_new, word_logs, gaps)


def _trace(trellis: Trellis, steps: _Steps, word: int | None) -> list[Passage]:
    """Trace the best path back from its last frame, in `word` or in the gap at the end."""
    passages: list[Passage] = []
    frame, place = len(steps.ways) - 1, len(trellis.log_starts) - 1
    while frame >= 0:
        if word is None:
            while frame >= 0 and not steps.is_new[frame, place]:
                frame -= 1
            frame -= 1
            if frame < 0:
                break
            log_ends = steps.word_logs[frame] + trellis.log_leaps[trellis.ends, place]
            word = int(log_ends.argmax())
        passage = _trace_word(trellis, steps, word, frame)
        passages.append(passage)
        frame, place, word = passage.first_frame - 1, int(trellis.places[word]), None
    return passages[::-1]


def _trace_word(trellis: Trellis, steps: _Steps, word: int, last_frame: int) -> Passage:
    """The states of a word that ends in `last_frame`."""
    state, frame = int(trellis.lasts[word]), last_frame
    states = [state]
    while (way := steps.ways[frame, state]) != _ENTER:
        state, frame = state - int(way), frame - 1
        states.append(state)
    return Passage(int(trellis.arcs[word]), frame, np.array(states[::-1], np.intp))
