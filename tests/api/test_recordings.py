"""One recording through the stages, in worker processes, with nothing left behind."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest

import cuecast
from pipeline.job.lock import hold_lock
from pipeline.records import TimedText, Turn
from tests.excerpt import ROOT, read_text, read_truth
from tests.job.test_executors import find_children, is_alive, wait_until

CLOSE_MS = 60
"""How far a word's start may be from the truth in a clear excerpt."""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders go during a test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def find_workers() -> set[int]:
    return set(find_children(os.getpid(), "executors.worker"))


def test_words_are_those_of_the_command(talk: Path, temporary: Path) -> None:
    shares: list[float] = []
    words = cuecast.align(
        talk / "talk.mp3", talk / "talk.txt", on_progress=shares.append, run={"workers": 1}
    )
    command = ["caption", "talk.mp3", "--text", "talk.txt", "--out", "out", "-q"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-m", "pipeline", *command], cwd=talk, env=environment, check=True
    )
    assert words == cuecast.read_words(talk / "out" / "align" / "words.json")
    assert [word.text for word in words.words] == read_text().split()
    for word, (_, start_ms) in zip(words.words, read_truth(), strict=True):
        assert word.start_ms is not None
        assert abs(word.start_ms - start_ms) < CLOSE_MS
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert not list(temporary.iterdir())
    assert not find_workers()


def test_a_folder_that_is_asked_for_stays_and_is_reused(talk: Path, temporary: Path) -> None:
    first = cuecast.transcribe(talk / "talk.mp3", out=talk / "out")
    words_json = talk / "out" / "align" / "words.json"
    made_ns = words_json.stat().st_mtime_ns
    assert cuecast.transcribe(talk / "talk.mp3", out=talk / "out") == first
    assert words_json.stat().st_mtime_ns == made_ns
    assert first.words
    assert not list(temporary.iterdir())


def test_a_second_call_on_a_folder_is_refused(talk: Path, temporary: Path) -> None:
    with hold_lock(talk / "out"), pytest.raises(cuecast.ConfigError, match="another run"):
        cuecast.transcribe(talk / "talk.mp3", out=talk / "out")


def test_an_exception_in_a_callback_ends_the_call_with_its_workers(
    talk: Path, temporary: Path
) -> None:
    def cancel(share: float) -> None:
        raise RuntimeError(f"not beyond {share}")

    with pytest.raises(RuntimeError, match="not beyond"):
        cuecast.align(talk / "talk.mp3", talk / "talk.txt", on_progress=cancel)
    assert not list(temporary.iterdir())
    assert not find_workers()
    assert threading.active_count() == 1


