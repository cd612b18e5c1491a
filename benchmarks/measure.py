"""What a command costs: seconds, CPU seconds and memory over all its processes. Linux only."""

import resource
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_INTERVAL_S = 0.1


@dataclass(frozen=True, slots=True)
class Usage:
    """Wall and CPU seconds, and the most memory that all processes held at one time."""

    wall_s: float
    cpu_s: float
    peak_bytes: int


def run_measured(command: Sequence[str]) -> Usage:
    """Run a command to its end.

    Memory is the proportional set size, which counts pages that processes share once.

    Raises:
        CalledProcessError: it failed.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start_s = time.monotonic()
    peaks = [0]
    with subprocess.Popen(command) as process:
        is_over = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, is_over, peaks))
        watcher.start()
        code = process.wait()
        is_over.set()
        watcher.join()
    if code:
        raise subprocess.CalledProcessError(code, command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Usage(time.monotonic() - start_s, cpu_s, peaks[0])


def _watch(root: int, is_over: threading.Event, peaks: list[int]) -> None:
    while not is_over.wait(SAMPLE_INTERVAL_S):
        peaks[0] = max(peaks[0], sum(map(_read_bytes, _descendants(root))))


def _descendants(root: int) -> list[int]:
    """The process and all below it, from /proc."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children[parent].append(int(folder.name))
    found = [root]
    for process in found:
        found += children[process]
    return found


def _read_bytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
