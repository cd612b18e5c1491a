"""The records of a clip to render, and the input seek that all of its files share.

`render.py` renders it.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.media.ffmpeg import file_url, input_limits
from pipeline.media.frames import SLOWEST_FPS, Fit, Picture
from pipeline.media.layout import Layout
from pipeline.media.picture import format_rate
from pipeline.media.probe import read_streams
from pipeline.records import Media

DECODE_THREADS = 2

LEAD_S = 12.0
"""Where seeking is not exact, decode from this much earlier: longer than a key frame interval."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a clip.

    Args:
        ass: captions drawn over the picture, times from the clip's start.
        title: ASS drawn once, on the still ground of a drawn picture.
        layout: of the drawn picture, for a recording without one.
        poster: the path of a JPEG to save, and the time in the clip (ms) that it shows.
    """

    path: Path
    picture: Picture
    ass: str | None = None
    title: str | None = None
    layout: Layout | None = None
    poster: tuple[Path, int] | None = None


@dataclass(frozen=True, slots=True)
class SoundPlan:
    """How a clip's sound is mastered.

    Args:
        target_lufs: its integrated loudness.
        gain_db: None brings each clip to the target; a number raises its loudness by so much.
        intro, outro: WAV files mixed under its beginning and its end.
        files: audio-only files to write, by format: m4a or mp3.
    """

    target_lufs: float = -16.0
    gain_db: float | None = None
    intro: Path | None = None
    outro: Path | None = None
    files: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """One clip to render: source, time range and output files.

    `folder` holds the files; `cover` is a picture to show if the recording has only sound.
    """

    source: Path
    media: Media
    start_ms: int
    end_ms: int
    renditions: tuple[Rendition, ...]
    folder: Path
    fit: Fit = "crop"
    sound: SoundPlan = field(default_factory=SoundPlan)
    cover: Path | None = None

    @property
    def duration_s(self) -> float:
        """The length of every file."""
        return (self.end_ms - self.start_ms) / 1000


def open_source(cut: Cut) -> tuple[Any, Any]:
    """Video and audio streams of the recording, time 0 at the clip's start.

    ffmpeg seeks to the key frame before a time and drops the frames between, which is exact with
    two exceptions: without an index it may land on the key frame after, and at a low frame rate
    the frame still shown at that time is dropped.
    """
    source, lead_s = _open_input(cut)
    video, audio = source["V:0"], source[f"a:{cut.media.audio_stream}"]
    if lead_s == 0:
        return video, audio
    start, shift = f"{lead_s:.3f}", f"PTS-{lead_s:.3f}/TB"
    if _is_slow(cut.media):
        rate = format_rate(cut.renditions[0].picture.fps)
        # setpts rounds to the time base, which fps makes as coarse as a frame.
        video = video.filter("fps", fps=rate, start_time=0).filter("settb", "AVTB")
    return (
        video.filter("trim", start=start).filter("setpts", shift),
        audio.filter("atrim", start=start).filter("asetpts", shift),
    )


def pass_picture(cut: Cut) -> list[Any]:
    """An output that discards the video undecoded, for runs that need only the sound: the time 0 of
    ffmpeg is the start of the first stream that is used, not that of the container."""
    import ffmpeg

    if cut.media.video is None:
        return []
    source, _ = _open_input(cut)
    return [ffmpeg.output(source["V:0"], "-", f="null", c="copy")]


def _open_input(cut: Cut) -> tuple[Any, float]:
    """The recording as input, and how many seconds before the clip it is opened."""
    import ffmpeg

    lead_s = _choose_lead_s(cut)
    source = ffmpeg.input(
        file_url(cut.source.resolve()),
        ss=f"{cut.start_ms / 1000 - lead_s:.3f}",
        t=f"{cut.duration_s + lead_s:.3f}",
        threads=DECODE_THREADS,
        **input_limits(cut.source),
    )
    return source, lead_s


def _choose_lead_s(cut: Cut) -> float:
    container = read_streams(cut.source, cut.media.audio_stream).container
    is_exact = container not in ("mpegts", "mpeg") and not _is_slow(cut.media)
    return 0.0 if is_exact else min(cut.start_ms / 1000, LEAD_S)


def _is_slow(media: Media) -> bool:
    return media.video is not None and media.video.fps < SLOWEST_FPS
