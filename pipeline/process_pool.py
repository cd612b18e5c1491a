"""A process pool for many tasks: engines that hold Python's lock can't use threads.

What a task is, is the engine's matter. Results don't depend on the number of processes.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, groupby, islice
from multiprocessing import get_context
from typing import Any, Generic, Protocol, Self, TypeVar

from threadpoolctl import threadpool_limits

from pipeline.errors import EngineError

SEGMENT_MS = 120_000
"""Segment length: what starts in it is decoded in order by one process, which adapts to noise."""


class Timed(Protocol):
    """Anything with a start time in the recording."""

    @property
    def start_ms(self) -> int:
        """Its start."""
        ...


T = TypeVar("T")
R = TypeVar("R")
S = TypeVar("S", bound=Timed)

_workers: list[Callable[[Any], Any]] = []
"""In a process of the pool: the one function that does its work."""


def group_by_segment(parts: Iterable[S]) -> Iterator[list[S]]:
    """Group parts, which are in order of time, by the two-minute segment that they start in."""
    for _, group in groupby(parts, key=lambda part: part.start_ms // SEGMENT_MS):
        yield list(group)


class ProcessPool(Generic[T, R]):
    """Processes that stay for several rounds of work; `make(*arguments)` makes their function."""

    def __init__(
        self, make: Callable[..., Callable[[T], R]], arguments: tuple[Any, ...], cpus: int
    ) -> None:
        """Start no process yet.

        Args:
            make: a module's function, called once in each process; in this one if one is enough.
            arguments: of `make`; they must pickle, as must tasks and results.
        """
        self._make, self._arguments, self._cpus = make, arguments, cpus
        self._pool: ProcessPoolExecutor | None = None
        self._alone: Callable[[T], R] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def work(self, tasks: Iterable[T]) -> Iterator[R]:
        """The result of each task, in order.

        Args:
            tasks: consumed shortly before they are processed, so that they may be large.
        Raises:
            EngineError: a process crashed.
        """
        upcoming = iter(tasks)
        first = list(islice(upcoming, max(1, self._cpus)))
        if not first:
            return
        if self._pool is None and len(first) <= 1:
            self._alone = self._alone or self._make(*self._arguments)
            for task in chain(first, upcoming):
                with one_thread():
                    outcome = self._alone(task)
                yield outcome
            return
        self._pool = self._pool or ProcessPoolExecutor(
            self._cpus,  # processes start when there is work for them
            get_context("spawn"),
            initializer=_start,
            initargs=(self._make, self._arguments),
        )
        try:
            yield from _keep_busy(self._pool, chain(first, upcoming), 2 * self._cpus)
        except BrokenProcessPool as error:
            where = f"{self._make.__module__}.{self._make.__name__}"
            raise EngineError(where, "a process crashed", "run again with fewer workers") from error


def spread(
    make: Callable[..., Callable[[T], R]],
    arguments: tuple[Any, ...],
    tasks: Iterable[T],
    cpus: int,
) -> Iterator[R]:
    """A parallel map: one round of work in a pool of its own."""
    with ProcessPool(make, arguments, cpus) as workers:
        yield from workers.work(tasks)


def _keep_busy(pool: ProcessPoolExecutor, tasks: Iterator[Any], n_ahead: int) -> Iterator[Any]:
    """Results in order, with at most `n_ahead` tasks submitted at a time."""
    waiting: deque[Future[Any]] = deque()
    for task in tasks:
        waiting.append(pool.submit(_work, task))
        if len(waiting) >= n_ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def one_thread() -> threadpool_limits:
    """Limit NumPy's matrix products to one thread: the pool uses all cores already, and threads
    that wait for each other cost ten times what they save."""
    return threadpool_limits(1, user_api="blas")


def _start(make: Callable[..., Callable[[Any], Any]], arguments: tuple[Any, ...]) -> None:
    one_thread()
    _workers.append(make(*arguments))


def _work(task: Any) -> Any:
    return _workers[-1](task)
