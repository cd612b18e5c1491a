"""Work spread over processes: the same answers in the same order, however many there are."""

import os
from collections.abc import Callable, Iterator

import pytest

from pipeline.errors import EngineError
from pipeline.process_pool import ProcessPool, spread


def make_adder(amount: int) -> Callable[[int], int]:
    return lambda number: number + amount


def make_process_teller() -> Callable[[int], int]:
    return lambda _: os.getpid()


def make_crasher() -> Callable[[int], int]:
    return lambda _: os.abort()


@pytest.mark.parametrize("cpus", [0, 1, 2, 3])
@pytest.mark.parametrize("n_pieces", [0, 1, 2, 9])
def test_every_piece_is_worked_on_once_and_in_order(cpus: int, n_pieces: int) -> None:
    found = list(spread(make_adder, (100,), iter(range(n_pieces)), cpus))
    assert found == [100 + number for number in range(n_pieces)]


def test_one_cpu_works_in_this_process_and_two_in_others() -> None:
    assert set(spread(make_process_teller, (), range(3), 1)) == {os.getpid()}
    assert os.getpid() not in set(spread(make_process_teller, (), range(3), 2))


def test_pieces_are_taken_only_shortly_before_they_are_worked_on() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    answers = spread(make_adder, (0,), pieces(), 2)
    assert next(answers) == 0
    assert len(taken) <= 6


def test_a_process_that_crashes_is_one_line() -> None:
    with pytest.raises(EngineError, match="a process crashed; run again with fewer workers"):
        list(spread(make_crasher, (), range(4), 2))


def test_a_pool_that_was_closed_works_again_in_new_processes() -> None:
    pool: ProcessPool[int, int] = ProcessPool(make_process_teller, (), 2)
    with pool:
        before = set(pool.work(range(4)))
    with pool:
        after = set(pool.work(range(4)))
    assert not before & after
