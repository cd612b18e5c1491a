"""Muxes captions and chapters into a file as tracks; video and audio are copied unchanged.

Not here: burned-in captions (see `render.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.media.ffmpeg import Run, file_url, input_limits, run_ffmpeg
from pipeline.media.probe import read_codecs
from pipeline.media.sound import FILL_GAPS
from pipeline.records import Media

MP4_CODECS = frozenset({"h264", "hevc", "av1", "mpeg4", "aac", "mp3", "ac3", "eac3", "alac"})
"""Codecs that players expect in MP4; files with any other become Matroska."""

HEVC_TAG = "hvc1"
"""The sample entry of HEVC in MP4 that Apple's players take; ffmpeg's own `hev1` they refuse.

Source: Apple, HLS Authoring Specification for Apple Devices, 1.10.
"""

_MP4_ENDINGS = (".mp4", ".m4a")
_FORMATS = {
    ".mp4": ["-movflags", "+faststart", "-f", "mp4"],
    ".m4a": ["-movflags", "+faststart", "-f", "ipod"],
    ".mkv": ["-f", "matroska"],
    ".mka": ["-f", "matroska"],
}

_NO_TITLES = ["-map_metadata:g", "-1", "-map_metadata:s", "-1"]
"""Drops the metadata of the file and its streams; a bare -1 would drop chapter titles too."""

_LANGUAGES = {
    "ar": "ara", "de": "deu", "en": "eng", "es": "spa", "fr": "fra", "hi": "hin", "it": "ita",
    "ja": "jpn", "ko": "kor", "nl": "nld", "pl": "pol", "pt": "por", "ru": "rus", "sv": "swe",
    "tr": "tur", "uk": "ukr", "zh": "zho",
}  # fmt: skip
"""ISO 639-2 codes, the only ones MP4 takes; tracks in other languages get no language tag."""


@dataclass(frozen=True, slots=True)
class Subtitles:
    """Captions in one language: as WebVTT for Matroska, as SubRip for MP4's mov_text."""

    language: str
    vtt: str
    srt: str


@dataclass(frozen=True, slots=True)
class Tracks:
    """The tracks to add.

    Args:
        subtitles: the first is the default track.
        chapters: as ffmetadata text.
    """

    subtitles: tuple[Subtitles, ...] = ()
    chapters: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to add."""
        return not self.subtitles and not self.chapters


_CHANNEL_CODEC = "aac"
"""Codec of a single channel: it has to be encoded, since a copied stream has all channels."""


def choose_container(source: Path, media: Media) -> str:
    """The file extension of a container for the recording's video and chosen audio."""
    video, audio = read_codecs(source, media)
    if media.channel is not None:
        audio = _CHANNEL_CODEC
    is_mp4 = {video or audio, audio} <= MP4_CODECS
    if video is None:
        return "m4a" if is_mp4 else "mka"
    return "mp4" if is_mp4 else "mkv"


def copy_recording(source: Path, media: Media, made: Path, tracks: Tracks) -> None:
    """Copy the video and chosen audio of a recording to a new file, with tracks.

    Nothing is re-encoded, except audio of which one channel is taken.

    Raises:
        MediaError: ffmpeg failed.
    """
    maps = ["-map", f"0:a:{media.audio_stream}", "-c", "copy"]
    if media.video is not None:
        maps = ["-map", f"0:{media.video.stream_index}", *maps]
    if made.suffix in _MP4_ENDINGS and read_codecs(source, media)[0] == "hevc":
        maps += ["-tag:v", HEVC_TAG]
    if media.channel is not None:
        chosen = f"{FILL_GAPS},pan=mono|c0=c{media.channel}"
        maps += ["-filter:a", chosen, "-c:a", _CHANNEL_CODEC, "-b:a", "160k"]
    _copy(source, maps, made, tracks)


def add_tracks(made: Path, tracks: Tracks) -> None:
    """Add tracks to a finished clip, in place.

    Raises:
        MediaError: ffmpeg failed.
    """
    _copy(made, ["-map", "0:v:0?", "-map", "0:a:0", "-c", "copy"], made, tracks)


def _copy(source: Path, streams: Sequence[str], made: Path, tracks: Tracks) -> None:
    """Write a file of one video, one audio stream and tracks; `made` may be `source`.

    The source's own metadata, chapters and captions are dropped.
    """
    limits = [word for name, value in input_limits(source).items() for word in (f"-{name}", value)]
    with TemporaryDirectory(prefix=".tracks-", dir=made.parent) as name:
        inputs, more = _add_tracks(tracks, made.suffix in _MP4_ENDINGS, Path(name))
        whole = Path(name) / f"whole{made.suffix}"
        arguments = [*limits, "-i", file_url(source.resolve()), *inputs, *streams, *more]
        arguments += [*_NO_TITLES, "-bitexact", *_FORMATS[made.suffix], file_url(whole)]
        run_ffmpeg(Run(arguments, where=str(source)))
        whole.replace(made)


def _add_tracks(tracks: Tracks, is_mp4: bool, folder: Path) -> tuple[list[str], list[str]]:
    """ffmpeg arguments for the tracks: their inputs (numbered from 1), and their maps."""
    inputs: list[str] = []
    maps: list[str] = []
    form, codec = ("srt", "mov_text") if is_mp4 else ("webvtt", "webvtt")
    for number, one in enumerate(tracks.subtitles):
        path = folder / f"captions-{number}.{form}"
        path.write_text(one.srt if is_mp4 else one.vtt, encoding="utf-8", newline="\n")
        inputs += ["-f", form, "-i", file_url(path)]
        maps += ["-map", f"{number + 1}:s:0", f"-c:s:{number}", codec]
        maps += [f"-disposition:s:{number}", "0" if number else "default"]
        if code := _LANGUAGES.get(one.language):
            maps += [f"-metadata:s:s:{number}", f"language={code}"]
    if tracks.chapters:
        path = folder / "chapters.ffmeta"
        path.write_text(tracks.chapters, encoding="utf-8", newline="\n")
        maps += ["-map_chapters", str(len(tracks.subtitles) + 1)]
        inputs += ["-f", "ffmetadata", "-i", file_url(path)]
    else:
        maps += ["-map_chapters", "-1"]
    return inputs, maps
