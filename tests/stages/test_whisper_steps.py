"""Whisper as a step of a job: killed, out of time, interrupted, and with long recordings."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.codec import read_record, write_record
from pipeline.errors import CuecastError, EngineError, StepError
from pipeline.job.context import read_progress
from pipeline.job.executors import Executor, make_executor
from pipeline.job.stage import StepRequest
from pipeline.media.wav import read_samples
from pipeline.records import RecognizedWord, Refused, Segment, Transcript
from tests.job.test_executors import find_children, is_alive, list_names, wait_until
from tests.job.test_resume_real import find_family
from tests.patience import PATIENCE_S
from tests.stages.steps import Staged, read_media
from tests.wav_file import write_samples

ROOT = Path(__file__).parents[2]
TINY_WHISPER = ROOT / "tests" / "tiny_whisper" / "model"
RATE_HZ = 16_000


@pytest.fixture
def whispered(spoken_talk: Staged) -> Staged:
    """The talk, with no text, to be heard by Whisper on the CPU."""
    options = {"engine": "faster_whisper", "model": str(TINY_WHISPER), "device": "cpu"}
    return replace(spoken_talk, text=None).having(transcribe=options)


@pytest.fixture
def executor() -> Iterator[Executor]:
    with contextlib.closing(make_executor("local", 1)) as made:
        yield made


def lengthen(staged: Staged, minutes: float) -> None:
    """Let the recording be repeated until it is so long."""
    path = staged.folder / "ingest" / "audio.wav"
    samples = np.array(read_samples(path))
    n_samples = int(minutes * 60 * RATE_HZ)
    write_samples(path, np.resize(samples, n_samples), RATE_HZ)
    media = read_media(staged.folder)
    media = replace(media, n_samples=n_samples, duration_ms=n_samples // 16)
    write_record(staged.folder / "ingest" / "media.json", media)


def has_progress(scratch: Path, stage: str) -> bool:
    """Whether a stage has told how far it is."""
    names = (Path(name) for name in list_names(scratch))
    return any(name.match(f"{stage}-*.progress") for name in names)


def find_worker(request: StepRequest) -> int:
    """The worker of this process that logs where the step does."""
    for pid in find_children(os.getpid(), "executors.worker"):
        with contextlib.suppress(OSError):
            if any(fd.readlink() == request.paths.log for fd in Path(f"/proc/{pid}/fd").iterdir()):
                return pid
    raise AssertionError("no worker is at work")


def limit(request: StepRequest, **limits: float) -> StepRequest:
    return replace(request, limits=replace(request.limits, **limits))


def transcript_of(request: StepRequest) -> Transcript:
    return read_record(request.paths.folder / "transcript.json", Transcript)


def test_a_worker_killed_while_it_hears_is_one_line_and_the_next_step_works(
    whispered: Staged, executor: Executor
) -> None:
    lengthen(whispered, 8)
    request = whispered.request("transcribe")
    future = executor.submit(request)
    wait_until(lambda: read_progress(request) > 0.05)
    os.kill(find_worker(request), signal.SIGKILL)
    with pytest.raises(StepError, match="talk: transcribe: its worker was ended by SIGKILL; "):
        future.result(PATIENCE_S)
    lengthen(whispered, 0.2)
    again = executor.submit(whispered.request("transcribe")).result(PATIENCE_S)
    assert again.used["engine"] == "faster_whisper"


def test_a_step_that_takes_too_long_is_ended(whispered: Staged, executor: Executor) -> None:
    lengthen(whispered, 30)
    request = limit(whispered.request("transcribe"), timeout_s=3.0)
    with pytest.raises(StepError, match="talk: transcribe: took longer than its 3 s; raise run"):
        executor.submit(request).result(PATIENCE_S)
    assert not find_children(os.getpid(), "executors.worker")


def test_ctrl_c_ends_it_at_once_and_leaves_nobody_behind(whispered: Staged, tmp_path: Path) -> None:
    lengthen(whispered, 30)
    sound = whispered.folder / "ingest" / "audio.wav"
    out = tmp_path / "out"
    command = [
        sys.executable, "-m", "pipeline", "caption", str(sound), "--engine", "faster_whisper",
        "--model", str(TINY_WHISPER), "--out", str(out),
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        wait_until(lambda: has_progress(out / ".scratch", "transcribe"))
        family = find_family(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 130
        assert process.stderr
        spoken = process.stderr.read()
    wait_until(lambda: not any(map(is_alive, family)))
    assert "Traceback" not in spoken
    assert "leaked" not in spoken
    assert not (out / "transcribe").exists()


def test_how_far_it_is_is_told_and_grows(whispered: Staged, executor: Executor) -> None:
    lengthen(whispered, 10)
    request = whispered.request("transcribe")
    future = executor.submit(request)
    shares = []
    while not future.done():
        shares.append(read_progress(request))
    assert future.result().used["engine"] == "faster_whisper"
    # Before there is progress, and when the step has put it away, it reads as none.
    told = [share for share in shares if share]
    assert len(set(told)) >= 2
    assert told == sorted(told)


def test_the_number_of_cpus_changes_no_byte(whispered: Staged) -> None:
    lengthen(whispered, 2)
    made = set()
    for cpus in (1, 2, 3):
        request = limit(whispered.request("transcribe"), cpus=cpus)
        with contextlib.closing(make_executor("local", 1)) as executor:
            executor.submit(request).result(PATIENCE_S)
        made.add((request.paths.folder / "transcript.json").read_bytes())
    assert len(made) == 1


PROGRAM = """
import sys
from pathlib import Path
from pipeline.contracts import EngineRequest, Hints
from pipeline.speech.voice_activity import find_speech
from pipeline.recognizers.whisper.recognizer import load
from pipeline.media.wav import read_samples

