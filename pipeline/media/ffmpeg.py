"""Finds and runs the ffmpeg binary: safely, with progress, and never leaving it behind.

Not here: what it is asked to do (see `decode.py`, `render.py`).
"""

import os
import re
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import MediaError

BINARY_VARIABLE = "CUECAST_FFMPEG"
"""Environment variable that names an ffmpeg to use instead of the one that comes along."""

PLAIN_CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mp3", "wav", "w64", "flac", "ogg", "aac", "ac3",
    "eac3", "dts", "aiff", "asf", "avi", "mpeg", "mpegts", "flv", "caf", "amr", "au", "wv", "tta",
    "ape", "mxf", "mpegvideo", "h264", "hevc",
)  # fmt: skip
"""Demuxers that read one file and nothing else: no playlist, no list of files, no image pattern."""

INPUT_LIMITS = {
    "protocol_whitelist": "file",
    "format_whitelist": ",".join(PLAIN_CONTAINERS),
    "max_streams": "100",
}
"""What media may make ffmpeg (and PyAV) open, and how much of it, as options of an input."""

UNTOLD_BYTES = 1 << 20
"""A WAV file that is this much longer than its header says was written by one that lost count."""

STALL_S = 300.0
"""A run whose output has not grown for this long is given up."""

MAX_LOG_LINES = 4000

_COMPLAINT = re.compile(r"(?:\[[^\]]* @ [^\]]*\] )*\[(?:error|fatal|panic)\] (.+)")
_ADDRESS = re.compile(r"\[[^\]]* @ [^\]]*\] ")

_BYTES_TO_CARRY = {0xDC00 + byte: 0x10DC00 + byte for byte in range(0x80, 0x100)}
_CARRIED_BYTES = {carried: byte for byte, carried in _BYTES_TO_CARRY.items()}
"""Bytes of a path that are no UTF-8, from what Python has for them (PEP 383) to characters for
private use and back: ffmpeg-python encodes what it is given, and would fail."""

