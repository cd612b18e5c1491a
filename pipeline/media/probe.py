"""Reads the streams of a recording with PyAV: codecs, sizes, rates, where the sound begins.

Not here: which stream is used (see `streams.py`), decoding it all (see `decode.py`).
imageio-ffmpeg has no ffprobe.
"""

import logging
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from pipeline.errors import MediaError
from pipeline.media.streams import (
    AudioChoice,
    describe_sound,
    find_picture,
    find_sound,
    first_frame,
    name_file,
    open_media,
    reason,
    undecodable,
)
from pipeline.records import Media, VideoStream

log = logging.getLogger(__name__)

MAX_FPS = 60.0
"""Pictures of a higher frame rate are rendered at this one."""

RATE_TOLERANCE = 0.02
"""The frame rate is variable if base and average rate differ by more than this share."""

TIME_STAMP_S = Fraction(1, 1000)
"""How exact time stamps are: containers such as Matroska have whole milliseconds."""

FIRST_LEAD_S, LEAD_GROWTH = 2.0, 4.0
"""Where seeking finds no key frame: the first step back, and each further one's factor. Broadcasts
have a key frame every second or half, x264 by default one in 250 frames."""

N_PLACES = 4
"""A picture is interlaced if a frame is at the beginning or at one of these parts of its length."""

MAX_PIXELS = 8192 * 8192
"""Larger pictures are refused: one frame would take hundreds of megabytes."""

MAX_START_S = 24 * 3600.0
"""Sound that begins further from the container's start than this is refused as damaged."""

HDR_TRANSFERS = frozenset({16, 18})
"""Transfer characteristics of PQ and HLG. Source: ITU-T H.273, table 3."""


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """One audio stream by its number; `start_s` is where its first decoded sample lies on the
    player's clock."""

    number: int
    n_channels: int
    start_s: float


@dataclass(frozen=True, slots=True)
class Probe:
    """The streams of a recording; `duration_s` is the container's own, None if it has none.

    `sounds`: each audio stream's language, title and channels.
    """

    duration_s: float | None
    video: VideoStream | None
    sounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Streams:
    """What a file's header tells: codecs (the picture's first), the picture's size (None without
    one), and when each stream ends."""

    duration_ms: int
    audio_ms: int
    video_ms: int | None
    size: tuple[int, int] | None
    codecs: tuple[str, ...]


def probe_media(path: Path) -> Probe:
    """Read the streams, decoding no more than a few video frames.

    Raises:
        MediaError: no such file, empty, not media, or its picture is too large.
    """
    with open_media(path) as container:
        video = find_picture(container)
        return Probe(
            duration_s=container.duration / 1e6 if (container.duration or 0) > 0 else None,
            video=_read_video(container, video) if video is not None else None,
            sounds=tuple(map(describe_sound, container.streams.audio)),
        )


