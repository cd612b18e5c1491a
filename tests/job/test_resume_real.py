"""The real stages, killed in the middle of each: nothing is lost but the step they were in.

The kills of a series fall on one and the same output folder, so that each run goes on from what
the one before it left.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.config import read_job
from pipeline.job.ownership import SEAL_NAME
from pipeline.job.plan import plan_job
from pipeline.job.report import read_report
from pipeline.job.select import find_followers
from pipeline.job.store import read_seal
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.stages import STAGES
from tests.job.test_executors import find_children, is_alive, list_names, wait_until
from tests.job.test_runner import fingerprint_tree
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "samples" / "talk.mp4"
LENGTH_S = 21.5
"""Of the sample: four sentences, up to a full stop."""

POLL_S = 0.002
VERSIONS_BEFORE = {
    "transcribe": 13, "translate": 3, "align": 22, "captions": 7, "clips": 12, "report": 8,
}  # fmt: skip
"""Stages as they were before `text` read the item's text for all of them."""

ATTEMPTS = 8
"""Some stages take 50 ms: a kill may come too late."""

NAMES = tuple(stage.name for stage in STAGES if stage.name not in ("translate", "picture"))
IN_FFMPEG = ("ingest", "clips")
"""Stages whose middle is where ffmpeg runs."""

JOB = """\
output: out
items:
  - {media: talk.mp4, text: talk.txt, language: en, transcribe: {engine: pocketsphinx}}
run: {workers: 2}
"""


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small real job, and what an undisturbed run makes of it."""
    folder = tmp_path_factory.mktemp("calm")
    cut = ["-i", file_url(SAMPLE), "-t", str(LENGTH_S), "-vf", "scale=320:-2", "-c:a", "aac"]
    run_ffmpeg(Run([*cut, file_url(folder / "talk.mp4")], where="talk.mp4"))
    words = json.loads(SAMPLE.with_suffix(".truth.json").read_text())["words"]
    spoken = [word["text"] for word in words if (word["end_ms"] or 0) < LENGTH_S * 1000]
    (folder / "talk.txt").write_text(" ".join(spoken) + "\n")
    (folder / "job.yaml").write_text(JOB)
    finish(folder)
    assert set(find_seals(folder)) == set(NAMES)
    return folder


@pytest.mark.parametrize("victim", ["runner", "worker"])
def test_a_run_killed_in_every_stage_goes_on_where_it_was(
    calm: Path, tmp_path: Path, victim: str
) -> None:
    check_kills(calm, tmp_path, victim)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nobody_behind_and_goes_on(
    calm: Path, tmp_path: Path, number: signal.Signals
) -> None:
    copy_job(calm, tmp_path)
    with start(tmp_path) as process:
        wait_for_middle(tmp_path, "clips", process)
        family = find_family(process.pid)
        process.send_signal(number)
        assert process.wait(PATIENCE_S) == 130
    wait_until(lambda: not any(map(is_alive, family)))
    report = read_report(tmp_path / "out")
    assert report is not None and report.state == "interrupted"
    finish(tmp_path)
    assert_same(calm, tmp_path)


def test_without_the_large_files_only_who_reads_them_has_them_made_again(
    calm: Path, tmp_path: Path
) -> None:
    shutil.copytree(calm, tmp_path, dirs_exist_ok=True)
    sealed = find_seals(tmp_path)
    frugal = JOB.replace("workers: 2", "workers: 2, keep: outputs")
    (tmp_path / "job.yaml").write_text(frugal)
    finish(tmp_path)
    assert not (tmp_path / "out" / "talk" / "ingest" / "audio.wav").exists()
    later = {name: sealed[name] for name in NAMES if name != "ingest"}
    assert later.items() <= find_seals(tmp_path).items()
    (tmp_path / "job.yaml").write_text(f"{frugal}topics: {{count: 1}}\n")
    assert find_redone(tmp_path) == {"topics", "clips", "report"}
    (tmp_path / "job.yaml").write_text(f"{frugal}align: {{engine: pocketsphinx}}\n")
    assert find_redone(tmp_path) == {*NAMES} - {"text"}


def test_the_output_of_the_version_before_is_redone_and_none_of_it_is_read(
    calm: Path, tmp_path: Path
) -> None:
    shutil.copytree(calm, tmp_path, dirs_exist_ok=True)
    age(tmp_path / "out" / "talk")
    assert find_redone(tmp_path) == {*NAMES} - {"ingest"}
    finish(tmp_path)
    assert_same(calm, tmp_path)


def age(item: Path) -> None:
    """Make an item's folder one of the version before, which had no `text` and no cues.json, and
    sealed an empty `translate`."""
    shutil.rmtree(item / "text")
    (item / "captions" / "cues.json").unlink()
    (item / "translate").mkdir()
    shutil.copy(item / "transcribe" / SEAL_NAME, item / "translate")
    sources = {"text": "0" * 64}
    for stage, version in VERSIONS_BEFORE.items():
        path = item / stage / SEAL_NAME
        seal = json.loads(path.read_text())
        after = {
            name: sealed for name, sealed in seal["identity"]["after"].items() if name != "text"
        }
        seal["stage"] = stage
        seal["identity"] |= {"stage": stage, "version": version, "after": after, "sources": sources}
        seal["files"] = [file for file in seal["files"] if file["path"] != "cues.json"]
        if stage == "translate":
            seal["files"] = []
        path.write_text(json.dumps(seal))


def check_kills(calm: Path, folder: Path, victim: str) -> None:
    """Kill the runner, or the worker, in each stage; at the end all is as it should be."""
    copy_job(calm, folder)
    sealed: dict[str, int] = {}
    for stage in NAMES:
        for _ in range(ATTEMPTS):
            kill_in(stage, folder, victim)
            found = find_seals(folder)
            assert sealed.items() <= found.items(), f"run again after the kill in {stage}"
            if stage not in found:
                sealed = found
                break
            for late in find_followers(STAGES, {stage}):
                shutil.rmtree(folder / "out" / "talk" / late, ignore_errors=True)
            sealed = find_seals(folder)
        else:
            pytest.fail(f"{stage} was never met while it ran")
    finish(folder)
    assert sealed.items() <= find_seals(folder).items()
    assert_same(calm, folder)


def kill_in(stage: str, folder: Path, victim: str) -> None:
    """Start a run, kill in the middle of a stage, and wait until nobody of it is left."""
    log = folder / "out" / "logs" / "talk" / f"{stage}.log"
    with start(folder) as process:
        wait_for_middle(folder, stage, process)
        family = find_family(process.pid)
        if victim == "runner":
            process.kill()
        else:
            for worker in find_children(process.pid, "executors.worker"):
                if has_open(worker, log):
                    os.kill(worker, signal.SIGKILL)
        code = process.wait(PATIENCE_S)
    wait_until(lambda: not any(map(is_alive, family)))
    assert not find_mentions(folder), "ffmpeg was left behind"
    if victim == "worker" and stage not in find_seals(folder):
        report = read_report(folder / "out")
        assert report is not None
        (error,) = [step.error for step in report.items[0].steps if step.error]
        assert code == 1
        assert error.startswith(f"talk: {stage}: its worker was ended by SIGKILL; ")


def wait_for_middle(folder: Path, stage: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a stage writes, ffmpeg in its turn where there is one, or all is over."""
    limit_s = time.monotonic() + PATIENCE_S
    scratch = folder / "out" / "talk" / ".scratch"
    while process.poll() is None:
        assert time.monotonic() < limit_s, "waited too long"
        if any(name.startswith(f"{stage}-") for name in list_names(scratch)):
            if stage not in IN_FFMPEG or find_mentions(scratch):
                return
        elif (folder / "out" / "talk" / stage / SEAL_NAME).exists():
            return
        time.sleep(POLL_S)


