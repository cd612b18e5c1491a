"""Small recordings damaged at random places, and what probing and ingest make of them.

`python -m tests.media.damaging FIRST_SEED N_SEEDS FOLDER` ingests as many of every container and
prints a line for everything that is neither a recording nor one line of `MediaError`.
"""

import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import CuecastError, MediaError
from pipeline.media.decode import MAX_DURATION_S, ingest_media
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.media.options import AudioOptions
from pipeline.media.probe import probe_start, read_streams
from pipeline.media.stills import save_cover
from pipeline.media.wav import read_samples

MAX_CASE_S = 30.0
"""Longest time for one recording of a second, on a busy machine."""

MAX_BYTES = 3 << 30
"""Address space of each process: ffmpeg with its threads takes a third of it."""

SOUND = ("-f", "lavfi", "-i", "sine=f=300:d=1:r=48000")
FILM = ("-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=1", *SOUND)

CONTAINERS = {
    "mpeg4.mp4": (*FILM, "-c:v", "mpeg4", "-c:a", "aac"),
    "h264.mp4": (*FILM, "-c:v", "libx264", "-c:a", "aac", "-movflags", "+faststart"),
    "fragments.mp4": (*FILM, "-c:v", "mpeg4", "-movflags", "frag_keyframe+empty_moov"),
    "a.mov": (*FILM, "-c:v", "mpeg4", "-c:a", "pcm_s16le"),
    "a.m4a": (*SOUND, "-c:a", "aac"),
    "a.mkv": (*FILM, "-c:v", "mpeg4", "-c:a", "libopus"),
    "a.webm": (*FILM, "-c:v", "libvpx", "-c:a", "libvorbis"),
    "a.ts": (*FILM, "-c:v", "mpeg2video", "-c:a", "mp2"),
    "a.mpg": (*FILM, "-c:v", "mpeg2video", "-c:a", "mp2"),
    "a.avi": (*FILM, "-c:v", "mpeg4", "-c:a", "mp3"),
    "a.flv": (*FILM, "-c:v", "flv1", "-ar", "22050", "-c:a", "mp3"),
    "a.mxf": (*FILM, "-c:v", "mpeg2video"),
    "a.wma": (*SOUND, "-c:a", "wmav2"),
    "a.ogg": (*SOUND, "-c:a", "libvorbis"),
    "a.opus": (*SOUND, "-c:a", "libopus"),
    **{f"a.{ending}": SOUND for ending in ("mp3", "wav", "w64", "flac", "aac", "ac3")},
    **{f"a.{ending}": SOUND for ending in ("caf", "aiff", "au", "wv", "tta")},
}
"""What ffmpeg makes each of: a second of sound, with a picture where the container takes one."""

NAMES = (
    b"moov", b"trak", b"stsd", b"mdhd", b"mvhd", b"stts", b"stsz", b"stco", b"stsc", b"hdlr",
    b"tkhd", b"mp4a", b"avc1", b"mp4v", b"esds", b"elst", b"mdat", b"moof", b"tfhd", b"trun",
    b"fmt ", b"data", b"RIFF", b"strh", b"strf", b"OggS", b"fLaC", b"desc", b"COMM",
)  # fmt: skip
"""Of boxes and chunks: beside them stands how long they are."""

ODD_NUMBERS = (0, 1, 7, 8, 9, 2**31 - 1, 2**31, 2**32 - 1)


def damage(content: bytes, seed: str) -> bytes:
    """The content with one to four faults: bytes changed, zeroed, inserted, taken out, cut off, or
    a box of another kind or length. Headers are hit more often than what they describe."""
    rng = random.Random(seed)
    damaged = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        _break_once(rng, damaged)
    return bytes(damaged)


def _break_once(rng: random.Random, damaged: bytearray) -> None:
    reach = rng.choice((64, 512, 2048, len(damaged)))
    at = rng.randrange(min(len(damaged), reach) + 1)
    if rng.random() < 0.2:
        at = max(0, len(damaged) - at)
    n_bytes = rng.randint(1, 100)
    match rng.choice(("change", "zero", "cut", "box", "insert", "number", "remove")):
        case "change":
            damaged[at : at + 8] = rng.randbytes(len(damaged[at : at + 8]))
        case "zero":
            damaged[at : at + n_bytes] = bytes(len(damaged[at : at + n_bytes]))
        case "cut":
            del damaged[at:]
        case "box":
            places = [place for name in NAMES if (place := damaged.find(name)) >= 4]
            at = rng.choice(places or [4])
            if rng.random() < 0.5:
                damaged[at : at + 4] = rng.randbytes(4)
            else:
                damaged[at - 4 : at] = rng.choice(ODD_NUMBERS).to_bytes(4, "big")
        case "insert":
            damaged[at:at] = rng.randbytes(n_bytes)
        case "number":
            order = rng.choice(("big", "little"))
            damaged[at : at + 4] = rng.choice(ODD_NUMBERS).to_bytes(4, order)
        case "remove":
            del damaged[at : at + n_bytes]


def make_whole(name: str, folder: Path) -> bytes:
    """A recording without a fault."""
    path = folder / f"whole-{name}"
    run_ffmpeg(Run([*CONTAINERS[name], "-threads", "1", file_url(path)], where=name))
    return path.read_bytes()


def find_faults(path: Path) -> Iterator[str]:
    """What is wrong with how a recording is read, if anything."""
    started_s = time.monotonic()
    for read in (_ingest, _look):
        try:
            read(path)
        except MediaError as error:
            if len(str(error).splitlines()) != 1:
                yield f"not one line: {error}"
        except CuecastError as error:
            yield f"the wrong kind of error: {error!r}"
        except Exception as error:
            yield f"{read.__name__}: {error!r}"
    if time.monotonic() - started_s > MAX_CASE_S:
        yield f"{time.monotonic() - started_s:.0f} s"


def _ingest(path: Path) -> None:
    wav = path.with_suffix(".audio.wav")
    media = ingest_media(path, AudioOptions(), wav, lambda share: None)
    assert media.n_samples == len(read_samples(wav))
    assert abs(media.sound_start_ms) <= 1000 * MAX_DURATION_S
    assert media.n_samples / 16 < media.duration_ms + 1
    assert media.duration_ms <= 2000 * MAX_DURATION_S
    if video := media.video:
        assert min(video.width_px, video.height_px) > 0
        assert 0 < video.fps <= 60


def _look(path: Path) -> None:
    """What the clips stage asks of a recording before it is cut."""
    probe_start(path)
    save_cover(path, path.with_suffix(".cover.png"))
    read_streams(path)


def main() -> None:
    """Go through all containers."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
    first, n_seeds, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    for name in CONTAINERS:
        whole = make_whole(name, folder)
        for number in range(first, first + n_seeds):
            path = folder / name
            path.write_bytes(damage(whole, f"{name} {number}"))
            for fault in find_faults(path):
                sys.stdout.write(f"{name} {number}: {fault}\n")


if __name__ == "__main__":
    main()
