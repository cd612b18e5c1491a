"""Cuts one clip out of a recording: every file of it from one decode, in one run of ffmpeg.

The graphs are in `picture.py` and `sound.py`. Which clips, and what the captions say, is decided
elsewhere. The same request gives the same bytes, on one core or on many.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.media.ffmpeg import Run, file_url, input_limits, run_ffmpeg
from pipeline.media.fonts import check_fonts, link_fonts
from pipeline.media.frames import SLOWEST_FPS, Picture
from pipeline.media.picture import crop_video, draw_sound, format_rate
from pipeline.media.probe import probe_media
from pipeline.media.sound import SAMPLE_RATE_HZ, choose_gain_db, cut_sound
from pipeline.records import Media, Progress

X264_THREADS = 2
"""x264's bytes depend on it, so it does not follow the machine."""

LEAD_S = 12.0
"""How much earlier to begin decoding where seeking is not exact; key frames are closer together."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a clip. `ass` is drawn over the picture: times from the clip's start."""

    path: Path
    picture: Picture
    ass: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """One clip to make: what of which recording, into which files."""

    source: Path
    media: Media
    start_ms: int
    end_ms: int
    renditions: tuple[Rendition, ...]

    @property
    def duration_s(self) -> float:
        """How long every file will be."""
        return (self.end_ms - self.start_ms) / 1000


def render_clip(cut: Cut, progress: Progress) -> None:
    """Make the files of a clip.

    Raises:
        MediaError: ffmpeg failed, or captions were drawn in a font that is not ours.
    """
    import ffmpeg

    outputs = [
        _output(rendition, number, picture, sound)
        for number, (rendition, picture, sound) in enumerate(_streams(cut))
    ]
    arguments = ffmpeg.merge_outputs(*outputs).compile(cmd="ffmpeg")[1:]
    # Beside the files it makes: whoever clears up after a killed run clears this too.
    with TemporaryDirectory(prefix=".render-", dir=cut.renditions[0].path.parent) as name:
        folder = Path(name)
        environment = link_fonts(folder)
        for number, rendition in enumerate(cut.renditions):
            if rendition.ass is not None:
                (folder / _ass_name(number)).write_text(rendition.ass, encoding="utf-8")
        run = Run(
            arguments=["-filter_complex_threads", str(X264_THREADS), *arguments],
            where=str(cut.source),
            folder=folder,
            environment=environment,
            on_time=lambda out_s: progress(min(1.0, out_s / cut.duration_s)),
        )
        check_fonts(run_ffmpeg(run), where=str(cut.source))


def render_poster(clip: Path, at_ms: int, poster: Path) -> None:
    """Save the picture of a finished clip at a time as a JPEG."""
    run_ffmpeg(
        Run(
            arguments=[
                "-ss", f"{at_ms / 1000:.3f}", "-i", file_url(clip), "-map", "0:v:0",
                "-frames:v", "1", "-update", "1", "-q:v", "3", "-threads", "1", "-bitexact",
                "-map_metadata", "-1", file_url(poster),
            ],
            where=str(clip),
        )
    )  # fmt: skip


def _streams(cut: Cut) -> list[tuple[Rendition, Any, Any]]:
    """Picture and sound for every rendition; those of one size share what they can."""
    video_stream, audio_stream = _seek(cut)
    is_mono = cut.media.n_channels == 1
    gain_db = choose_gain_db(cut.media.loudness_lufs)
    sound = cut_sound(audio_stream, gain_db, is_mono, cut.duration_s)
    pictures = list(dict.fromkeys(rendition.picture for rendition in cut.renditions))
    n_drawn = len(pictures) if cut.media.video is None else 0
    sounds = _split(sound, "asplit", len(cut.renditions) + n_drawn)
    if cut.media.video is None:
        drawn = [draw_sound(sounds.pop(), picture, cut.duration_s) for picture in pictures]
    else:
        video = cut.media.video
        frames = _split(video_stream, "split", len(pictures))
        drawn = [
            crop_video(frame, video, picture, cut.duration_s)
            for frame, picture in zip(frames, pictures, strict=True)
        ]
    made = []
    for picture, stream in zip(pictures, drawn, strict=True):
        of_this_size = [each for each in cut.renditions if each.picture == picture]
        copies = _split(stream, "split", len(of_this_size))
        made += [(each, copies.pop(), sounds.pop()) for each in of_this_size]
    return sorted(made, key=lambda each: cut.renditions.index(each[0]))


def _seek(cut: Cut) -> tuple[Any, Any]:
    """Picture and sound of the recording, their time 0 at the clip's start.

    ffmpeg seeks to the key frame before a time and drops what lies between, which is exact but
    for two things: in containers without an index it may land on the key frame after, and in a
    slow picture the frame shown at that time is among those dropped.
    """
    import ffmpeg

    lead_s = _choose_lead_s(cut)
    source = ffmpeg.input(
        file_url(cut.source.resolve()),
        ss=f"{cut.start_ms / 1000 - lead_s:.3f}",
        t=f"{cut.duration_s + lead_s:.3f}",
        threads=X264_THREADS,
        **input_limits(cut.source),
    )
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


def _choose_lead_s(cut: Cut) -> float:
    has_index = probe_media(cut.source).container not in ("mpegts", "mpeg")
    is_exact = has_index and not _is_slow(cut.media)
    return 0.0 if is_exact else min(cut.start_ms / 1000, LEAD_S)


def _is_slow(media: Media) -> bool:
    return media.video is not None and media.video.fps < SLOWEST_FPS


def _split(stream: Any, splitter: str, n_copies: int) -> list[Any]:
    if n_copies == 1:
        return [stream]
    copies = stream.filter_multi_output(splitter, n_copies)
    return [copies[index] for index in range(n_copies)]


def _output(rendition: Rendition, number: int, picture: Any, sound: Any) -> Any:
    import ffmpeg

    if rendition.ass is not None:
        picture = picture.filter("ass", f=_ass_name(number), fontsdir="fonts")
    options: dict[str, Any] = {
        "c:v": "libx264", "preset": "veryfast", "crf": 20, "pix_fmt": "yuv420p",
        "threads": X264_THREADS, "c:a": "aac", "b:a": "160k", "ar": SAMPLE_RATE_HZ,
        "map_metadata": -1, "map_chapters": -1, "movflags": "+faststart",
        "bitexact": None, "f": "mp4",
    }  # fmt: skip
    return ffmpeg.output(picture, sound, file_url(rendition.path), **options)


def _ass_name(number: int) -> str:
    """A name that needs no escaping inside a filter."""
    return f"captions{number}.ass"
