"""The mix put into containers by ffmpeg, and proof that its samples still play where they were.

The only module that starts ffmpeg, the static one that `imageio-ffmpeg` brings.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import tempfile
import wave
from collections.abc import Iterable, Sequence
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from sounds import Samples

FRAMES_PER_S = 25
WIDTH_PX, HEIGHT_PX = 1280, 720
OPUS_BITS_PER_S = 32000
AAC_BITS_PER_S, AAC_HZ, AAC_PRIMING_SAMPLES = 128000, 48000, 1024
RAW_PICTURES = f"-f rawvideo -pix_fmt rgb24 -s {WIDTH_PX}x{HEIGHT_PX} -r {FRAMES_PER_S} -i pipe:0"
# The number of threads is fixed because x264's bytes change with it.
ENCODE_VIDEO = (
    "-c:v libx264 -preset medium -crf 27 -threads 2 -pix_fmt yuv420p -g 100"
    f" -c:a aac -b:a {AAC_BITS_PER_S} -ar {AAC_HZ} -movflags +faststart"
)
WINDOW_S = 15


class DeliveryError(Exception):
    """ffmpeg failed, or what it made is not what was asked for."""


def write_opus(path: Path, samples: Samples, rate_hz: int) -> None:
    """Encode a mono Ogg Opus file.

    The encoder's delay goes into the stream's pre-skip, which every demuxer takes off.
    """
    encode = f"-i pipe:0 -c:a libopus -b:a {OPUS_BITS_PER_S}".split()
    _run_ffmpeg([*_pcm(rate_hz), *encode, *_exact(path)], _to_pcm(samples))


def write_video(
    path: Path, frames: Iterable[bytes], samples: Samples, rate_hz: int, audio_start_ms: int
) -> float:
    """Encode an MP4 whose audio stream starts `audio_start_ms` after its pictures, RGB frames.

    The offset is a real one, an edit list in the container; no silence is added. As ffmpeg writes
    it, the edit list does not cut off the encoder's priming, so the stream opens with that.

    Returns:
        Where the first of `samples` plays, in ms: the start of the stream and the priming after it.
    """
    first_ms = audio_start_ms + AAC_PRIMING_SAMPLES * 1000 / AAC_HZ
    with tempfile.TemporaryDirectory(prefix="delivery-") as scratch:
        mix = Path(scratch) / "mix.wav"  # not raw samples: ffmpeg ignores -itsoffset for those
        with wave.open(str(mix), "wb") as target:
            target.setparams((1, 2, rate_hz, 0, "NONE", ""))
            target.writeframes(_to_pcm(samples))
        sound = ["-itsoffset", f"{first_ms / 1000:.6f}", "-i", str(mix)]
        outputs = ["-map", "0:v", "-map", "1:a", *ENCODE_VIDEO.split(), *_exact(path)]
        _feed_ffmpeg([*RAW_PICTURES.split(), *sound, *outputs], frames)
    return first_ms


def measure_delay_ms(path: Path, samples: Samples, rate_hz: int) -> float:
    """Decode a file's audio again and find how far it lies from the mix; positive is late.

    The worst of start, middle and end. Counted from the first decoded sample: where the stream
    itself starts is for `read_clock_ms`.
    """
    decoded = (
        np.frombuffer(_run_ffmpeg(["-i", str(path), "-map", "0:a", *_pcm(rate_hz), "-"]), "<i2")
        / 32768
    )
    n_window = WINDOW_S * rate_hz
    n_shared = min(len(samples), len(decoded))
    delays_ms = []
    for start in (0, (n_shared - n_window) // 2, n_shared - n_window):
        ours, theirs = samples[start : start + n_window], decoded[start : start + n_window]
        spectrum = np.fft.rfft(theirs, 2 * n_window) * np.conj(np.fft.rfft(ours, 2 * n_window))
        likeness = np.fft.irfft(spectrum)
        lag = int(np.argmax(likeness))
        delays_ms.append((lag if lag < n_window else lag - 2 * n_window) * 1000 / rate_hz)
    return max(delays_ms, key=abs)


def read_clock_ms(path: Path) -> tuple[float, int]:
    """Read where the audio stream starts and where the longest stream ends.

    On the clock of the container's start; from the frames that can be decoded, not a header.
    """
    streams = {kind: _list_frames(path, kind) for kind in _find_streams(path)}
    starts_s = {kind: frames[0][0] for kind, frames in streams.items()}
    container_s = min(starts_s.values())
    end_s = max(
        time_s + duration_s for time_s, duration_s in (frames[-1] for frames in streams.values())
    )
    return (starts_s["a"] - container_s) * 1000, round((end_s - container_s) * 1000)


def _find_streams(path: Path) -> list[str]:
    """List the kinds of stream in a file, as ffmpeg's specifiers: `a`, `v`."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-i", str(path)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    return [
        kind[0].lower() for kind in re.findall(r"Stream #0:\d+.*?: (Audio|Video)", finished.stderr)
    ]


def _list_frames(path: Path, kind: str) -> list[tuple[float, float]]:
    """Decode one stream and list its frames as (presentation time, duration), in seconds."""
    listing = _run_ffmpeg(["-copyts", "-i", str(path), "-map", f"0:{kind}", "-f", "framecrc", "-"])
    timebase = 0.0
    frames = []
    for line in listing.decode("ascii").splitlines():
        if line.startswith("#tb 0:"):
            over, under = line.split(":")[1].split("/")
            timebase = int(over) / int(under)
        elif line and not line.startswith("#"):
            fields = line.split(",")
            frames.append((int(fields[2]) * timebase, int(fields[3]) * timebase))
    return frames


def _run_ffmpeg(arguments: Sequence[str], given: bytes = b"") -> bytes:
    """Run ffmpeg on what it is given and return what it prints.

    Raises:
        DeliveryError: with the end of ffmpeg's own words.
    """
    finished = subprocess.run(
        [*_command(), *arguments], input=given, capture_output=True, check=False
    )
    _check(finished.returncode, finished.stderr)
    return finished.stdout


def _feed_ffmpeg(arguments: Sequence[str], chunks: Iterable[bytes]) -> None:
    """Run ffmpeg on input that is made while it runs.

    It is quiet but for errors, so its messages cannot fill a pipe.
    """
    with subprocess.Popen(
        [*_command(), *arguments], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None and process.stderr is not None
        with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
            for chunk in chunks:
                pipe.write(chunk)
        errors = process.stderr.read()
    _check(process.returncode, errors)


def _command() -> list[str]:
    return [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-y"]


def _check(code: int, errors: bytes) -> None:
    if code != 0:
        raise DeliveryError(
            f"ffmpeg: stopped with {code}: {errors.decode(errors='replace').strip()[-400:]}"
        )


def _pcm(rate_hz: int) -> list[str]:
    return ["-f", "s16le", "-ar", str(rate_hz), "-ac", "1"]


def _exact(path: Path) -> list[str]:
    """Leave out what changes from run to run: encoder versions and dates."""
    return ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact", str(path)]


def _to_pcm(samples: Samples) -> bytes:
    return (np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes()
