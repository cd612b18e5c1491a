"""Opens a recording, and chooses its picture and its sound: the same ones everywhere.

Not here: what is known of them (see `probe.py`).
"""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import MediaError
from pipeline.media.ffmpeg import INPUT_LIMITS

log = logging.getLogger(__name__)

FIRST_FRAME_PACKETS = 500
"""Packets to try for the first frame that decodes."""

AudioChoice = int | Literal["auto"]
"""The number of an audio stream, counted from 0; `auto` is the one with the default flag."""


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
            str(path), f"not a recording that can be read ({reason(error)})", "check that it plays"
        ) from error


def find_picture(container: Any) -> Any | None:
    """The video stream that players show: no still picture, the default one, the largest.

    None if there is none.

    Raises:
        MediaError: there is no decoder for its codec.
    """
    from av.stream import Disposition

    def rank(stream: Any) -> tuple[bool, bool, int]:
        coded = stream.codec_context
        size_px = coded.width * coded.height if coded is not None else 0
        return coded is not None, bool(stream.disposition & Disposition.default), size_px

    moving = [stream for stream in container.streams.video if not _is_still(stream)]
    if len(moving) > 1 and not all(stream.frames for stream in moving):
        moving = _drop_single_frames(container, moving)
    video = max(moving, key=rank, default=None)
    if video is not None and video.codec_context is None:
        raise undecodable(container, "picture")
    return video


def find_sound(container: Any, choice: AudioChoice) -> Any:
    """An audio stream; `auto` is the first with the default flag, or without one the first.

    Raises:
        MediaError: no such stream, or no decoder for its codec.
    """
    from av.stream import Disposition

    tracks = container.streams.audio
    if not tracks:
        raise MediaError(
            name_file(container), "no sound in it", "name a recording with an audio stream"
        )
    if choice == "auto":
        defaults = (track for track in tracks if track.disposition & Disposition.default)
        track = next(defaults, tracks[0])
    elif choice < len(tracks):
        track = tracks[choice]
    else:
        raise MediaError(
            name_file(container),
            f"no audio stream {choice}: it has {len(tracks)}, counted from 0",
            "mend audio.stream",
        )
    if track.codec_context is None:
        raise undecodable(container, "sound")
    return track


def first_frame(container: Any, stream: Any) -> Any | None:
    """The first frame that decodes; damaged packets before it are skipped."""
    import av

    for n_packets, packet in enumerate(container.demux(stream)):
        try:
            frames = packet.decode()
        except av.error.FFmpegError as error:
            log.info("packet %s does not decode: %s", n_packets, reason(error))
            continue
        if frames:
            return frames[0]
        if n_packets > FIRST_FRAME_PACKETS:
            break
    return None


def describe_sound(track: Any) -> str:
    """An audio stream's language, title and number of channels, as far as they are known."""
    n_channels = track.codec_context.channels if track.codec_context is not None else 0
    title = track.metadata.get("title")
    told = (
        track.language if track.language != "und" else None,
        repr(title) if title else None,
        "mono" if n_channels == 1 else f"{n_channels} channels" if n_channels else None,
    )
    return ", ".join(filter(None, told)) or "nothing known"


def undecodable(container: Any, what: str) -> MediaError:
    """The error of a stream whose codec has no decoder."""
    return MediaError(
        name_file(container), f"its {what} cannot be decoded", "convert it with another tool first"
    )


def name_file(container: Any) -> str:
    """The path of a container, for messages."""
    return str(container.name).removeprefix("file:")


def reason(error: Exception) -> str:
    """What PyAV says of an error, in one line."""
    return (getattr(error, "strerror", None) or type(error).__name__).splitlines()[0]


def _is_still(stream: Any) -> bool:
    """Whether a video stream's header says that it is a still: cover art, thumbnails, one frame."""
    from av.stream import Disposition

    return stream.frames == 1 or bool(
        stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails)
    )


def _drop_single_frames(container: Any, streams: Sequence[Any]) -> list[Any]:
    """The streams of several that have more than one frame, where the header doesn't say.

    Cost: a few packets; the whole file if one of them is a single frame.
    """
    n_packets: Counter[int] = Counter()
    with open_media(Path(name_file(container))) as other:
        for packet in other.demux([stream.index for stream in streams]):
            n_packets[packet.stream_index] += packet.size > 0
            if len(n_packets) == len(streams) and min(n_packets.values()) > 1:
                break
    return [stream for stream in streams if n_packets[stream.index] > 1]
