"""Renders a small copy of a whole recording, for its page to play: H.264 and AAC in MP4.

Not here: the clips cut out of a recording (see `render.py`).
"""

from fractions import Fraction
from pathlib import Path

from pipeline.media.cut import Cut, open_picture, open_sound
from pipeline.media.encoder import encoder_options
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.media.frames import Picture, choose_picture, make_even
from pipeline.media.picture import frame_video
from pipeline.media.render import NOTHING_MORE
from pipeline.media.sound import cut_sound, take_channel
from pipeline.records import Media, Progress, VideoStream

MOST_KBPS = {360: 1_000, 480: 2_000, 720: 4_000}
"""Highest video bit rate by the short side in pixels, kept over two seconds.

Source: YouTube Help, live encoder settings: the upper bounds for 360p, 480p and 720p.
"""

_SOUND = {"c:a": "aac", "b:a": "96k"}


def render_small_copy(
    source: Path, media: Media, side_px: int, made: Path, progress: Progress
) -> None:
    """Render the picture and the chosen sound of a recording, on its clock, into an MP4 file.

    The sound keeps its loudness. The same request gives the same bytes.

    Args:
        media: of a recording with a picture.
        side_px: short side of the copy, a key of `MOST_KBPS`; a smaller picture keeps its size.
        made: the file to write; its index stands first, so that it plays while it is read.
    Raises:
        MediaError: ffmpeg failed.
    """
    import ffmpeg

    assert media.video is not None
    cut = Cut(source, media, 0, media.duration_ms, (), made.parent)
    frames, passed_sound = open_picture(cut, media.video)
    voice, passed_picture = open_sound(cut)
    shown = frame_video(frames, media.video, shrink(media.video, side_px), cut.fit, cut.duration_s)
    is_mono = media.channel is not None or media.n_channels == 1
    sound = cut_sound(take_channel(voice, media.channel), is_mono, cut.duration_s)
    most_kbps = MOST_KBPS[side_px]
    options = {
        # Where the bit rate is capped x264's output depends on the timing of its threads.
        **encoder_options("x264"), "threads": 1, "maxrate": f"{most_kbps}k",
        "bufsize": f"{2 * most_kbps}k", **_SOUND, "movflags": "+faststart", "f": "mp4",
    }  # fmt: skip
    copy = ffmpeg.output(shown, sound, file_url(made), **options, **NOTHING_MORE)
    arguments = ffmpeg.merge_outputs(copy, passed_sound, *passed_picture).compile(cmd="ffmpeg")[1:]
    run_ffmpeg(
        Run(
            arguments,
            where=str(source),
            on_time=lambda out_s: progress(min(1.0, out_s / cut.duration_s)),
        )
    )


def shrink(video: VideoStream, side_px: int) -> Picture:
    """A picture of the video's shape and rate whose short side is at most so long."""
    whole = choose_picture("source", video)
    share = min(Fraction(1), Fraction(side_px, min(whole.width_px, whole.height_px)))
    width_px, height_px = (make_even(round(px * share)) for px in (whole.width_px, whole.height_px))
    return Picture(width_px, height_px, whole.fps)
