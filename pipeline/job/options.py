"""What a job may ask of the run itself."""

from typing import Annotated, Literal

from pydantic import Field

from pipeline.records import record

MOST_WORKERS = 1024
"""More threads than any machine these jobs run on has; each is a process with its own models."""
LONGEST_TIMEOUT_S = 2_000_000
"""Some three weeks; systems wait for 2^31 ms at most. Whoever waits longer sets no limit."""


@record
class RunOptions:
    """The `run:` section: where steps run, how many CPU threads at once, how long a step may take.

    `workers: auto` is a thread for every CPU this process may use; `timeout_s: null` is no limit.
    `keep: outputs` drops large intermediate files of an item as soon as all of it is done.
    """

    executor: Literal["serial", "local"] = "local"
    workers: Literal["auto"] | Annotated[int, Field(ge=1, le=MOST_WORKERS)] = "auto"
    timeout_s: Annotated[float, Field(gt=0, le=LONGEST_TIMEOUT_S)] | None = None
    keep: Literal["everything", "outputs"] = "everything"
