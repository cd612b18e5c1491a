"""Finds and runs the ffmpeg binary, with restricted inputs and progress; it dies with its parent.

Not here: the arguments of each use (see `decode.py`, `render.py`).
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
"""Environment variable that names an ffmpeg to use instead of imageio-ffmpeg's."""

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
"""Input options that restrict what a media file can make ffmpeg (and PyAV) open."""

UNTOLD_BYTES = 1 << 20
"""A WAV file this much longer than its header says has an overflowed or unfinished header."""

STALL_S = 300.0
"""A run whose output time has not advanced for this long is killed."""

MAX_LOG_LINES = 4000

_COMPLAINT = re.compile(r"(?:\[[^\]]* @ [^\]]*\] )*\[(?:error|fatal|panic)\] (.+)")
_ADDRESS = re.compile(r"\[[^\]]* @ [^\]]*\] ")

_BYTES_TO_CARRY = {0xDC00 + byte: 0x10DC00 + byte for byte in range(0x80, 0x100)}
_CARRIED_BYTES = {carried: byte for byte, carried in _BYTES_TO_CARRY.items()}
"""Maps bytes of a path that are not UTF-8 from Python's surrogate escapes (PEP 383) to private use
characters and back, since ffmpeg-python encodes paths as UTF-8 and would fail."""

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
        where: the beginning of an error message, usually the media file's name.
        folder: working folder, so that paths inside filters can be short plain names.
        environment: variables added to the process's own.
        on_time: called now and then with the seconds of output written so far.
    """

    arguments: Sequence[str]
    where: str
    folder: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    on_time: Callable[[float], None] | None = None


def find_ffmpeg() -> Path:
    """The ffmpeg named by CUECAST_FFMPEG, or the one imageio-ffmpeg carries; never one on the PATH.

    Raises:
        MediaError: the one named is not a program, or the package has none for this platform.
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
    """A path as an argument that ffmpeg takes literally, whatever bytes are in it."""
    return f"file:{path.absolute()}".translate(_BYTES_TO_CARRY)


def input_limits(path: Path) -> dict[str, str]:
    """The input options of a file: `INPUT_LIMITS`, and `ignore_length` if a WAV header is short.

    A WAV header has a 32-bit size: past 4 GB, or if its writer was stopped, it is smaller than
    the file.
    """
    with path.open("rb") as file:
        riff, n_told, form = struct.unpack("<4sI4s", file.read(12).ljust(12, b"\0"))
    is_short = riff == b"RIFF" and form == b"WAVE" and n_told > 0
    if is_short and path.stat().st_size - n_told > UNTOLD_BYTES:
        return {**INPUT_LIMITS, "ignore_length": "1"}
    return dict(INPUT_LIMITS)


def run_ffmpeg(run: Run) -> list[str]:
    """Run ffmpeg and return the lines it logged, each beginning with its level.

    It is killed on any exception and when this process ends (on Linux even if that is killed).

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
    lines = (line.rstrip() for line in process.stderr)
    reader = threading.Thread(target=log.extend, args=(lines,), daemon=True)
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


def find_failure(arguments: Sequence[str]) -> str | None:
    """Why a small run fails with this ffmpeg on this machine; None if it succeeds."""
    try:
        run_ffmpeg(Run(arguments, where="ffmpeg"))
    except MediaError as error:
        return error.problem
    return None


def _end_with_parent() -> list[str]:
    """The prefix of a command that the kernel kills when this process dies (PR_SET_PDEATHSIG).

    No Python code may run between fork and exec (other threads may hold locks), so a bare
    interpreter sets it and then becomes ffmpeg.
    """
    if sys.platform != "linux" or not sys.executable:
        return []
    return [sys.executable, "-I", "-S", "-c", _END_WITH_PARENT, str(os.getpid())]


def _follow(progress: Iterable[str], run: Run) -> None:
    """Read `-progress` lines to the end: report the output time, and fail if it stops advancing."""
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
    """The lines logged as errors, without the memory addresses of the modules that logged them."""
    found = (_COMPLAINT.match(line) for line in log)
    return [_ADDRESS.sub("", match[1])[:300].rstrip(".") for match in found if match]


def _find_cause(log: Iterable[str], code: int) -> str:
    """The first logged error, or how the process ended."""
    if complaints := find_complaints(log):
        return complaints[0]
    return f"it was killed by signal {-code}" if code < 0 else f"exit code {code}"
