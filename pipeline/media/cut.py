"""The records of a clip to render, and how its picture and its sound are found in the recording.

`render.py` renders it.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.media.ffmpeg import file_url, input_limits
from pipeline.media.frames import Fit, Picture
from pipeline.media.layout import Layout
from pipeline.media.probe import find_lead_s, is_exact_in_sound
from pipeline.records import Media, VideoStream

DECODE_THREADS = 2

SOUND_LEAD_S = 12.0
"""Where seeking in the sound is not exact, decode from this much earlier: players read no further
ahead than a second or two, so longer than sound lies from its picture."""

_DISCARDED = {"f": "null", "c": "copy"}


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a clip.

    Args:
        ass: captions drawn over the picture, times from the clip's start.
        title, names: ASS of a drawn picture: drawn once on its still ground; drawn over each frame.
            Renditions of one size share them.
        layout: of the drawn picture, for a recording without one.
        poster: the path of a JPEG to save, and the time in the clip (ms) that it shows.
    """

    path: Path
    picture: Picture
    ass: str | None = None
    title: str | None = None
    names: str | None = None
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


def open_picture(cut: Cut, video: VideoStream) -> tuple[Any, Any]:
    """The video stream of the recording, and an output that discards the sound (see `open_sound`).

    Time 0 is the clip's start. The stream begins as that of `open_frames` does, and goes on to the
    recording's end.
    """
    import ffmpeg

    source, stream, lead_s = open_frames(cut.source, video, cut.start_ms / 1000)
    sound = source[f"a:{cut.media.audio_stream}"]
    return stream, ffmpeg.output(sound, "-", t=f"{lead_s + cut.duration_s:.3f}", **_DISCARDED)


def open_frames(path: Path, video: VideoStream, at_s: float) -> tuple[Any, Any, float]:
    """A file as input, its video stream of which a time (s on the player's clock) is 0, and how
    much earlier (s) it is opened.

    The stream begins with a key frame at or before 0, so that the picture shown at 0 is in it,
    however long that one is held. Interlaced frames are deinterlaced.
    """
    import ffmpeg

    lead_s = find_lead_s(path, video.stream_index, at_s)
    begin = {"ss": f"{at_s - lead_s:.6f}", "noaccurate_seek": None}
    source = ffmpeg.input(
        file_url(path.resolve()), **begin, threads=DECODE_THREADS, **input_limits(path)
    )
    stream = source[str(video.stream_index)]
    if lead_s > 0:
        # setpts rounds to the time base, which may be as coarse as a frame.
        stream = stream.filter("settb", "AVTB").filter("setpts", f"PTS-{lead_s:.6f}/TB")
    if video.is_interlaced:
        stream = stream.filter("bwdif", mode="send_frame", deint="interlaced")
    return source, stream, lead_s


def open_sound(cut: Cut) -> tuple[Any, list[Any]]:
    """The chosen audio stream of the recording, time 0 at the clip's start, and outputs that
    discard the picture.

    They are needed since the time 0 of ffmpeg is the start of the first stream that is used, not
    that of the container.
    """
    import ffmpeg

    lead_s = 0.0 if is_exact_in_sound(cut.source) else min(cut.start_ms / 1000, SOUND_LEAD_S)
    source = ffmpeg.input(
        file_url(cut.source.resolve()),
        ss=f"{cut.start_ms / 1000 - lead_s:.3f}",
        t=f"{cut.duration_s + lead_s:.3f}",
        threads=DECODE_THREADS,
        **input_limits(cut.source),
    )
    audio, video = source[f"a:{cut.media.audio_stream}"], cut.media.video
    passed = [ffmpeg.output(source[str(video.stream_index)], "-", **_DISCARDED)] if video else []
    if lead_s == 0:
        return audio, passed
    start, shift = f"{lead_s:.3f}", f"PTS-{lead_s:.3f}/TB"
    return audio.filter("atrim", start=start).filter("asetpts", shift), passed
