"""What becomes of a command whose output can't be written, or that nobody reads: it goes on."""

import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.job.store import read_seal
from tests.cli.test_commands import PATIENCE_S, ROOT
from tests.excerpt import cut_sound, read_text

SEED = 16
ENDS_PER_COMMAND = 2
CUES = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello there\n\n"

COMMANDS = {
    "--help": 0,
    "--version": 0,
    "schema": 0,
    "plan job.yaml": 0,
    "plan --json job.yaml": 0,
    "status job.yaml": 0,
    "run job.yaml": 1,
    "run --json job.yaml": 1,
    "run -q job.yaml": 1,
    "run gone.yaml": 2,
    "caption empty.mp3": 1,
    "caption gone.mp3": 2,
    "clip empty.mp3 --whole --out clip": 1,
    "lint cues.vtt": 0,
    "retime cues.vtt --offset 1 --out later.vtt": 0,
    "hls cues.vtt --media gone.ts --out hls": 1,
    "models list": 0,
    "models get no/such": 1,
    "doctor": 0,
    "nothing": 2,
}
"""Commands and how they end by themselves."""


@dataclass(frozen=True)
class End:
    """Where what a command writes goes, and its exit code if it has any; the rest as it was."""

    redirect: str
    can_fail: bool = False


ENDS = [
    End(">/dev/full", can_fail=True),
    End(">/dev/full 2>/dev/full", can_fail=True),
    End(">&-"),
    End("2>&-"),
    End(">&- 2>&- <&-"),
    End("2>/dev/full"),
    End("| head -c 1 >/dev/null"),
    End("2>&1 | head -n 1"),
]


def draw_cases() -> list[tuple[str, End]]:
    """Every command with some of the ends, and every end with some of the commands."""
    chance = random.Random(SEED)
    return [(command, end) for command in COMMANDS for end in chance.sample(ENDS, ENDS_PER_COMMAND)]


def run_shell(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash that calls cuecast; the exit code is cuecast's."""
    script = f'set -o pipefail; cuecast() {{ "{sys.executable}" -m pipeline "$@"; }}; {line}'
    return subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=PATIENCE_S,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "HF_HUB_OFFLINE": "1"},
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    (folder / "empty.mp3").touch()
    (folder / "cues.vtt").write_text(CUES)
    (folder / "job.yaml").write_text("output: out\nitems: [{media: empty.mp3}]\n")
    return folder


@pytest.mark.parametrize(("command", "end"), draw_cases(), ids=str)
def test_a_command_ends_as_ever_whoever_reads_it(folder: Path, command: str, end: End) -> None:
    done = run_shell(folder, f"cuecast {command} {end.redirect}")
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert "Errno" not in done.stderr
    expected = COMMANDS[command]
    assert done.returncode in ({expected, 1} if end.can_fail and not expected else {expected})


@pytest.mark.parametrize("command", ["--version", "schema", "plan job.yaml", "lint cues.vtt"])
def test_a_full_disk_is_an_error(folder: Path, command: str) -> None:
    done = run_shell(folder, f"cuecast {command} >/dev/full")
    assert done.returncode == 1
    assert done.stderr == (
        "error: standard output: can't be written (No space left on device), "
        "but all else was done; make room where it goes\n"
    )


def test_a_job_goes_on_when_nobody_reads_what_it_says(tmp_path: Path) -> None:
    cut_sound(tmp_path / "talk.wav")
    (tmp_path / "talk.txt").write_text(read_text())
    command = "cuecast caption talk.wav --text talk.txt --out out --json 2>&- | head -n 1"
    done = run_shell(tmp_path, command)
    assert done.returncode == 0
    assert done.stdout.startswith('{"event": "run_started"')
    assert read_seal(tmp_path / "out" / "captions") is not None


INTERRUPTED_EARLY = """
import signal, sys
from pipeline.cli import main
signal.signal(signal.SIGALRM, signal.default_int_handler)
signal.setitimer(signal.ITIMER_REAL, {seconds})
sys.argv = ["cuecast", "schema"]
main()
"""


@pytest.mark.parametrize("seconds", [0.001, 0.01, 0.03])
def test_an_interrupt_before_a_command_begins_shows_no_traceback(seconds: float) -> None:
    code = INTERRUPTED_EARLY.format(seconds=seconds)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
