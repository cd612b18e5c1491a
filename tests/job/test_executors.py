"""One suite over every executor, then what only workers of their own can do."""

import contextlib
import importlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import CuecastError, EngineError, MediaError, StepError
from pipeline.job.executors import EXECUTORS, Executor, make_executor
from pipeline.job.executors.process import call_in_child
from pipeline.job.plan import plan_item
from pipeline.job.sources import SourceDigests
from pipeline.job.stage import StepLimits, StepOutcome, StepRequest
from pipeline.job.store import read_seal
from tests.job.toy import TOY_STAGES, make_toy_job
from tests.patience import PATIENCE_S

TOY_ROW = {"apart": "tests.job.apart_executor:ApartExecutor"}
"""A new executor: its file and this row are all there is to it."""


@pytest.fixture(params=sorted({*EXECUTORS, *TOY_ROW}), scope="module")
def executor(request: pytest.FixtureRequest) -> Generator[Executor]:
    EXECUTORS.update(TOY_ROW)
    try:
        with contextlib.closing(make_executor(request.param, 1)) as made:
            yield made
    finally:
        for name in TOY_ROW:
            del EXECUTORS[name]


@pytest.fixture(scope="module")
def local() -> Generator[Executor]:
    with contextlib.closing(make_executor("local", 2)) as made:
        yield made


def make_request(folder: Path, do: str, timeout_s: float | None = None) -> StepRequest:
    """A request for the stage `count` whose input is sealed already."""
    job = make_toy_job(folder, {"toy": {"count": {"do": do}}})
    digests = SourceDigests(job.output)
    digests.read_small(job.items[0].sources.values())
    read, count, *_ = plan_item(job, job.items[0], TOY_STAGES, digests).steps
    assert read.request and count.request
    with contextlib.closing(make_executor("serial", 1)) as serial:
        serial.submit(read.request).result()
    return replace(count.request, limits=StepLimits(timeout_s=timeout_s))


def test_a_step_is_sealed_and_its_outcome_comes_back(executor: Executor, tmp_path: Path) -> None:
    request = make_request(tmp_path, "work")
    outcome = executor.submit(request).result(PATIENCE_S)
    assert (outcome.item, outcome.stage, outcome.used) == ("toy", "count", {"letter": "a"})
    seal = read_seal(request.paths.folder)
    assert seal is not None
    assert [file.path for file in seal.files] == ["count.json"]
    assert not list(request.paths.scratch.parent.iterdir())


def test_a_foreseen_error_comes_back_as_it_was_raised(executor: Executor, tmp_path: Path) -> None:
    request = make_request(tmp_path, "fail")
    with pytest.raises(MediaError, match="toy: has no sound; record it again"):
        executor.submit(request).result(PATIENCE_S)
    assert read_seal(request.paths.folder) is None


def test_an_unforeseen_error_is_one_line_and_its_story_is_in_the_log(
    executor: Executor, tmp_path: Path
) -> None:
    request = make_request(tmp_path, "crash")
    with pytest.raises(StepError) as caught:
        executor.submit(request).result(PATIENCE_S)
    assert "toy: count: ValueError: first line;" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "Traceback" in request.paths.log.read_text()
    assert not request.paths.scratch.exists()


def test_a_full_disk_is_named_with_what_to_do(executor: Executor, tmp_path: Path) -> None:
    request = make_request(tmp_path, "full")
    with pytest.raises(StepError, match=r"toy: count: the disk is full; make room where .+ is"):
        executor.submit(request).result(PATIENCE_S)
    assert not request.paths.scratch.exists()


def test_what_may_not_be_written_is_named_in_one_line(executor: Executor, tmp_path: Path) -> None:
    problem = r"toy: count: count\.json can't be written \(Permission denied\); check who"
    with pytest.raises(StepError, match=problem):
        executor.submit(make_request(tmp_path, "forbidden")).result(PATIENCE_S)


def test_warnings_of_a_stage_come_back_as_notes(executor: Executor, tmp_path: Path) -> None:
    outcome = executor.submit(make_request(tmp_path, "warn")).result(PATIENCE_S)
    assert outcome.notes == ("only 1 of 2",)


def test_a_stage_that_is_not_there_is_an_error_of_its_step(
    executor: Executor, tmp_path: Path
) -> None:
    request = replace(make_request(tmp_path, "work"), run="tests.job.toy:nothing")
    with pytest.raises(StepError, match="AttributeError"):
        executor.submit(request).result(PATIENCE_S)


