"""What a batch costs beyond its steps: `python benchmarks/batch.py [MEDIA TEXT] [--items N]`.

Runs N copies of one recording and four that can't work, on two threads. The last line is one JSON
object. `overhead_ratio` is the wall time over the CPU time of all steps shared by the threads: 1
means that nothing was waited for. It says that only on a quiet machine: `busy_elsewhere` is the
share of the machine's work that was not this run's, and `ratio_less_others` the ratio with that
share of the time taken off. `slots_filled` is the share of the time for which both threads had a
step, `own_cpu_ratio` the CPU time of all processes of the run over that of the steps.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "samples"
N_THREADS = 2
N_BAD = 4

JOB = """\
output: out
items:
  - {{media: gone.mp3}}
  - {{media: empty.mp3}}
  - {{media: text.mp3}}
  - {{media: soundless.wav}}
  - {{media: "good-*{suffix}", text: "good.txt", language: en}}
run: {{workers: {n_threads}}}
"""

WAV_HEADER = bytes.fromhex(
    "524946462400000057415645666d7420100000000100010080bb0000007701000200100064617461" + "00" * 4
)
"""48 kHz mono s16 with no sample in it."""


def main() -> None:
    """Make the batch, run it, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("media", type=Path, nargs="?", default=SAMPLES / "talk.mp4")
    parser.add_argument("text", type=Path, nargs="?", default=SAMPLES / "talk.txt")
    parser.add_argument("--items", type=int, default=8)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_batch(folder, arguments.media.resolve(), arguments.text, arguments.items)
        figures = run_batch(folder)
    if (figures["n_done"], figures["n_failed"]) != (arguments.items, N_BAD):
        sys.exit(f"batch.py: {figures['n_done']} done and {figures['n_failed']} failed")
    for key, value in figures.items():
        print(f"{key:24} {value}")
    print(json.dumps(figures))


def make_batch(folder: Path, media: Path, text: Path, n_items: int) -> None:
    """A folder of recordings, four of them no good, and a job file for it."""
    for number in range(n_items):
        (folder / f"good-{number}{media.suffix}").symlink_to(media)
    (folder / "good.txt").write_bytes(text.read_bytes())
    (folder / "empty.mp3").touch()
    (folder / "text.mp3").write_text("This is no recording at all.\n" * 99)
    (folder / "soundless.wav").write_bytes(WAV_HEADER)
    (folder / "job.yaml").write_text(JOB.format(suffix=media.suffix, n_threads=N_THREADS))


def run_batch(folder: Path) -> dict[str, float]:
    """Run the job; wall time, the steps' CPU time, and what the rest of the machine did."""
    command = [sys.executable, "-m", "pipeline", "run", "--json", str(folder / "job.yaml")]
    busy_before_s, own_before_s, started_s = read_busy_s(), read_own_s(), time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    wall_s = time.monotonic() - started_s
    busy_s, own_s = read_busy_s() - busy_before_s, read_own_s() - own_before_s
    events = [json.loads(line) for line in done.stdout.splitlines()]
    steps = [event for event in events if event["event"] == "step_done"]
    steps_s = sum(event["cpu_seconds"] for event in steps)
    ended = events[-1]
    ratio, elsewhere = wall_s / (steps_s / N_THREADS), max(0.0, 1 - own_s / busy_s)
    return {
        "n_done": ended["n_done"],
        "n_failed": ended["n_failed"],
        "wall_s": round(wall_s, 2),
        "steps_cpu_s": round(steps_s, 2),
        "overhead_ratio": round(ratio, 3),
        "busy_elsewhere": round(elsewhere, 3),
        "ratio_less_others": round(ratio * (1 - elsewhere), 3),
        "slots_filled": round(sum(event["seconds"] for event in steps) / wall_s / N_THREADS, 3),
        "own_cpu_ratio": round(own_s / steps_s, 3),
    }


def read_own_s() -> float:
    """CPU seconds of the processes this one has waited for, and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def read_busy_s() -> float:
    """CPU seconds that all processes of this machine have used since it started."""
    user, nice, system = Path("/proc/stat").read_text().split()[1:4]
    return (int(user) + int(nice) + int(system)) / 100


if __name__ == "__main__":
    main()