def tell(share):
    print(Path("/proc/self/statm").read_text().split()[1])

samples = read_samples(Path(sys.argv[1]))
recognizer = load(EngineRequest(sys.argv[2], "cpu"))
heard = recognizer.transcribe(samples, find_speech(samples), Hints("en"), tell)
assert len(heard.segments) > 60
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="what is in memory is told by Linux")
def test_memory_does_not_grow_while_half_an_hour_is_heard(whispered: Staged) -> None:
    lengthen(whispered, 30)
    path = whispered.folder / "ingest" / "audio.wav"
    used = measure_memory(path)
    third = len(used) // 3
    assert third >= 10
    grown = np.median(used[-third:]) - np.median(used[:third])
    assert grown < path.stat().st_size / 5


def measure_memory(path: Path) -> list[int]:
    """Bytes of memory that a process has in use while it hears a file, as often as it tells."""
    command = [sys.executable, "-c", PROGRAM, str(path), str(TINY_WHISPER)]
    # Whatever is let go is given back at once: what threads leave behind for later differs by a
    # hundred megabytes from run to run.
    env = os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return [int(n_pages) * os.sysconf("SC_PAGE_SIZE") for n_pages in done.stdout.split()]


def test_what_is_not_believed_is_marked_in_the_players_time(
    whispered: Staged, tmp_path: Path
) -> None:
    words = (RecognizedWord("thank", 900, 1_000), RecognizedWord("you", 1_000, 1_200))
    segment = Segment(500, 900, (RecognizedWord("stand", 500, 900),))
    refused = Refused(words, "loop", 9.0)
    script = Transcript("en", "scripted", "", (segment,), (), refused=(refused,))
    write_record(tmp_path / "heard.json", script)
    options = {"engine": "scripted", "model": str(tmp_path / "heard.json")}
    recognized = transcribe(whispered.having(transcribe=options))
    (found,) = recognized.refused
    assert (found.reason, found.figure) == ("loop", 9.0)
    assert [word.start_ms for word in found.words] == [900, 1_000]
    assert [word.text for one in recognized.segments for word in one.words] == ["stand"]


def transcribe(staged: Staged) -> Transcript:
    staged.run("transcribe")
    return read_record(staged.folder / "transcribe" / "transcript.json", Transcript)


def test_windows_at_a_time_are_an_option(whispered: Staged) -> None:
    lengthen(whispered, 2)
    one_by_one, together = (
        transcribe(
            whispered.having(transcribe={**whispered.options["transcribe"], "batch_size": size})
        )
        for size in (1, 3)
    )
    assert one_by_one.speech == together.speech
    assert one_by_one.segments and together.segments


@pytest.mark.parametrize(
    ("lacks", "complaint"),
    [
        ("tokenizer.json", "is no Whisper model: tokenizer.json missing; convert it with ct2-"),
        ("", "no such folder; check transcribe.model"),
    ],
)
def test_a_model_that_is_none_is_one_line_with_what_to_do(
    whispered: Staged, tmp_path: Path, lacks: str, complaint: str
) -> None:
    folder = tmp_path / "model"
    if lacks:
        shutil.copytree(TINY_WHISPER, folder)
        (folder / lacks).unlink()
    options = {"engine": "faster_whisper", "model": str(folder)}
    with pytest.raises(EngineError, match=complaint) as caught:
        whispered.having(transcribe=options).run("transcribe")
    assert "\n" not in str(caught.value)


def test_heads_that_the_model_lacks_cost_no_worker(
    whispered: Staged, tmp_path: Path, executor: Executor
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(TINY_WHISPER, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "alignment_heads": [[10**9, 0]]}))
    staged = whispered.having(transcribe={"model": str(folder), "device": "cpu"})
    with pytest.raises(CuecastError, match="alignment_heads names"):
        executor.submit(staged.request("transcribe")).result(PATIENCE_S)
