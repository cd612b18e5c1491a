"""Pictures of a finished file: a poster (JPEG) and an animated preview (GIF, WebP); and a cover.

The poster of a rendition is made by `render.py`, with the clip.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.media.probe import MAX_PIXELS, first_frame, open_media

PREVIEW_S, PREVIEW_FPS, PREVIEW_WIDTH_PX = 6, 10, 320
"""Length, frame rate and width of a preview, which is then at most a megabyte or two."""

_SMALL = f"fps={PREVIEW_FPS},scale={PREVIEW_WIDTH_PX}:-2:flags=lanczos"
JPEG_COLORS = {"out_color_matrix": "bt601", "out_range": "pc"}
"""The colour space of JPEG. Source: JFIF 1.02."""

_FOR_JPEG = "scale=" + ":".join(f"{key}={value}" for key, value in JPEG_COLORS.items())
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
    """Save the frame at a time of a file as JPEG."""
    run_ffmpeg(
        Run(
            arguments=[
                "-ss", f"{at_ms / 1000:.3f}", "-i", file_url(clip), "-map", "0:V:0",
                "-vf", _FOR_JPEG, "-frames:v", "1", "-update", "1", "-q:v", "3", "-threads", "1",
                "-bitexact", "-map_metadata", "-1", file_url(poster),
            ],
            where=str(clip),
        )
    )  # fmt: skip


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