@pytest.mark.parametrize(("do", "cause"), [("segfault", "SIGSEGV"), ("kill", "SIGKILL")])
def test_a_worker_that_dies_fails_its_own_step_alone(
    local: Executor, tmp_path: Path, do: str, cause: str
) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "good").mkdir()
    bad = local.submit(make_request(tmp_path / "bad", do))
    good = local.submit(make_request(tmp_path / "good", "slow"))
    with pytest.raises(StepError, match=f"toy: count: its worker was ended by {cause}"):
        bad.result(PATIENCE_S)
    assert good.result(PATIENCE_S).stage == "count"
    assert local.submit(make_request(tmp_path / "good", "work")).result(PATIENCE_S)


def test_a_segfault_leaves_its_stack_in_the_log(local: Executor, tmp_path: Path) -> None:
    request = make_request(tmp_path, "segfault")
    with pytest.raises(StepError):
        local.submit(request).result(PATIENCE_S)
    assert "misbehave" in request.paths.log.read_text()


def test_what_native_code_prints_lands_in_the_log(local: Executor, tmp_path: Path) -> None:
    request = make_request(tmp_path, "print")
    local.submit(request).result(PATIENCE_S)
    assert "native words" in request.paths.log.read_text()


@pytest.mark.parametrize("name", ["local", *TOY_ROW])
def test_any_executor_of_workers_limits_threads_before_libraries_load(
    tmp_path: Path, name: str
) -> None:
    outcome = run_alone(name, make_request(tmp_path, "environment"))
    assert outcome.notes == ("OMP_NUM_THREADS=1 in a session of its own: True",)


@pytest.mark.parametrize("name", ["local", *TOY_ROW])
def test_any_executor_of_workers_ends_a_step_out_of_time(tmp_path: Path, name: str) -> None:
    request = make_request(tmp_path, "hang", timeout_s=1.0)
    with pytest.raises(StepError, match=r"took longer than its 1 s; raise run\.timeout_s"):
        run_alone(name, request)
    child = int(request.paths.log.with_name("child.txt").read_text())
    wait_until(lambda: not is_alive(child))
    assert not request.paths.scratch.exists()


def run_alone(name: str, request: StepRequest) -> StepOutcome:
    """Run one step in an executor of this name."""
    module, _, kind = {**EXECUTORS, **TOY_ROW}[name].partition(":")
    with contextlib.closing(getattr(importlib.import_module(module), kind)(1)) as made:
        outcome: StepOutcome = made.submit(request).result(PATIENCE_S)
        return outcome


CALLER = """
import os, sys, time
from pipeline.job.executors.process import Worker
print("main", flush=True)
worker = Worker()
if os.fork() == 0:
    time.sleep(600)
print(os.getpid(), flush=True)
worker.call("time:sleep", 600)
"""


def test_a_worker_ends_with_its_parent_though_a_fork_of_it_lives(tmp_path: Path) -> None:
    script = tmp_path / "caller.py"
    script.write_text(CALLER)
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout is not None
        assert caller.stdout.readline() == "main\n"
        assert caller.stdout.readline() == f"{caller.pid}\n"
        (fork,) = set(find_children(caller.pid, "caller.py"))
        (worker,) = set(find_children(caller.pid, "executors.worker"))
        caller.kill()
        wait_until(lambda: not is_alive(worker))
        assert is_alive(fork)
        os.kill(fork, 9)
        assert caller.stdout.read() == "", "the script's own lines ran once, without a guard"


def test_a_call_in_a_child_process_returns_what_its_function_does() -> None:
    assert call_in_child("os.path:join", "a", "b", timeout_s=PATIENCE_S) == "a/b"


@pytest.mark.parametrize(
    ("name", "argument", "timeout_s", "line"),
    [
        ("math:sqrt", -1, PATIENCE_S, r"math:sqrt: failed \(ValueError: .+\); install"),
        ("os:_exit", 3, PATIENCE_S, "os:_exit: crashed; install"),
        ("time:sleep", 600, 0.5, "time:sleep: took longer than 0.5 s; try again"),
    ],
)
def test_a_call_that_goes_wrong_is_one_line(
    name: str, argument: int, timeout_s: float, line: str
) -> None:
    with pytest.raises(EngineError, match=line):
        call_in_child(name, argument, timeout_s=timeout_s)


