"""Captions and chapters put into a file as tracks, its picture and sound copied as they are.

What they say is decided elsewhere; burning captions in is `render.py`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.media.ffmpeg import Run, file_url, input_limits, run_ffmpeg
from pipeline.media.probe import probe_codecs
from pipeline.records import Media

MP4_CODECS = frozenset({"h264", "hevc", "av1", "mpeg4", "aac", "mp3", "ac3", "eac3", "alac"})
"""What players expect in an MP4; all else goes into Matroska, which takes anything."""

_MP4_ENDINGS = (".mp4", ".m4a")
_FORMATS = {
    ".mp4": ["-movflags", "+faststart", "-f", "mp4"],
    ".m4a": ["-movflags", "+faststart", "-f", "ipod"],
    ".mkv": ["-f", "matroska"],
    ".mka": ["-f", "matroska"],
}

_NO_TITLES = ["-map_metadata:g", "-1", "-map_metadata:s", "-1"]
"""Nothing of the file's or its streams'; a bare -1 would take the chapters' titles too."""

_LANGUAGES = {
    "ar": "ara", "de": "deu", "en": "eng", "es": "spa", "fr": "fra", "hi": "hin", "it": "ita",
    "ja": "jpn", "ko": "kor", "nl": "nld", "pl": "pol", "pt": "por", "ru": "rus", "sv": "swe",
    "tr": "tur", "uk": "ukr", "zh": "zho",
}  # fmt: skip
"""ISO 639-2 for MP4, which takes nothing else; others go without."""


@dataclass(frozen=True, slots=True)
class Subtitles:
    """Captions in one language: as WebVTT for Matroska, as SubRip for MP4's mov_text."""

    language: str
    vtt: str
    srt: str


@dataclass(frozen=True, slots=True)
class Tracks:
    """What is put beside picture and sound.

    Args:
        subtitles: players show the first unless they are told otherwise.
        chapters: ffmetadata.
    """

    subtitles: tuple[Subtitles, ...] = ()
    chapters: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to put."""
        return not self.subtitles and not self.chapters


_CHANNEL_CODEC = "aac"
"""Of a channel taken out of a sound, which is coded anew: copied, it would have the others too."""


def choose_container(source: Path, media: Media) -> str:
    """The ending of the file that can hold a recording's picture and chosen sound."""
    video, audio = probe_codecs(source, media.audio_stream)
    if media.channel is not None:
        audio = _CHANNEL_CODEC
    is_mp4 = {codec for codec in (video, audio) if codec} <= MP4_CODECS
    if video is None:
        return "m4a" if is_mp4 else "mka"
    return "mp4" if is_mp4 else "mkv"


def copy_recording(source: Path, media: Media, made: Path, tracks: Tracks) -> None:
    """Copy picture and chosen sound of a recording beside tracks.

    No frame is coded anew, and no sound but where one channel is taken out of it.

    Raises:
        MediaError: ffmpeg failed.
    """
    coding: list[str] = []
    if media.channel is not None:
        chosen = f"aresample=async=1,pan=mono|c0=c{media.channel}"
        coding = ["-filter:a", chosen, "-c:a", _CHANNEL_CODEC, "-b:a", "160k"]
    _copy(source, ["-map", f"0:a:{media.audio_stream}", "-c", "copy", *coding], made, tracks)


def add_tracks(made: Path, tracks: Tracks) -> None:
    """Put tracks into a finished clip, in place.

    Raises:
        MediaError: ffmpeg failed.
    """
    _copy(made, ["-map", "0:a:0", "-c", "copy"], made, tracks)


def _copy(source: Path, sound: Sequence[str], made: Path, tracks: Tracks) -> None:
    """Write a file of a picture, a sound and tracks; it may be made of itself.

    Nothing of the recording's own titles, chapters or captions goes along.
    """
    limits = [word for name, value in input_limits(source).items() for word in (f"-{name}", value)]
    maps = ["-map", "0:V:0?", *sound]
    with TemporaryDirectory(prefix=".tracks-", dir=made.parent) as name:
        inputs, more = _add_tracks(tracks, made.suffix in _MP4_ENDINGS, Path(name))
        whole = Path(name) / f"whole{made.suffix}"
        arguments = [*limits, "-i", file_url(source.resolve()), *inputs, *maps, *more]
        arguments += [*_NO_TITLES, "-bitexact", *_FORMATS[made.suffix], file_url(whole)]
        run_ffmpeg(Run(arguments, where=str(source)))
        whole.replace(made)


def _add_tracks(tracks: Tracks, is_mp4: bool, folder: Path) -> tuple[list[str], list[str]]:
    """The inputs that hold the tracks, the recording being the first, and what is taken of them."""
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
