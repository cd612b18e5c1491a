"""Running ffmpeg: found without the PATH, held to plain files, never left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import MediaError
from pipeline.media.ffmpeg import INPUT_LIMITS, Run, file_url, find_ffmpeg, run_ffmpeg
from tests.patience import PATIENCE_S

ENDLESS = ["-re", "-f", "lavfi", "-i", "anullsrc", "-f", "null", "-"]


def test_ffmpeg_is_found_with_an_empty_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    run_ffmpeg(Run(["-f", "lavfi", "-i", "anullsrc=d=0.1", "-f", "null", "-"], where="silence"))


def test_a_named_ffmpeg_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "my ffmpeg"
    named.symlink_to(find_ffmpeg())
    monkeypatch.setenv("CUECAST_FFMPEG", str(named))
    assert find_ffmpeg() == named.resolve()


def test_a_named_ffmpeg_that_is_no_program_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUECAST_FFMPEG", "/no/such/ffmpeg")
    with pytest.raises(MediaError, match="CUECAST_FFMPEG: /no/such/ffmpeg is not a program"):
        find_ffmpeg()


def test_a_failure_is_one_line_with_its_cause(tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("not a recording")
    with pytest.raises(MediaError) as caught:
        run_ffmpeg(Run(["-i", file_url(text), "-f", "null", "-"], where="text.mp4"))
    assert str(caught.value).startswith("text.mp4: ffmpeg failed: ")
    assert "moov atom not found" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "0x" not in str(caught.value)


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile secret.wav\n",
    ],
)
def test_a_playlist_in_disguise_opens_nothing(tmp_path: Path, playlist: str) -> None:
    secret = tmp_path / "secret.wav"
    run_ffmpeg(Run(["-f", "lavfi", "-i", "anullsrc=d=0.1", file_url(secret)], where="secret"))
    disguised = tmp_path / "talk.mp4"
    disguised.write_text(playlist)
    limits = [word for name, value in INPUT_LIMITS.items() for word in (f"-{name}", value)]
    with pytest.raises(MediaError):
        run_ffmpeg(Run([*limits, "-i", file_url(disguised), "-f", "null", "-"], where="talk.mp4"))


def test_the_output_time_is_reported_while_it_runs(tmp_path: Path) -> None:
    told: list[float] = []
    arguments = ["-f", "lavfi", "-i", "anullsrc=d=3", "-f", "null", "-"]
    run_ffmpeg(Run(arguments, where="silence", on_time=told.append))
    assert told == sorted(told)
    assert told[-1] == pytest.approx(3.0, abs=0.1)


def test_an_exception_while_it_runs_ends_ffmpeg() -> None:
    def stop(out_s: float) -> None:
        raise KeyboardInterrupt

    before = _children()
    with pytest.raises(KeyboardInterrupt):
        run_ffmpeg(Run(ENDLESS, where="endless", on_time=stop))
    assert _children() == before


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_ffmpeg_dies_with_a_killed_parent() -> None:
    script = (
        "import sys; from pipeline.media.ffmpeg import Run, run_ffmpeg\n"
        "run_ffmpeg(Run(sys.argv[1:], where='endless', on_time=lambda s: print('on', flush=True)))"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, *ENDLESS], stdout=subprocess.PIPE, env=dict(os.environ),
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert parent.stdout is not None
    parent.stdout.readline()
    (child,) = _children(parent.pid)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    limit_s = time.monotonic() + PATIENCE_S
    while _is_running(child):
        assert time.monotonic() < limit_s, "ffmpeg outlived its parent"
        time.sleep(0.02)


def _is_running(pid: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _children(pid: int | None = None) -> list[str]:
    children: list[str] = []
    for task in Path(f"/proc/{pid or os.getpid()}/task").iterdir():
        # A thread may end before its file is read.
        with contextlib.suppress(OSError):
            children += (task / "children").read_text().split()
    return sorted(children)