def test_a_step_out_of_time_is_ended_with_what_it_started(local: Executor, tmp_path: Path) -> None:
    request = make_request(tmp_path, "hang", timeout_s=3.0)
    future = local.submit(request)
    with pytest.raises(StepError, match="took longer than its 3 s"):
        future.result(PATIENCE_S)
    child = int(request.paths.log.with_name("child.txt").read_text())
    wait_until(lambda: not is_alive(child))
    assert local.submit(make_request(tmp_path, "work")).result(PATIENCE_S)


@pytest.mark.parametrize("seed", range(2))
def test_a_step_out_of_time_is_timed_from_when_its_worker_has_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """A worker's interpreter that takes longer to start than the step may take costs it nothing."""
    chance = random.Random(seed)
    timeout_s = chance.uniform(1.0, 1.5)
    slow_start = tmp_path / "slow_start"
    slow_start.mkdir()
    delay = f"import time\ntime.sleep({timeout_s + chance.uniform(0.5, 1.0)})\n"
    (slow_start / "sitecustomize.py").write_text(delay)
    monkeypatch.setenv("PYTHONPATH", f"{slow_start}:{os.environ.get('PYTHONPATH', '')}")
    request = make_request(tmp_path, "work", timeout_s)
    with contextlib.closing(make_executor("local", 1)) as executor:
        assert executor.submit(request).result(PATIENCE_S).stage == "count"


def test_an_idle_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    others = set(find_children(os.getpid(), "executors.worker"))
    with contextlib.closing(make_executor("local", 1)) as executor:
        executor.submit(make_request(tmp_path, "work")).result(PATIENCE_S)
        (worker,) = set(find_children(os.getpid(), "executors.worker")) - others
        os.kill(worker, 9)
        wait_until(lambda: not is_alive(worker))
        time.sleep(0.5)
        again = executor.submit(make_request(tmp_path, "work"))
        assert again.result(PATIENCE_S).stage == "count"


def test_an_idle_worker_gives_back_what_its_step_freed(tmp_path: Path) -> None:
    for name in ("plain", "large"):
        (tmp_path / name).mkdir()
    others = set(find_children(os.getpid(), "executors.worker"))
    with contextlib.closing(make_executor("local", 1)) as executor:
        executor.submit(make_request(tmp_path / "plain", "work")).result(PATIENCE_S)
        (worker,) = set(find_children(os.getpid(), "executors.worker")) - others
        before = read_memory_mb(worker)
        executor.submit(make_request(tmp_path / "large", "scatter")).result(PATIENCE_S)
        wait_until(lambda: read_memory_mb(worker) < before + 20)


@pytest.mark.parametrize(("do", "is_retained"), [("fail", True), ("crash", False)])
def test_a_worker_is_trusted_after_bad_media_and_not_after_a_crash(
    tmp_path: Path, do: str, is_retained: bool
) -> None:
    others = set(find_children(os.getpid(), "executors.worker"))
    with contextlib.closing(make_executor("local", 1)) as executor:
        with pytest.raises(CuecastError):
            executor.submit(make_request(tmp_path, do)).result(PATIENCE_S)
        before = set(find_children(os.getpid(), "executors.worker")) - others
        executor.submit(make_request(tmp_path, "work")).result(PATIENCE_S)
        after = set(find_children(os.getpid(), "executors.worker")) - others
    assert len(after) == 1
    assert (before == after) is is_retained


def test_closing_ends_running_steps_and_what_they_started(tmp_path: Path) -> None:
    request = make_request(tmp_path, "hang")
    started = request.paths.log.with_name("child.txt")
    with contextlib.closing(make_executor("local", 1)) as executor:
        future = executor.submit(request)
        wait_until(lambda: started.exists() and started.read_text() != "")
        child = int(started.read_text())
    wait_until(lambda: not is_alive(child))
    assert isinstance(future.exception(0), StepError)
    assert not request.paths.scratch.exists()


def read_memory_mb(process: int) -> int:
    """How much memory a process has of its own."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) // 1024


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, and fail if it takes too long."""
    limit_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < limit_s, "waited too long"
        time.sleep(0.02)


def list_names(folder: Path) -> list[str]:
    """What lies in a folder that may come and go; `glob` would fail if it goes just then."""
    with contextlib.suppress(FileNotFoundError):
        return [path.name for path in folder.iterdir()]
    return []


def is_alive(pid: int) -> bool:
    """Whether a process runs: one that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def find_children(parent: int, marker: str) -> list[int]:
    """The processes a process started whose command line holds a marker."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, IndexError, ValueError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent and marker in (entry / "cmdline").read_text():
                found.append(int(entry.name))
    return found
