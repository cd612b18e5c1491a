"""A pipeline of small stages for the tests of the job room, importable by workers.

What a stage does is said by its option "do", so that one table serves every test.
"""

import ctypes
import errno
import logging
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import MediaError
from pipeline.job.context import StepContext
from pipeline.job.options import RunOptions
from pipeline.job.stage import Item, Job, Stage
from pipeline.records import Plain, record

TOY_STAGES = (
    Stage("read", (), (), "tests.job.toy:read", 1, sources=("media",)),
    Stage(
        "count", ("read",), ("count",), "tests.job.toy:count", 1, large_inputs=("read/text.txt",)
    ),
    Stage("show", ("count",), ("show",), "tests.job.toy:show", 1),
    Stage("tell", ("read",), (), "tests.job.toy:tell", 1),
)


KEPT: list[bytes] = []
"""What a stage leaves behind, here and there among what it frees."""


@record
class Doing:
    """What a stage is told to do besides its work."""

    do: str = "work"
    letter: str = "a"


@record
class Count:
    """How often a letter was found."""

    letter: str
    n_found: int


def read(context: StepContext) -> None:
    """Copy the source."""
    context.path("text.txt").write_bytes(context.source("media").read_bytes())


def count(context: StepContext) -> None:
    """Count a letter, or misbehave."""
    doing = context.option("count", Doing)
    misbehave(doing.do, context)
    text = context.input("read", "text.txt").read_text()
    context.save("count.json", Count(doing.letter, text.count(doing.letter)))
    context.use(letter=doing.letter)


def show(context: StepContext) -> None:
    """Write as many letters as were counted, in a folder of their own."""
    doing = context.option("show", Doing)
    misbehave(doing.do, context)
    found = context.load("count", "count.json", Count)
    context.path("rows").mkdir()
    context.path("rows/row.txt").write_text(found.letter * found.n_found)


def tell(context: StepContext) -> None:
    """Write a single line."""
    context.path("told.txt").write_text(f"{context.item}\n")


def misbehave(how: str, context: StepContext) -> None:
    """Do as a stage of the real world might."""
    match how:
        case "fail":
            raise MediaError(context.item, "has no sound", "record it again")
        case "crash":
            raise ValueError("first line\nsecond line")
        case "segfault":
            ctypes.string_at(0)
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            child = subprocess.Popen(["sleep", "3600"])
            # Beside the step's log: a scratch folder goes with its step.
            context.request.paths.log.with_name("child.txt").write_text(str(child.pid))
            context.progress(0.5)
            time.sleep(3600)
        case "slow":
            time.sleep(0.5)
        case "touch":
            source = context.request.paths.log.parents[3] / f"{context.item}.txt"
            source.write_text("ananas\n")
        case "warn":
            logging.getLogger("pipeline.toy").warning("only %d of %d", 1, 2)
        case "environment":
            limit, is_leader = os.environ["OMP_NUM_THREADS"], os.getsid(0) == os.getpid()
            log = logging.getLogger("pipeline.toy")
            log.warning("OMP_NUM_THREADS=%s in a session of its own: %s", limit, is_leader)
        case "forbidden":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "count.json")
        case "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "count.json")
        case "print":
            os.write(2, b"native words\n")
        case "scatter":
            scattered = [bytes(60_000) for _ in range(2_000)]
            KEPT.extend(scattered[::200])


def make_toy_job(
    folder: Path,
    items: Mapping[str, Mapping[str, Plain]],
    run: RunOptions | None = None,
) -> Job:
    """A job whose items have a source of their own and the options given by id."""
    made = []
    for item_id, options in items.items():
        source = folder / f"{item_id}.txt"
        if not source.exists():
            source.write_text("banana\n")
        merged = {"count": {}, "show": {}, **options}
        made.append(Item(item_id, folder / "out" / item_id, {"media": source}, merged))
    return Job(folder / "out", tuple(made), run or RunOptions(workers=2))
