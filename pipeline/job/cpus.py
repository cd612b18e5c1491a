"""How many CPU threads a run may use, and how many of them each step gets."""

import math
import os
from pathlib import Path

from pipeline.job.options import RunOptions

CGROUP_LIMIT = Path("/sys/fs/cgroup/cpu.max")
"""A container's share of the machine: "quota period" in microseconds, or "max period"."""


def count_cpus(options: RunOptions) -> int:
    """The threads of a run: `run.workers`, or for `auto` the CPUs this process may use."""
    if options.workers != "auto":
        return options.workers
    if hasattr(os, "sched_getaffinity"):
        n_cpus = len(os.sched_getaffinity(0))
    else:
        n_cpus = os.cpu_count() or 1
    return max(1, min(n_cpus, _read_limit()))


def share_cpus(n_cpus: int, n_items: int) -> int:
    """The threads of each step while `n_items` items run or are ready to."""
    return max(1, n_cpus // max(1, n_items))


def _read_limit() -> int:
    try:
        quota, period = CGROUP_LIMIT.read_text().split()
        return math.ceil(int(quota) / int(period))
    except (OSError, ValueError):
        return 1_000_000
