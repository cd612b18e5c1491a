"""What a killed run leaves: `python benchmarks/kills.py [--kills N] [--seed S] [--out DIR]`.

A real job of two short items with clips is killed at random times: the runner, a worker, or ffmpeg
at work. Each time it is run again to its end, and every file of the sealed folders is compared byte
by byte with those of an undisturbed run; files that no seal names must still be there. Linux only.
Prints a line a kill, then one JSON object on a line. 60 kills take half an hour on two quiet CPUs.
"""

import argparse
import contextlib
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
LENGTHS_S = {"talk": 12.0, "short": 9.0}
"""The items: so much of the sample talk."""
VICTIMS = ("runner", "worker", "ffmpeg")
POLL_S = 0.005
SEAL_NAME = "_done.json"

JOB = """\
output: out
clips: {select: whole}
transcribe: {engine: pocketsphinx}
items:
  - {media: talk.mp4, text: talk.txt, language: en}
  - {media: short.mp4, text: short.txt, language: en}
run: {workers: 2}
"""


@dataclass(frozen=True, slots=True)
class Kill:
    """One of them: whom, after how long, and what came of it."""

    victim: str
    after_s: float
    was_running: bool
    is_same: bool
    is_foreign_left: bool


def main() -> None:
    """Kill, run again, compare; exit code 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=16)
    parser.add_argument("--out", type=Path, help="work there, and leave all as it is")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.out or Path(scratch)
        calm = make_job(folder / "calm")
        started_s = time.monotonic()
        finish(calm)
        calm_s = time.monotonic() - started_s
        sealed = hash_sealed(calm / "out")
        chance = random.Random(given.seed)
        kills = []
        for number in range(given.kills):
            victim, after_s = chance.choice(VICTIMS), chance.uniform(0.1, calm_s)
            kills.append(try_kill(make_job(folder / f"{number:03}"), victim, after_s, sealed))
            print(json.dumps(asdict(kills[-1])), flush=True)
    n_by_victim = Counter(kill.victim for kill in kills if kill.was_running)
    figures = {
        "seed": given.seed,
        "n_kills": len(kills),
        "n_while_running": dict(n_by_victim),
        "n_same": sum(kill.is_same for kill in kills),
        "n_foreign_left": sum(kill.is_foreign_left for kill in kills),
        "n_files": len(sealed),
        "calm_s": round(calm_s, 1),
    }
    print(json.dumps(figures))
    if not figures["n_kills"] == figures["n_same"] == figures["n_foreign_left"]:
        sys.exit(1)


def make_job(folder: Path) -> Path:
    """A job of two items in a folder of its own."""
    folder.mkdir(parents=True)
    truth = json.loads((SAMPLES / "talk.truth.json").read_text())["words"]
    for name, length_s in LENGTHS_S.items():
        media = SAMPLES / "talk.mp4"
        cut = ["-i", file_url(media), "-t", str(length_s), "-vf", "scale=320:-2", "-c:a", "aac"]
        run_ffmpeg(Run([*cut, file_url(folder / f"{name}.mp4")], where=name))
        words = [word["text"] for word in truth if (word["end_ms"] or 0) < length_s * 1000]
        (folder / f"{name}.txt").write_text(" ".join(words) + "\n")
    (folder / "job.yaml").write_text(JOB)
    return folder


def try_kill(folder: Path, victim: str, after_s: float, sealed: dict[str, str]) -> Kill:
    """Start a run, kill, run again; what is left."""
    with start(folder) as process:
        limit_s = time.monotonic() + after_s
        while process.poll() is None and time.monotonic() < limit_s:
            time.sleep(POLL_S)
        was_running = kill(process, victim)
        process.wait()
    foreign = write_foreign(folder / "out")
    finish(folder)
    is_left = all(path.is_file() for path in foreign)
    is_same = hash_sealed(folder / "out") == sealed
    return Kill(victim, round(after_s, 3), was_running, is_same, is_left)


def kill(process: subprocess.Popen[bytes], victim: str) -> bool:
    """Kill the runner, or the first worker or ffmpeg there is from now on; whether it ran."""
    while process.poll() is None:
        family = find_family(process.pid)
        marks = {"worker": "executors.worker", "ffmpeg": "ffmpeg-"}
        found = (
            [process.pid]
            if victim == "runner"
            else [pid for pid, command in family if marks[victim] in command]
        )
        for pid in found[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                return True
        time.sleep(POLL_S)
    return False


def write_foreign(out: Path) -> list[Path]:
    """A person's own files, beside what the killed run left and in what it sealed."""
    places = [out, *(path.parent for path in sorted(out.glob(f"*/*/{SEAL_NAME}")))]
    places += [path for path in sorted(out.glob("*/")) if path.name != "logs"]
    foreign = [place / "mine.txt" for place in places if place.is_dir()]
    for path in foreign:
        path.write_text("mine\n")
    return foreign


def start(folder: Path) -> subprocess.Popen[bytes]:
    """A run as a person would start it."""
    command = [sys.executable, "-m", "pipeline", "run", "--quiet", "job.yaml"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL)


def finish(folder: Path) -> None:
    """Run the job to its end."""
    with start(folder) as process:
        if code := process.wait():
            sys.exit(f"kills.py: {folder}: a run that nobody killed ended with exit code {code}")


def hash_sealed(out: Path) -> dict[str, str]:
    """The SHA-256 of each file that a seal names, and of the seals."""
    names: dict[str, str] = {}
    for seal in sorted(out.glob(f"*/*/{SEAL_NAME}")):
        files = [entry["path"] for entry in json.loads(seal.read_text())["files"]]
        for path in (seal, *(seal.parent / name for name in files)):
            names[str(path.relative_to(out))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return names


def find_family(root: int) -> list[tuple[int, str]]:
    """The processes below one, with their command lines."""
    children: dict[int, list[tuple[int, str]]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_text()
            children.setdefault(parent, []).append((int(entry.name), command))
    family = list(children.get(root, []))
    for pid, _ in family:
        family += children.get(pid, [])
    return family


if __name__ == "__main__":
    main()
