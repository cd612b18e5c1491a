"""The `run:` section of a job file."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from pipeline.records import record

EXECUTORS = {
    "serial": "pipeline.job.executors.serial:SerialExecutor",
    "local": "pipeline.job.executors.local:LocalExecutor",
}
"""The executors by the name a job file uses; imported when named."""

if TYPE_CHECKING:
    ExecutorName = str
else:
    ExecutorName = Literal[(*EXECUTORS,)]

MOST_WORKERS = 1024
"""Most workers a job may ask for; each is a process that loads its own models."""
LONGEST_TIMEOUT_S = 2_000_000
"""Seconds, about three weeks: poll() waits for 2^31 ms at most. `null` is no limit."""


@record
class RunOptions:
    """The `run:` section: where steps run, how many CPU threads at once, how long a step may take.

    `workers: auto` is one thread per CPU that this process may use; `timeout_s: null` is no limit.
    `keep: outputs` deletes an item's large intermediate files once the whole item is done.
    """

    executor: ExecutorName = "local"
    workers: Literal["auto"] | Annotated[int, Field(ge=1, le=MOST_WORKERS)] = "auto"
    timeout_s: Annotated[float, Field(gt=0, le=LONGEST_TIMEOUT_S)] | None = None
    keep: Literal["everything", "outputs"] = "everything"
