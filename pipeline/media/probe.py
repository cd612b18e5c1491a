"""Reads the streams of a recording with PyAV: codecs, sizes, rates, where the sound begins.

Not here: decoding it all (see `decode.py`). imageio-ffmpeg has no ffprobe.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from pipeline.errors import MediaError
from pipeline.media.ffmpeg import INPUT_LIMITS
from pipeline.records import VideoStream

log = logging.getLogger(__name__)

MAX_FPS = 60.0
"""Pictures of a higher frame rate are rendered at this one."""

RATE_TOLERANCE = 0.02
"""The frame rate is variable if base and average rate differ by more than this share."""

FIRST_FRAME_PACKETS = 500
"""Packets to try for the first frame that decodes."""

MAX_PIXELS = 8192 * 8192
"""Larger pictures are refused: one frame would take hundreds of megabytes."""

MAX_START_S = 24 * 3600.0
"""Sound that begins further from the container's start than this is refused as damaged."""

HDR_TRANSFERS = frozenset({16, 18})
"""Transfer characteristics of PQ and HLG. Source: ITU-T H.273, table 3."""


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """One audio stream; `start_s` is where its first decoded sample lies on the player's clock."""

    n_channels: int
    start_s: float


@dataclass(frozen=True, slots=True)
class Probe:
    """The streams of a recording; `duration_s` is the container's own, None if it has none."""

    duration_s: float | None
    video: VideoStream | None
    n_audio_streams: int


@dataclass(frozen=True, slots=True)
class Streams:
    """What a file's header tells: ffmpeg's name of its format, codecs (the picture's first), the
    picture's size (None without one), and when each stream ends."""

    container: str
    duration_ms: int
    audio_ms: int
    video_ms: int | None
    size: tuple[int, int] | None
    codecs: tuple[str, ...]


def probe_media(path: Path) -> Probe:
    """Read the streams, decoding no more than the first video frame.

    Raises:
        MediaError: no such file, empty, not media, or its picture is too large.
    """
    with open_media(path) as container:
        video = find_picture(container)
        return Probe(
            duration_s=container.duration / 1e6 if (container.duration or 0) > 0 else None,
            video=_read_video(container, video) if video is not None else None,
            n_audio_streams=len(container.streams.audio),
        )


def read_streams(path: Path, audio_stream: int = 0) -> Streams:
    """The video and one audio stream by the container's header; no frame is decoded.

    Raises:
        MediaError: no such file, empty, not media, or without such a stream.
    """
    with open_media(path) as container:
        video, audio = find_picture(container), find_sound(container, audio_stream)
        both = [stream.codec_context for stream in (video, audio) if stream is not None]
        return Streams(
            container=container.format.name,
            duration_ms=round((container.duration or 0) / 1000),
            audio_ms=_end_ms(audio, container),
            video_ms=_end_ms(video, container) if video is not None else None,
            size=(both[0].width, both[0].height) if video is not None else None,
            codecs=tuple(each.name for each in both),
        )


def probe_start(path: Path) -> Fraction:
    """The start time of the container in seconds: in MPEG-TS it is seldom 0.

    Raises:
        MediaError: no such file, empty, or not media.
    """
    with open_media(path) as container:
        return Fraction(container.start_time or 0, 1_000_000)


def probe_audio(path: Path, stream: int) -> AudioTrack:
    """Read one audio stream, decoding its first frame to find where the sound starts.

    The stream's start time is not enough: samples that the decoder drops (priming, pre-skip) are
    counted in some containers and not in others.

    Raises:
        MediaError: no such stream.
    """
    with open_media(path) as container:
        track = find_sound(container, stream)
        begin_s = (container.start_time or 0) / 1e6
        stream_start_s = to_seconds(track.start_time, track.time_base)
        frame = first_frame(container, track)
        if frame is not None and frame.pts is not None:
            stream_start_s = to_seconds(frame.pts, frame.time_base)
        if abs(stream_start_s - begin_s) > MAX_START_S:
            problem = f"its sound begins {stream_start_s - begin_s:.0f} s after its own start"
            raise MediaError(_name(container), problem, "convert it with another tool first")
        return AudioTrack(
            n_channels=track.codec_context.channels or (frame.layout.nb_channels if frame else 1),
            start_s=stream_start_s - begin_s,
        )


def find_picture(container: Any) -> Any | None:
    """The first video stream that is no still picture, None without one.

    Raises:
        MediaError: there is no decoder for its codec.
    """
    video = next((s for s in container.streams.video if not _is_still(s)), None)
    if video is not None and video.codec_context is None:
        raise _undecodable(container, "picture")
    return video


