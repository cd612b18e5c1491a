"""Work in pieces, spread over processes: engines that hold Python's lock can use all cores only so.

What a piece of work is, is the engine's matter. Results don't depend on the number of processes.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, groupby, islice
from multiprocessing import get_context
from typing import Any, Protocol, TypeVar

from pipeline.errors import EngineError

PIECE_MS = 120_000
"""What starts within this time is decoded in a row by one process: a decoder learns the noise."""


class Timed(Protocol):
    """What has a place in the recording."""

    @property
    def start_ms(self) -> int:
        """Where it starts."""
        ...


T = TypeVar("T")
R = TypeVar("R")
S = TypeVar("S", bound=Timed)

_workers: list[Callable[[Any], Any]] = []
"""In a process of the pool: the one function that it was started with."""


def cut_pieces(parts: Iterable[S]) -> Iterator[list[S]]:
    """Parts of a recording, in order of time, by the two minutes of its clock they start in."""
    for _, piece in groupby(parts, key=lambda part: part.start_ms // PIECE_MS):
        yield list(piece)


def spread(
    make: Callable[..., Callable[[T], R]],
    arguments: tuple[Any, ...],
    pieces: Iterable[T],
    cpus: int,
) -> Iterator[R]:
    """What `make(*arguments)` makes of each piece, in order.

    Args:
        make: a module's function; called once in each process, in this one if one is enough.
        arguments: what it is called with; must pickle, as must pieces and results.
        pieces: taken only shortly before they are worked on, so that they may be large.
    Raises:
        EngineError: a process crashed.
    """
    upcoming = iter(pieces)
    first = list(islice(upcoming, max(1, cpus)))
    if len(first) <= 1:
        yield from map(make(*arguments), chain(first, upcoming))
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(
        len(first), context, initializer=_start, initargs=(make, arguments)
    ) as pool:
        try:
            yield from _keep_busy(pool, chain(first, upcoming), 2 * len(first))
        except BrokenProcessPool as error:
            where = f"{make.__module__}.{make.__name__}"
            raise EngineError(where, "a process crashed", "run again with fewer workers") from error


def _keep_busy(pool: ProcessPoolExecutor, pieces: Iterator[Any], n_ahead: int) -> Iterator[Any]:
    """Results in order, with no more than `n_ahead` pieces handed out at a time."""
    waiting: deque[Future[Any]] = deque()
    for piece in pieces:
        waiting.append(pool.submit(_work, piece))
        if len(waiting) >= n_ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _start(make: Callable[..., Callable[[Any], Any]], arguments: tuple[Any, ...]) -> None:
    _workers.append(make(*arguments))


def _work(piece: Any) -> Any:
    return _workers[-1](piece)
