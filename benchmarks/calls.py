"""What many calls of the library leave behind in one process: `python benchmarks/calls.py [N]`.

Aligns the first seconds of a recording N times, and after each call counts what the process holds:
temporary files, child processes, open files, threads, memory. A row is printed now and then; the
last line is one JSON object. Its `*_growth` are the figures after the last call less those after
the first tenth of the calls, in which libraries load: 0 is a flat line. `ratio` is the time of a
call over that of `cuecast caption`, which also makes captions, run between the calls. Linux only.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from measure import run_measured

import cuecast

SAMPLES = Path(__file__).parent.parent / "samples"
N_ROUNDS = 10
"""As often the command is run, and a row printed; medians count."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the process holds between two calls."""

    n_files: int
    n_children: int
    n_handles: int
    n_threads: int
    rss_kb: int


def main() -> None:
    """Call, count, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n_calls", type=int, nargs="?", default=100)
    parser.add_argument("--media", type=Path, default=SAMPLES / "talk.mp4")
    parser.add_argument("--text", type=Path, default=SAMPLES / "talk.txt")
    parser.add_argument("--seconds", type=float, default=10.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        talk = cut_talk(folder, arguments.media, arguments.text, arguments.seconds)
        temporary = folder / "temporary"
        temporary.mkdir()
        tempfile.tempdir = str(temporary)
        rows, commands_s = [], []
        for number in range(arguments.n_calls):
            seconds, held = call(*talk, temporary)
            rows.append((seconds, held))
            if number % max(1, arguments.n_calls // N_ROUNDS) == 0:
                print(f"{number + 1:5} {seconds:6.2f} s  {held}", flush=True)
                commands_s.append(time_command(folder / f"out-{number}", *talk))
    print(json.dumps(summarise(rows, statistics.median(commands_s))))


def cut_talk(folder: Path, media: Path, text: Path, seconds: float) -> tuple[Path, Path]:
    """The first seconds of a recording, and the words of its text that are spoken in them."""
    from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg

    cut = folder / "talk.wav"
    options = ["-t", f"{seconds}", "-i", file_url(media), "-vn", "-ac", "1", file_url(cut)]
    run_ffmpeg(Run(options, where=cut.name))
    words = cuecast.align(media, text).words
    spoken = [word.text for word in words if word.end_ms and word.end_ms < seconds * 1000]
    (folder / "talk.txt").write_text(" ".join(spoken))
    return cut, folder / "talk.txt"


def time_command(out: Path, media: Path, text: Path) -> float:
    """Seconds of `cuecast caption`."""
    options = ["--text", str(text), "--out", str(out), "-q"]
    return run_measured([sys.executable, "-m", "pipeline", "caption", str(media), *options]).wall_s


def call(media: Path, text: Path, temporary: Path) -> tuple[float, Held]:
    """The seconds of a call, and what the process holds after it."""
    start_s = time.monotonic()
    words = cuecast.align(media, text)
    seconds = time.monotonic() - start_s
    assert words.words
    return seconds, count_held(temporary)


def count_held(temporary: Path) -> Held:
    """Count what this process holds."""
    status = Path("/proc/self/status").read_text()
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return Held(
        n_files=sum(1 for _ in temporary.rglob("*")),
        n_children=len(children),
        n_handles=len(os.listdir("/proc/self/fd")),  # noqa: PTH208
        n_threads=threading.active_count(),
        rss_kb=int(status.partition("VmRSS:")[2].split()[0]),
    )


def summarise(rows: list[tuple[float, Held]], command_s: float) -> dict[str, float]:
    """The figures of all calls."""
    early, late = asdict(rows[len(rows) // 10][1]), asdict(rows[-1][1])
    seconds = statistics.median(seconds for seconds, _ in rows)
    return {
        "n_calls": len(rows),
        "call_s": round(seconds, 2),
        "command_s": round(command_s, 2),
        "ratio": round(seconds / command_s, 2),
        **late,
        **{f"{name}_growth": late[name] - early[name] for name in late},
    }


if __name__ == "__main__":
    main()
