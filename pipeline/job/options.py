"""What a job may ask of the run itself."""

from typing import Literal

from pipeline.records import record


@record
class RunOptions:
    """The `run:` section: where steps run, how many CPU threads at once, how long a step may take.

    `workers: auto` is a thread for every CPU this process may use; `timeout_s: null` is no limit.
    `keep: outputs` drops large intermediate files of an item as soon as all of it is done.
    """

    executor: Literal["serial", "local"] = "local"
    workers: Literal["auto"] | int = "auto"
    timeout_s: float | None = None
    keep: Literal["everything", "outputs"] = "everything"

    def __post_init__(self) -> None:
        if self.workers != "auto" and self.workers < 1:
            raise ValueError("workers must be 1 or more, or auto")
        if self.timeout_s is not None and self.timeout_s <= 0:
            raise ValueError("timeout_s must be more than 0, or null")
