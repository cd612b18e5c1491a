"""Cut speech in pauses into pieces that the network decodes at a time, and group them in batches.

No model here. The cuts depend on the sound alone.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.records import Stretch
from pipeline.speech.energy import Loudness

LONGEST_MS = 20_000
"""Longest piece. With half of it a third more words are wrong, and sentences are split."""
SHORTEST_MS = 100
LONGEST_PAUSE_MS = 1_000
"""Longest pause inside a piece."""
BATCH_MS = 180_000
"""Most sound in a batch: its pieces share the cost of a step; the cache takes 1.1 MB a second."""


def cut_pieces(speech: Sequence[Stretch], loudness: Loudness, end_ms: int) -> tuple[Stretch, ...]:
    """Cut the speech into pieces in order of time, none longer than LONGEST_MS.

    Args:
        end_ms: where the recording ends.
    """
    inside = (
        Stretch(one.start_ms, min(one.end_ms, end_ms)) for one in speech if one.start_ms < end_ms
    )
    runs: list[list[Stretch]] = []
    for stretch in (part for one in inside for part in loudness.cut_long(one, LONGEST_MS)):
        if not runs or stretch.start_ms - runs[-1][-1].end_ms > LONGEST_PAUSE_MS:
            runs.append([])
        runs[-1].append(stretch)
    pieces = (piece for run in runs for piece in _cut_run(run))
    return tuple(one for one in pieces if one.length_ms >= SHORTEST_MS)


def find_batches(pieces: Sequence[Stretch]) -> Iterator[tuple[int, ...]]:
    """The indices of pieces in each batch: pieces of similar length, short ones first."""
    batch: list[int] = []
    lengths_ms = [one.length_ms for one in pieces]
    for number in sorted(range(len(pieces)), key=lambda number: (lengths_ms[number], number)):
        if batch and (len(batch) + 1) * lengths_ms[number] > BATCH_MS:
            yield tuple(batch)
            batch = []
        batch.append(number)
    if batch:
        yield tuple(batch)


def _cut_run(run: Sequence[Stretch]) -> Iterator[Stretch]:
    """Cut stretches with short pauses between them in the longest pause.

    Not near the ends if there is a pause elsewhere: short pieces are recognised badly.
    """
    start_ms, end_ms = run[0].start_ms, run[-1].end_ms
    if end_ms - start_ms <= LONGEST_MS:
        yield Stretch(start_ms, end_ms)
        return
    quarter_ms = (end_ms - start_ms) / 4
    pauses = [(before.end_ms, after.start_ms) for before, after in pairwise(run)]
    off_ms = [abs(sum(pause) - start_ms - end_ms) / 2 for pause in pauses]
    cut = min(
        range(len(pauses)),
        key=lambda at: (max(off_ms[at], quarter_ms), pauses[at][0] - pauses[at][1]),
    )
    yield from _cut_run(run[: cut + 1])
    yield from _cut_run(run[cut + 1 :])