@contextmanager
def start(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run of the job in a folder, as a person would start it; killed if a check failed."""
    command = [sys.executable, "-m", "pipeline", "run", "--quiet", "job.yaml"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def finish(folder: Path) -> None:
    """Run the job in a folder to its end."""
    with start(folder) as process:
        assert process.wait(PATIENCE_S) == 0


def find_redone(folder: Path) -> set[str]:
    """The stages that a run would run."""
    job = read_job(folder / "job.yaml")
    (plan,) = plan_job(job, STAGES)
    return {step.stage for step in plan.steps if step.decision == "run"}


def copy_job(calm: Path, folder: Path) -> None:
    for name in ("talk.mp4", "talk.txt", "job.yaml"):
        shutil.copy(calm / name, folder)


def find_seals(folder: Path) -> dict[str, int]:
    """The sealed stages, with the time each was sealed."""
    stages = {name: folder / "out" / "talk" / name for name in NAMES}
    return {
        name: (path / SEAL_NAME).stat().st_mtime_ns
        for name, path in stages.items()
        if read_seal(path)
    }


def assert_same(calm: Path, folder: Path) -> None:
    assert fingerprint_tree(folder / "out" / "talk") == fingerprint_tree(calm / "out" / "talk")


def find_family(root: int) -> list[int]:
    """The processes below a process."""
    family = [root]
    for pid in family:
        family += find_children(pid, "")
    return family[1:]


def find_mentions(path: Path) -> list[int]:
    """The processes whose command line names a path: ffmpeg at work there."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_text()
        except OSError:
            continue
        if str(path) in words:
            found.append(int(entry.parent.name))
    return [pid for pid in found if is_alive(pid)]


def has_open(pid: int, path: Path) -> bool:
    """Whether a process has a file open."""
    try:
        return any(handle.readlink() == path for handle in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False