_END_WITH_PARENT = (
    "import ctypes, os, sys\n"
    "ctypes.CDLL(None).prctl(1, 9)\n"  # PR_SET_PDEATHSIG, SIGKILL: kept across exec
    "if os.getppid() != int(sys.argv[1]): sys.exit(1)\n"
    "os.execv(sys.argv[2], sys.argv[2:])\n"
)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of ffmpeg.

    Args:
        arguments: everything after the binary's name.
        where: what an error begins with, commonly the media file's name.
        folder: working folder, so that paths inside filters can be short plain names.
        environment: variables laid over the process's own.
        on_time: told now and then how many seconds of output are done.
    """

    arguments: Sequence[str]
    where: str
    folder: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    on_time: Callable[[float], None] | None = None


def find_ffmpeg() -> Path:
    """The ffmpeg named by CUECAST_FFMPEG, or the one imageio-ffmpeg carries; never one on the PATH.

    Raises:
        MediaError: the one named is not a program, or the package carries none for this platform.
    """
    named = os.environ.get(BINARY_VARIABLE)
    if named:
        if not os.access(named, os.X_OK) or Path(named).is_dir():
            raise MediaError(
                BINARY_VARIABLE, f"{named} is not a program", "unset it or name an ffmpeg binary"
            )
        return Path(named).resolve()
    import imageio_ffmpeg

    carried = Path(imageio_ffmpeg.__file__).parent / "binaries"
    binaries = sorted(carried.glob("ffmpeg-*"))
    if not binaries:
        raise MediaError(
            "ffmpeg", "imageio-ffmpeg carries no binary here", f"name one in {BINARY_VARIABLE}"
        )
    return binaries[0]


def file_url(path: Path) -> str:
    """A path as `run_ffmpeg` takes it literally, whatever characters and bytes are in it."""
    return f"file:{path.absolute()}".translate(_BYTES_TO_CARRY)


def input_limits(path: Path) -> dict[str, str]:
    """The options under which a file is opened: `INPUT_LIMITS`, and to its end.

    A WAV header counts in 32 bits: past 4 GB, or when its writer was stopped, it tells of less
    sound than there is.
    """
    with path.open("rb") as file:
        riff, n_told, form = struct.unpack("<4sI4s", file.read(12).ljust(12, b"\0"))
    is_short = riff == b"RIFF" and form == b"WAVE" and n_told > 0
    if is_short and path.stat().st_size - n_told > UNTOLD_BYTES:
        return {**INPUT_LIMITS, "ignore_length": "1"}
    return dict(INPUT_LIMITS)


def run_ffmpeg(run: Run) -> list[str]:
    """Run ffmpeg to its end and return the lines it logged, each beginning with its level.

    The process dies with this one (on Linux even when this one is killed), and on any exception.

    Raises:
        MediaError: it failed, or its output stopped growing for `STALL_S`.
    """
    command = [
        *_end_with_parent(), str(find_ffmpeg()),
        "-nostdin", "-hide_banner", "-y", "-nostats", "-loglevel", "level+info",
        "-progress", "pipe:1", *(word.translate(_CARRIED_BYTES) for word in run.arguments),
    ]  # fmt: skip
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=run.folder,
        env={**os.environ, **run.environment},
        encoding="utf-8",
        errors="replace",
        process_group=0,
    )
    log: deque[str] = deque(maxlen=MAX_LOG_LINES)
    assert process.stdout is not None and process.stderr is not None
    reader = threading.Thread(target=log.extend, args=(_lines(process.stderr),), daemon=True)
    reader.start()
    try:
        _follow(process.stdout, run)
        code = process.wait()
        reader.join()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        reader.join()
        process.stdout.close()
        process.stderr.close()
    if code != 0:
        raise MediaError(
            run.where, f"ffmpeg failed: {_find_cause(log, code)}", "check that the file plays"
        )
    return list(log)


def does_run(arguments: Sequence[str]) -> bool:
    """Whether this ffmpeg, on this machine, can do what a small run asks of it."""
    try:
        run_ffmpeg(Run(arguments, where="ffmpeg"))
    except MediaError:
        return False
    return True


def _end_with_parent() -> list[str]:
    """The command that runs another one which the kernel kills when this process dies.

    Between fork and exec nothing of ours may run (other threads may hold locks), so a bare
    interpreter asks for it and then becomes ffmpeg.
    """
    if sys.platform != "linux" or not sys.executable:
        return []
    return [sys.executable, "-I", "-S", "-c", _END_WITH_PARENT, str(os.getpid())]


def _lines(stream: Iterable[str]) -> Iterable[str]:
    return (line.rstrip() for line in stream)


def _follow(progress: Iterable[str], run: Run) -> None:
    """Read `-progress` lines to the end, passing the time on and watching that it grows."""
    reached_s = -1.0
    grown_at_s = time.monotonic()
    for line in progress:
        key, _, value = line.strip().partition("=")
        if key == "progress" and time.monotonic() - grown_at_s > STALL_S:
            raise MediaError(
                run.where, f"no progress for {STALL_S:.0f} s", "check that the file plays"
            )
        if key != "out_time_us" or not value.isdigit():
            continue
        out_s = int(value) / 1e6
        if out_s > reached_s:
            reached_s, grown_at_s = out_s, time.monotonic()
            if run.on_time is not None:
                run.on_time(out_s)


def find_complaints(log: Iterable[str]) -> list[str]:
    """The lines logged as errors, without the addresses of the parts that logged them."""
    found = (_COMPLAINT.match(line) for line in log)
    return [_ADDRESS.sub("", match[1])[:300].rstrip(".") for match in found if match]


def _find_cause(log: Iterable[str], code: int) -> str:
    """The first complaint, or how it ended."""
    if complaints := find_complaints(log):
        return complaints[0]
    return f"it was killed by signal {-code}" if code < 0 else f"exit code {code}"
