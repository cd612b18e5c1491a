"""What the network hears at a time: pieces of speech cut in pauses, and batches of pieces.

No model here. What is cut depends on the sound alone.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.records import Stretch
from pipeline.speech.energy import Loudness

LONGEST_MS = 20_000
"""Of pieces half as long a third more words are wrong, and sentences are torn."""
SHORTEST_MS = 100
LONGEST_PAUSE_MS = 1_000
"""A piece has no longer one in it."""
BATCH_MS = 180_000
"""Sound heard at once: pieces share what a step costs, and it remembers 1.1 MB for each second."""


def cut_pieces(speech: Sequence[Stretch], loudness: Loudness, end_ms: int) -> tuple[Stretch, ...]:
    """The speech as pieces in order of time, none longer than can be heard at once.

    Args:
        end_ms: where the recording ends.
    """
    inside = (
        Stretch(one.start_ms, min(one.end_ms, end_ms)) for one in speech if one.start_ms < end_ms
    )
    runs: list[list[Stretch]] = []
    for stretch in (part for one in inside for part in _cut_long(one, loudness)):
        if not runs or stretch.start_ms - runs[-1][-1].end_ms > LONGEST_PAUSE_MS:
            runs.append([])
        runs[-1].append(stretch)
    pieces = (piece for run in runs for piece in _cut_run(run))
    return tuple(one for one in pieces if one.end_ms - one.start_ms >= SHORTEST_MS)


def halve(piece: Stretch, loudness: Loudness) -> tuple[Stretch, Stretch]:
    """Both parts of a piece, cut in its quietest moment near the middle."""
    cut_ms = loudness.find_quietest(piece)
    return Stretch(piece.start_ms, cut_ms), Stretch(cut_ms, piece.end_ms)


def find_batches(pieces: Sequence[Stretch]) -> Iterator[tuple[int, ...]]:
    """The numbers of pieces to be heard together: of nearly one length, the short ones first."""
    batch: list[int] = []
    lengths_ms = [one.end_ms - one.start_ms for one in pieces]
    for number in sorted(range(len(pieces)), key=lambda number: (lengths_ms[number], number)):
        if batch and (len(batch) + 1) * lengths_ms[number] > BATCH_MS:
            yield tuple(batch)
            batch = []
        batch.append(number)
    if batch:
        yield tuple(batch)


def _cut_long(stretch: Stretch, loudness: Loudness) -> Iterator[Stretch]:
    """Parts of a stretch that are short enough."""
    if stretch.end_ms - stretch.start_ms <= LONGEST_MS:
        yield stretch
        return
    for half in halve(stretch, loudness):
        yield from _cut_long(half, loudness)


def _cut_run(run: Sequence[Stretch]) -> Iterator[Stretch]:
    """Stretches with short pauses between them, cut where the pause is longest.

    Not near the ends as long as there is a pause elsewhere: what is short is heard badly.
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