def find_sound(container: Any, number: int) -> Any:
    """An audio stream by its number, counted from 0.

    Raises:
        MediaError: no such stream, or no decoder for its codec.
    """
    tracks = container.streams.audio
    if not tracks:
        raise MediaError(
            _name(container), "no sound in it", "name a recording with an audio stream"
        )
    if number >= len(tracks):
        raise MediaError(
            _name(container),
            f"no audio stream {number}: it has {len(tracks)}, counted from 0",
            "mend audio.stream",
        )
    if tracks[number].codec_context is None:
        raise _undecodable(container, "sound")
    return tracks[number]


def to_seconds(time: int | None, time_base: Fraction | None) -> float:
    """A time in units of `time_base` as seconds; 0 if the container lacks either."""
    return float(time * time_base) if time and time_base else 0.0


@contextmanager
def open_media(path: Path) -> Iterator[Any]:
    """Open a container under `INPUT_LIMITS`; PyAV's errors become a `MediaError`."""
    import av

    if not path.exists():
        raise MediaError(str(path), "no such file", "check the path")
    if not path.is_file():
        raise MediaError(str(path), "not a file", "name a recording")
    if path.stat().st_size == 0:
        raise MediaError(str(path), "the file is empty", "name a recording")
    try:
        with av.open(f"file:{path.absolute()}", container_options=dict(INPUT_LIMITS)) as container:
            yield container
    except (av.error.FFmpegError, UnicodeError) as error:
        raise MediaError(
            str(path), f"not a recording that can be read ({_reason(error)})", "check that it plays"
        ) from error


def _end_ms(stream: Any, container: Any) -> int:
    """When a stream ends on the player's clock."""
    if stream.duration is None:
        return round((container.duration or 0) / 1000)
    begin_s = to_seconds(stream.start_time, stream.time_base) - (container.start_time or 0) / 1e6
    return round((begin_s + to_seconds(stream.duration, stream.time_base)) * 1000)


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or type(error).__name__).splitlines()[0]


def _is_still(stream: Any) -> bool:
    """Whether a video stream is a still picture: cover art, thumbnails, a single frame."""
    from av.stream import Disposition

    return stream.frames == 1 or bool(
        stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails)
    )


def _read_video(container: Any, stream: Any) -> VideoStream:
    size = stream.codec_context.width, stream.codec_context.height
    if size[0] * size[1] > MAX_PIXELS:
        raise MediaError(
            _name(container), f"its picture is {size[0]} × {size[1]} pixels", "make it smaller"
        )
    frame = first_frame(container, stream)
    if frame is None:
        raise _undecodable(container, "picture")
    width, height = Fraction(frame.width), Fraction(frame.height)
    width *= stream.sample_aspect_ratio or 1
    if frame.rotation % 180:
        width, height = height, width
    if min(width, height) < 1 or width * height > MAX_PIXELS:
        # No real pixel aspect ratio gives such a size: the header is damaged.
        width, height = Fraction(frame.width), Fraction(frame.height)
    average = float(stream.average_rate or stream.base_rate or 25)
    base = float(stream.base_rate or average)
    is_variable = abs(base - average) > RATE_TOLERANCE * average
    fps = base if is_variable and base <= MAX_FPS else average
    return VideoStream(
        width_px=round(width),
        height_px=round(height),
        fps=min(fps, MAX_FPS),
        is_variable_rate=is_variable,
        is_hdr=int(frame.color_trc or 0) in HDR_TRANSFERS,
        primaries=int(frame.color_primaries),
        transfer=int(frame.color_trc),
        matrix=int(frame.colorspace),
    )


def _undecodable(container: Any, what: str) -> MediaError:
    return MediaError(
        _name(container), f"its {what} cannot be decoded", "convert it with another tool first"
    )


def _name(container: Any) -> str:
    return str(container.name).removeprefix("file:")


def first_frame(container: Any, stream: Any) -> Any | None:
    """The first frame that decodes; damaged packets before it are skipped."""
    import av

    for n_packets, packet in enumerate(container.demux(stream)):
        try:
            frames = packet.decode()
        except av.error.FFmpegError as error:
            log.info("packet %s does not decode: %s", n_packets, _reason(error))
            continue
        if frames:
            return frames[0]
        if n_packets > FIRST_FRAME_PACKETS:
            break
    return None
