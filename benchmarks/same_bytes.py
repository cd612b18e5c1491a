"""Whether clips come out the same: `python benchmarks/same_bytes.py [JOB] [--runs N] [--busy N]`.

Runs a job once (by default the samples with two short clips, in every kind of file there is), then
has its clips made anew N times, from the sealed stages before them, while other processes keep the
CPUs busy. Every file of every item is compared with that of the first run, byte for byte. The last
line is one JSON object: `n_runs_that_differ`, and which `files_that_differ`. `lookahead_ratio` is
what x264 takes with its lookahead in the encoder's own thread, as clips have it, over what it takes
with a lookahead thread: wall time, fastest of `TIMED_ROUNDS`, both in turn.
"""

import argparse
import hashlib
import json
import multiprocessing
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.job.ownership import SEAL_NAME
from pipeline.media.encoder import encoder_options
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.yaml_file import read_yaml

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
CLIP = [{"title": "A clip", "start": 20, "end": 26}]
JOB: dict[str, Any] = {
    "items": [
        {
            "media": str(SAMPLES / "talk.mp4"),
            "text": str(SAMPLES / "talk.txt"),
            "clips": {
                "frames": ["source", "9:16"], "fit": "blur", "audio": "m4a", "preview": "webp",
                "style": "karaoke", "select": CLIP,
            },
        },
        {
            "media": str(SAMPLES / "episode.opus"),
            "text": str(SAMPLES / "episode.txt"),
            "clips": {"audio": "mp3", "preview": "gif", "captions": "soft", "select": CLIP},
        },
    ],
}  # fmt: skip
TIMED_ROUNDS = 3
TIMED_S = 20


def main() -> None:
    """Run, run again, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", type=Path, nargs="?")
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--busy", type=int, default=multiprocessing.cpu_count())
    asked = parser.parse_args()
    with TemporaryDirectory() as name:
        job = write_job(asked.job and asked.job.resolve(), Path(name))
        first = make_clips(job)
        with keep_busy(asked.busy):
            differing = [find_differing(first, make_clips(job)) for _ in range(asked.runs)]
        ratio = time_lookahead(Path(name))
    n_by_file = Counter(path for paths in differing for path in paths)
    for path, n_times in n_by_file.most_common():
        print(f"{path:60} differs in {n_times} of {asked.runs} runs")
    figures = {
        "n_runs": asked.runs,
        "n_files": len(first),
        "n_busy": asked.busy,
        "n_runs_that_differ": sum(map(bool, differing)),
        "files_that_differ": sorted(n_by_file),
        "lookahead_ratio": ratio,
    }
    print(json.dumps(figures))


def write_job(path: Path | None, folder: Path) -> Path:
    """The job with its output in this folder; its media and texts lie where they lay."""
    job = dict(read_yaml(path).plain) if path else dict(JOB)
    job["output"] = str(folder / "out")
    for item in job["items"]:
        for key in ("media", "text"):
            if path and key in item:
                item[key] = str(path.parent / item[key])
    copy = folder / "job.yaml"
    # JSON is YAML 1.2.
    copy.write_text(json.dumps(job), "utf-8")
    return copy


def make_clips(job: Path) -> dict[str, str]:
    """Make the clips anew; the SHA-256 of every file of the sealed folders."""
    command = [sys.executable, "-m", "pipeline", "run", "--quiet", "--force", "clips", str(job)]
    subprocess.run(command, check=True)
    output = job.parent / "out"
    folders = [seal.parent for seal in sorted(output.glob(f"*/*/{SEAL_NAME}"))]
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def find_differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """The files that are not the same in both, or are in one only."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


@contextmanager
def keep_busy(n_processes: int) -> Iterator[None]:
    """Processes that work all the time; they stop with this one."""
    busy = [multiprocessing.Process(target=spin, daemon=True) for _ in range(n_processes)]
    for process in busy:
        process.start()
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.join()


def spin() -> None:
    """Work without end, in bursts, so that others are interrupted at ever other moments."""
    while True:
        ends_s = time.monotonic() + 0.05
        while time.monotonic() < ends_s:
            pass
        time.sleep(0.003)


def time_lookahead(folder: Path) -> float:
    """x264's wall time without a lookahead thread over that with one."""
    source = folder / "picture.yuv"
    form = ["-f", "rawvideo", "-s", "1280x720", "-r", "25", "-pix_fmt", "yuv420p"]
    talk = ["-t", str(TIMED_S), "-i", file_url(ROOT / "samples" / "talk.mp4")]
    run_ffmpeg(Run([*talk, "-map", "0:v", *form, file_url(source)], where="talk.mp4"))
    own = encoder_options("x264")
    best: dict[bool, float] = {}
    for _ in range(TIMED_ROUNDS):
        for has_thread in (False, True):
            options = own | ({"x264-params": "sync-lookahead=auto"} if has_thread else {})
            words = [word for name, value in options.items() for word in (f"-{name}", str(value))]
            started_s = time.monotonic()
            run_ffmpeg(
                Run([*form, "-i", file_url(source), *words, "-f", "null", "-"], where="picture")
            )
            best[has_thread] = min(best.get(has_thread, 1e9), time.monotonic() - started_s)
    return round(best[False] / best[True], 3)


if __name__ == "__main__":
    main()