INTERRUPTED = """
import signal
import cuecast
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
try:
    cuecast.align("talk.mp3", "talk.txt", on_progress=lambda share: print(share, flush=True))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_ctrl_c_ends_the_call_and_leaves_nothing(talk: Path, temporary: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", INTERRUPTED]
    with subprocess.Popen(
        command, cwd=talk, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    ) as caller:  # fmt: skip
        assert caller.stdout is not None and caller.stderr is not None
        caller.stdout.readline()
        (worker,) = find_children(caller.pid, "executors.worker")
        caller.send_signal(signal.SIGINT)
        assert caller.stdout.read().endswith("interrupted\n")
        assert caller.stderr.read() == ""
    wait_until(lambda: not is_alive(worker))
    assert not list(temporary.iterdir())


def test_a_crash_has_the_end_of_its_log_with_it(talk: Path, temporary: Path) -> None:
    def has_begun() -> bool:
        logs = temporary.glob("*/item/logs/transcribe.log")
        return any("talk begins" in log.read_text() for log in logs)

    def crash() -> None:
        wait_until(has_begun)
        for worker in find_workers():
            os.kill(worker, signal.SIGSEGV)

    threading.Thread(target=crash, daemon=True).start()
    with pytest.raises(cuecast.StepError) as caught:
        cuecast.align(talk / "talk.mp3", talk / "talk.txt")
    line = "its worker was ended by SIGSEGV; give out= a folder, which keeps the log"
    assert str(caught.value) == f"talk: transcribe: {line}"
    assert "Segmentation fault" in "".join(caught.value.__notes__)
    assert not list(temporary.iterdir())


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"engin": "ctc"}, "align.engin: unknown key; did you mean engine?"),
        ({"engine": "cct"}, "align.engine: 'cct' is not known; use 'auto', 'pocketsphinx'"),
        ({"profile": "bbc"}, "align.profile: unknown key; put profile under captions"),
        ({"language": "gemran"}, "language: 'gemran' is no language; did you mean German?"),
        ({"speakers": "nora"}, "speakers: 'nora' is no list; write it as a list: [a, b]"),
        ({"transcribe": {"modle": "x"}}, "transcribe.modle: unknown key; did you mean model?"),
        ({"run": {"workers": 0}}, "run.workers: input should be greater than or equal to 1"),
        ({"model": "\udcff"}, "align.model: not UTF-8 text; write it in UTF-8"),
        ({"vocabulary": {"a": {1, 2}}}, "align.vocabulary.a: a set is no option; give text"),
        ({"engine": "ctc", "model": "/no/where"}, "/no/where: no such folder; check align.model"),
    ],
)
def test_a_wrong_option_is_told_as_in_a_job_file(
    talk: Path, temporary: Path, options: dict[str, object], line: str
) -> None:
    with pytest.raises(cuecast.ConfigError) as caught:
        cuecast.align(talk / "talk.mp3", talk / "talk.txt", **options)  # type: ignore[arg-type]
    assert str(caught.value).startswith(line)
    assert not list(temporary.iterdir())


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path, temporary: Path) -> None:
    with pytest.raises(cuecast.ConfigError, match=r"gone\.mp3: no such file; check the path"):
        cuecast.transcribe(tmp_path / "gone.mp3")


def test_what_fails_in_a_stage_is_its_own_error(talk: Path, temporary: Path) -> None:
    (talk / "talk.mp3").write_bytes(b"no sound")
    with pytest.raises(cuecast.MediaError, match=r"talk\.mp3: .+"):
        cuecast.align(talk / "talk.mp3", talk / "talk.txt")


def test_clips_are_cut_by_the_words_as_they_are_given(talk: Path, temporary: Path) -> None:
    words = make_words()
    asked = {"title": "Beach", "from": "on a beach", "to": "six hours", "expand": "none"}
    (clip,) = cuecast.cut_clips(
        talk / "talk.mp3", words, select=[asked], captions="sidecar", title="The talk",
        out=talk / "out",
    )  # fmt: skip
    first, last = words.words[1], words.words[6]
    assert first.start_ms is not None and last.end_ms is not None
    assert clip.start_ms <= first.start_ms < last.end_ms <= clip.end_ms
    assert [Path(file.path).name for file in clip.files] == [
        "01-beach.mp4", "01-beach.vtt", "01-beach.jpg",
    ]  # fmt: skip
    assert all(Path(file.path).is_file() for file in clip.files)
    shown = cuecast.read_captions(clip.files[1].path)
    assert "on a BEACH" in " ".join(cue.text.replace("\n", " ") for cue in shown.cues)
    assert cuecast.read_words(talk / "out" / "align" / "words.json") == words
    assert not list(temporary.iterdir())


def make_words() -> TimedText:
    """The words of the excerpt at their true times, one of them corrected by hand."""
    truth = read_truth()
    ends_ms = [start_ms for _, start_ms in truth[1:]] + [6_000]
    words = tuple(
        cuecast.Word(text, start_ms, end_ms, "aligned", 1.0, 0)
        for (text, start_ms), end_ms in zip(truth, ends_ms, strict=True)
    )
    words = tuple(replace(w, text="BEACH") if w.text == "beach" else w for w in words)
    return TimedText("en", "hand", 6_100, (Turn(None, None, 0, len(words)),), words)
