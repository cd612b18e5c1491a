"""Measures a finished clip: its length, streams and loudness. The caller judges them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.media.decode import SAMPLE_RATE_HZ
from pipeline.media.ffmpeg import Run, file_url, find_complaints, run_ffmpeg
from pipeline.media.mastering import Loudness, parse_loudness
from pipeline.media.probe import find_picture, find_sound, open_media, to_seconds


@dataclass(frozen=True, slots=True)
class Streams:
    """The streams of a file: codecs, picture size (None without one), and when each stream ends."""

    duration_ms: int
    audio_ms: int
    video_ms: int | None
    size: tuple[int, int] | None
    codecs: tuple[str, ...]


def read_streams(path: Path) -> Streams:
    """The streams by the container's header.

    Raises:
        MediaError: not media.
    """
    with open_media(path) as container:
        video = find_picture(container)
        audio = find_sound(container, 0)
        both = [stream for stream in (video, audio) if stream is not None]
        return Streams(
            duration_ms=round((container.duration or 0) / 1000),
            audio_ms=_end_ms(audio, container),
            video_ms=_end_ms(video, container) if video is not None else None,
            size=(video.codec_context.width, video.codec_context.height) if video else None,
            codecs=tuple(stream.codec_context.name for stream in both),
        )


def listen(path: Path, wav: Path) -> tuple[Loudness, list[str]]:
    """Decode a clip's sound to a 16 kHz mono WAV; its loudness and the decoder's errors."""
    graph = "[0:a:0]ebur128=peak=true:framelog=quiet"
    # The first sample is at the player's time 0, wherever the audio stream starts.
    graph += f",aresample={SAMPLE_RATE_HZ}:async=1:first_pts=0"
    graph += ",aformat=channel_layouts=mono[wav]"
    told = run_ffmpeg(
        Run(
            ["-i", file_url(path), "-filter_complex", graph, "-map", "[wav]", "-c:a", "pcm_s16le",
             "-f", "wav", file_url(wav)],
            where=path.name,
        )
    )  # fmt: skip
    return parse_loudness(told), find_complaints(told)


def _end_ms(stream: Any, container: Any) -> int:
    """When a stream ends on the player's clock."""
    if stream.duration is None:
        return round((container.duration or 0) / 1000)
    begin_s = to_seconds(stream.start_time, stream.time_base) - (container.start_time or 0) / 1e6
    return round((begin_s + to_seconds(stream.duration, stream.time_base)) * 1000)
