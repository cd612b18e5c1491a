"""Topic segmentation: the cheapest split of a text by its vocabulary, for every count.

Works on numbered stems in units, which `split.py` makes; the count is chosen in `count.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]


NATS_A_WORD = 0.15
"""Weight of embeddings: cost, in nats, of a word whose meaning is orthogonal to its segment's."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A few sentences; a text is a row of units, and a segment a run of them.

    Args:
        stems: its distinct stems, numbered from 0.
        n_spoken: how often each of them occurs in it.
        n_words: stop words included.
        bonus: evidence for a boundary before it, in nats.
        goes_on: whether it begins inside a sentence.
        meaning: its embedding, (n_dims,), of length n_words; or None.
    """

    stems: Integers
    n_spoken: Integers
    n_words: int
    bonus: float
    goes_on: bool
    meaning: Floats | None = None


def measure_segments(units: Sequence[Unit]) -> Floats:
    """The cost in nats of every segment that begins before unit i and ends before unit j.

    The cost is the negative log probability of the segment's stems under the segment's own unigram
    model, with one added to the count of every stem of the text.

    Returns:
        (n_units + 1, n_units + 1); infinite where the segment is empty.
    Source: Utiyama and Isahara 2001, A statistical model for domain-independent text
        segmentation, equation 8; the cost of a boundary is left out: see `count.py`.
    Cost: units², and the number of pairs of units that share a stem.
    """
    n_units = len(units)
    n_known = len(np.unique(np.concatenate([unit.stems for unit in units])))
    lengths = np.concatenate([[0], np.cumsum([unit.n_spoken.sum() for unit in units])])
    since = np.maximum(0, lengths[None, :] - lengths[:, None])
    costs: Floats = (since * np.log(np.maximum(1, since + n_known))).astype(np.float32)
    costs[:-1, 1:] -= _measure_spared(units)
    costs[np.tril_indices(n_units + 1)] = np.inf
    meanings = [unit.meaning for unit in units if unit.meaning is not None]
    if meanings:
        costs += measure_spread(np.stack(meanings), [unit.n_words for unit in units])
    return costs


def _measure_spared(units: Sequence[Unit]) -> Floats:
    """What repeated stems save in every segment from unit i to unit j, both included.

    A stem that occurs c times in a segment saves c × log(c + 1). That equals a sum, over all pairs
    of units in the segment that have the stem, of a gain of each pair (a second difference): so
    each pair's gain is written once and summed over rows and columns.

    Returns:
        (n_units, n_units).
    """
    n_units = len(units)
    owners = np.repeat(np.arange(n_units), [len(unit.stems) for unit in units])
    stems = np.concatenate([unit.stems for unit in units])
    order = np.argsort(stems, kind="stable")  # by stem, then by unit
    owners, stems = owners[order], stems[order]
    ends = np.cumsum(np.concatenate([unit.n_spoken for unit in units])[order])
    begins = np.concatenate([[0], ends[:-1]])
    counts = np.arange(1 + int(ends[-1] if len(ends) else 0))
    spares = counts * np.log(counts + 1.0)
    ranks = np.arange(len(stems)) - np.searchsorted(stems, stems)
    pairs, gains = [owners * (n_units + 1)], [spares[ends - begins]]
    last = np.arange(len(stems))
    for lag in range(1, 1 + int(ranks.max(initial=0))):
        last = last[ranks[last] >= lag]
        first = last - lag
        pairs.append(owners[first] * n_units + owners[last])
        gains.append(
            spares[ends[last] - begins[first]] - spares[begins[last] - begins[first]]
            - spares[ends[last] - ends[first]] + spares[begins[last] - ends[first]]
        )  # fmt: skip
    flat = np.bincount(np.concatenate(pairs), np.concatenate(gains), n_units * n_units)
    summed = flat.reshape(n_units, n_units).cumsum(axis=1)[::-1].cumsum(axis=0)[::-1]
    return np.asarray(summed, np.float32)


def measure_spread(meanings: Floats, n_words: Sequence[int]) -> Floats:
    """How much the embeddings of every segment differ within it, in nats.

    Returns:
        (n_units + 1, n_units + 1), as `measure_segments`.
    Source: the content vector segmentation of Alemi and Ginsparg 2015, Text segmentation based on
        semantic word embeddings, its lengths of sums squared as in kernel change-point detection
        (Arlot, Celisse and Harchaoui 2019).
    Cost: units² × dimensions.
    """
    sums = np.concatenate([np.zeros((1, meanings.shape[1])), np.cumsum(meanings, axis=0)])
    products = sums @ sums.T
    squares = np.diag(products)
    lengths = squares[:, None] + squares[None, :] - 2 * products
    words = np.concatenate([[0], np.cumsum(n_words)])
    between = np.maximum(1, words[None, :] - words[:, None])
    return np.asarray(NATS_A_WORD * (between - lengths / between), np.float32)


def find_splits(units: Sequence[Unit], costs: Floats, max_count: int, min_words: int) -> "Splits":
    """The cheapest split into each number of segments from 1 to `max_count`.

    Cost: counts × units².
    """
    words = np.concatenate([[0], np.cumsum([unit.n_words for unit in units])])
    allowed = costs - np.asarray([*(unit.bonus for unit in units), 0.0], np.float32)[:, None]
    allowed[0] = costs[0]
    allowed[words[None, :] - words[:, None] < min_words] = np.inf
    allowed[0, -1] = costs[0, -1]  # one segment is always there
    best = allowed[0].copy()
    totals, back = [float(best[-1])], [np.zeros(len(best), np.intp)]
    ending = np.ascontiguousarray(allowed.T)  # rows by end, so that the minimum is found fastest
    every = np.arange(len(best))
    for _ in range(1, max_count):
        through = ending + best
        back.append(through.argmin(axis=1))
        best = through[every, back[-1]]
        totals.append(float(best[-1]))
    return Splits(np.asarray(totals), tuple(back))


@dataclass(frozen=True, slots=True)
class Splits:
    """Cost of the cheapest split into n segments (`totals[n - 1]`), and pointers to trace it."""

    totals: NDArray[np.float64]
    back: tuple[NDArray[np.intp], ...]

    @property
    def n_possible(self) -> int:
        """The largest number of segments the text can be split into."""
        return int(np.isfinite(self.totals).nonzero()[0][-1]) + 1

    def trace(self, count: int) -> list[int]:
        """The first unit of each segment of the cheapest split into `count`."""
        at = len(self.back[0]) - 1
        begins = []
        for step in range(count - 1, 0, -1):
            at = int(self.back[step][at])
            begins.append(at)
        return [0, *reversed(begins)]


def number_stems(stems: Sequence[str | None]) -> list[int | None]:
    """Number stems from 0 in order of first occurrence."""
    numbers: dict[str, int] = {}
    return [None if s is None else numbers.setdefault(s, len(numbers)) for s in stems]