def read_streams(path: Path) -> Streams:
    """The video and audio stream of a clip by the container's header; no frame is decoded.

    Raises:
        MediaError: no such file, empty, not media, or without such a stream.
    """
    with open_media(path) as container:
        video, audio = find_picture(container), find_sound(container, "auto")
        both = [stream.codec_context for stream in (video, audio) if stream is not None]
        return Streams(
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


def read_codecs(path: Path, media: Media) -> tuple[str | None, str]:
    """ffmpeg's names of the codecs of the picture (None without one) and the chosen sound.

    Raises:
        MediaError: no such file, empty, or not media.
    """
    with open_media(path) as container:
        sound = find_sound(container, media.audio_stream).codec_context.name
        if media.video is None:
            return None, sound
        return container.streams[media.video.stream_index].codec_context.name, sound


def is_exact_in_sound(path: Path) -> bool:
    """Whether seeking in a container finds all sound from a time on: not where it has no index.

    Raises:
        MediaError: no such file, empty, or not media.
    """
    with open_media(path) as container:
        return container.format.name not in ("mpegts", "mpeg")


def find_lead_s(path: Path, stream_index: int, at_s: float) -> float:
    """How much earlier to seek than a time (s on the player's clock) to decode its picture.

    From there on lies a key frame before that time. 0 where the container's index finds one;
    without an index seeking ends anywhere, and earlier places are tried.

    Raises:
        MediaError: no such file, empty, or not media.
    """
    with open_media(path) as container:
        stream = container.streams[stream_index]
        begin_s = (container.start_time or 0) / 1e6
        lead_s = 0.0
        while lead_s < at_s:
            if _has_key_frame(container, stream, begin_s + at_s - lead_s, begin_s + at_s):
                # ffmpeg rounds its shift of time stamps to the time base, in AVI a whole frame.
                odd_s = (at_s - lead_s) % float(stream.time_base)
                return lead_s + (odd_s if stream.time_base > TIME_STAMP_S else 0.0)
            lead_s = max(FIRST_LEAD_S, LEAD_GROWTH * lead_s)
    return at_s


def probe_audio(path: Path, choice: AudioChoice) -> AudioTrack:
    """Read one audio stream, decoding its first frame to find where the sound starts.

    The stream's start time is not enough: samples that the decoder drops (priming, pre-skip) are
    counted in some containers and not in others.

    Raises:
        MediaError: no such stream.
    """
    with open_media(path) as container:
        track = find_sound(container, choice)
        begin_s = (container.start_time or 0) / 1e6
        stream_start_s = to_seconds(track.start_time, track.time_base)
        frame = first_frame(container, track)
        if frame is not None and frame.pts is not None:
            stream_start_s = to_seconds(frame.pts, frame.time_base)
        if abs(stream_start_s - begin_s) > MAX_START_S:
            problem = f"its sound begins {stream_start_s - begin_s:.0f} s after its own start"
            raise MediaError(name_file(container), problem, "convert it with another tool first")
        return AudioTrack(
            number=container.streams.audio.index(track),
            n_channels=track.codec_context.channels or (frame.layout.nb_channels if frame else 1),
            start_s=stream_start_s - begin_s,
        )


def to_seconds(time: int | None, time_base: Fraction | None) -> float:
    """A time in units of `time_base` as seconds; 0 if the container lacks either."""
    return float(time * time_base) if time and time_base else 0.0


def _end_ms(stream: Any, container: Any) -> int:
    """When a stream ends on the player's clock."""
    if stream.duration is None:
        return round((container.duration or 0) / 1000)
    begin_s = to_seconds(stream.start_time, stream.time_base) - (container.start_time or 0) / 1e6
    return round((begin_s + to_seconds(stream.duration, stream.time_base)) * 1000)


def _read_video(container: Any, stream: Any) -> VideoStream:
    size = stream.codec_context.width, stream.codec_context.height
    if size[0] * size[1] > MAX_PIXELS:
        raise MediaError(
            name_file(container), f"its picture is {size[0]} × {size[1]} pixels", "make it smaller"
        )
    frame = first_frame(container, stream)
    if frame is None:
        raise undecodable(container, "picture")
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
        stream_index=stream.index,
        coded_height_px=frame.height,
        is_interlaced=frame.interlaced_frame or _is_interlaced_later(container, stream),
    )


def _is_interlaced_later(container: Any, stream: Any) -> bool:
    """Whether a frame further on is interlaced; in broadcasts a film may follow on a studio."""
    import av

    for number in range(1, N_PLACES):
        try:
            container.seek(
                (container.start_time or 0) + (container.duration or 0) * number // N_PLACES
            )
            frame = first_frame(container, stream)
        except av.error.FFmpegError as error:
            log.info("no frame at part %s of %s: %s", number, N_PLACES, reason(error))
            return False
        if frame is not None and frame.interlaced_frame:
            return True
    return False


def _has_key_frame(container: Any, stream: Any, from_s: float, until_s: float) -> bool:
    """Whether seeking to a time (s) finds a key frame that is shown by a later one."""
    import av

    try:
        container.seek(round(from_s * 1e6))
        for packet in container.demux(stream):
            times = (packet.pts if packet.pts is not None else packet.dts), packet.dts
            shown_s, decoded_s = (to_seconds(time, packet.time_base) for time in times)
            if packet.is_keyframe and packet.size and shown_s <= until_s:
                return True
            if decoded_s > until_s:
                return False
    except av.error.FFmpegError as error:
        log.info("seeking to %.1f s fails: %s", from_s, reason(error))
    return False
