"""Pictures of a finished file: a poster (JPEG) and an animated preview (GIF, WebP); and a cover.

The poster of a rendition is made by `render.py`, with the clip.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

from pipeline.errors import MediaError
from pipeline.media.cut import open_frames
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.media.picture import hold_frames
from pipeline.media.probe import MAX_FPS, MAX_PIXELS, probe_media
from pipeline.media.streams import first_frame, open_media

PREVIEW_S, PREVIEW_FPS, PREVIEW_WIDTH_PX = 6, 10, 320
"""Length, frame rate and width of a preview, which is then at most a megabyte or two."""

_SMALL = f"fps={PREVIEW_FPS},scale={PREVIEW_WIDTH_PX}:-2:flags=lanczos"
JPEG_COLORS = {"out_color_matrix": "bt601", "out_range": "pc"}
"""The colour space of JPEG. Source: JFIF 1.02."""

JPEG_OUTPUT = {
    "q:v": 3, "threads": 1, "frames:v": 1, "update": 1, "f": "image2", "map_metadata": -1,
    "map_chapters": -1, "bitexact": None,
}  # fmt: skip
"""The ffmpeg output options of a poster."""

_WEBP_COLORS = "out_color_matrix=bt601:out_range=tv"
"""The colour space of WebP. Source: RFC 6386 §9.2, RFC 9649."""

_CODINGS = {
    ".gif": [
        "-filter_complex",
        f"[0:v:0]{_SMALL},split[a][b];[a]palettegen=max_colors=128:stats_mode=diff[p];"
        "[b][p]paletteuse=dither=bayer:bayer_scale=4",
        "-loop", "0", "-f", "gif",
    ],
    ".webp": ["-map", "0:v:0", "-vf", f"{_SMALL}:{_WEBP_COLORS}", "-c:v", "libwebp_anim",
              "-q:v", "60", "-loop", "0", "-f", "webp"],
}  # fmt: skip


def render_poster(clip: Path, at_ms: int, poster: Path) -> None:
    """Save the frame at a time of a file as JPEG.

    Raises:
        MediaError: ffmpeg failed, or the file has no picture.
    """
    import ffmpeg

    video = probe_media(clip).video
    if video is None:
        raise MediaError(str(clip), "no picture in it", "name a recording with a video stream")
    _, stream, _ = open_frames(clip, video, at_ms / 1000)
    still = hold_frames(stream, MAX_FPS).filter("scale", **JPEG_COLORS)
    arguments = ffmpeg.output(still, file_url(poster), **JPEG_OUTPUT).compile(cmd="ffmpeg")[1:]
    run_ffmpeg(Run(arguments, where=str(clip)))


def render_preview(clip: Path, preview: Path) -> None:
    """Save the beginning of a clip as an animated GIF or WebP, by the suffix of `preview`."""
    coding = _CODINGS[preview.suffix]
    arguments = ["-t", str(PREVIEW_S), "-i", file_url(clip), *coding, "-an", "-threads", "1"]
    arguments += ["-map_metadata", "-1", "-bitexact", file_url(preview)]
    run_ffmpeg(Run(arguments, where=str(clip)))


def save_cover(path: Path, made: Path) -> bool:
    """Save a recording's attached cover as PNG; false if there is none.

    Raises:
        MediaError: no such file, empty, or not media.
    """
    from av.stream import Disposition

    with open_media(path) as container:
        covers = [
            stream
            for stream in container.streams.video
            if stream.disposition & Disposition.attached_pic
        ]
        frame = first_frame(container, covers[0]) if covers else None
        if frame is None or frame.width * frame.height > MAX_PIXELS:
            return False
        made.write_bytes(_encode_png(frame))
    return True


def _encode_png(frame: Any) -> bytes:
    import av

    encoder = av.CodecContext.create("png", "w")
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, "rgb24"
    encoder.time_base = Fraction(1)
    packets = [*encoder.encode(frame.reformat(format="rgb24")), *encoder.encode(None)]
    return b"".join(bytes(packet) for packet in packets)
