"""What a clip is to be made of and into: plain records, and the seek that all its files share.

Making it is `render.py`'s.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.media.ffmpeg import file_url, input_limits
from pipeline.media.frames import SLOWEST_FPS, Fit, Picture
from pipeline.media.layout import Layout
from pipeline.media.picture import format_rate
from pipeline.media.probe import probe_container
from pipeline.records import Media

DECODE_THREADS = 2

LEAD_S = 12.0
"""How much earlier to begin decoding where seeking is not exact; key frames are closer together."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a clip.

    Args:
        ass: drawn over the picture, times from the clip's start.
        layout: of the picture drawn for a recording that has none.
        poster: a JPEG of the picture at a time of the clip, if one is wanted.
    """

    path: Path
    picture: Picture
    ass: str | None = None
    layout: Layout | None = None
    poster: tuple[Path, int] | None = None


@dataclass(frozen=True, slots=True)
class SoundPlan:
    """How a clip is to sound.

    Args:
        target_lufs: its integrated loudness.
        gain_db: None brings the clip itself to the target; a figure makes it louder by as much.
        intro, outro: WAV files to lie under its beginning and its end.
        files: sound alone, by format: m4a or mp3.
    """

    target_lufs: float = -16.0
    gain_db: float | None = None
    intro: Path | None = None
    outro: Path | None = None
    files: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """One clip to make: what of which recording, into which files.

    `folder` is where they go; `cover` a picture file to show where the recording has only sound.
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
        """How long every file will be."""
        return (self.end_ms - self.start_ms) / 1000


def open_source(cut: Cut) -> tuple[Any, Any]:
    """Picture and sound of the recording as graphs, their time 0 at the clip's start.

    ffmpeg seeks to the key frame before a time and drops what lies between, which is exact but
    for two things: in containers without an index it may land on the key frame after, and in a
    slow picture the frame shown at that time is among those dropped.
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
    """An output that drops the picture undecoded, for runs that take only the sound: ffmpeg's clock
    starts with the first stream that is used, whatever the container says."""
    import ffmpeg

    if cut.media.video is None:
        return []
    source, _ = _open_input(cut)
    return [ffmpeg.output(source["V:0"], "-", f="null", c="copy")]


def _open_input(cut: Cut) -> tuple[Any, float]:
    """The recording, and how many seconds before the clip it begins."""
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
    has_index = probe_container(cut.source) not in ("mpegts", "mpeg")
    is_exact = has_index and not _is_slow(cut.media)
    return 0.0 if is_exact else min(cut.start_ms / 1000, LEAD_S)


def _is_slow(media: Media) -> bool:
    return media.video is not None and media.video.fps < SLOWEST_FPS
