"""Renders a clip: its sound once, then all renditions from one decode, in one run of ffmpeg.

The filter graphs are in `picture.py`, `audiogram.py` and `sound.py`. The same request gives the
same bytes on any number of cores.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from operator import mul
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from pipeline.media.audiogram import draw_ass, draw_sound
from pipeline.media.cut import DECODE_THREADS, Cut, Rendition, open_picture
from pipeline.media.encoder import X264_THREADS, Encoder, encoder_options
from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg
from pipeline.media.fonts import FontSet, check_fonts, link_fonts
from pipeline.media.mastering import master_sound
from pipeline.media.picture import frame_video
from pipeline.media.stills import JPEG_COLORS, JPEG_OUTPUT
from pipeline.media.waveform import measure_frames
from pipeline.records import Progress

NOTHING_MORE = {"map_metadata": -1, "map_chapters": -1, "bitexact": None}


def render_clips(
    cuts: Sequence[Cut], fonts: FontSet, encoder: Encoder, cpus: int, progress: Progress
) -> None:
    """Render the files of clips, several clips at a time as the CPUs allow.

    Raises:
        MediaError: ffmpeg failed, or captions were drawn in another font than these.
    """
    told = _share_progress([cut.duration_s for cut in cuts], progress)
    n_at_once = max(1, min(len(cuts), cpus // 2 if cpus > DECODE_THREADS else cpus))
    with ThreadPoolExecutor(n_at_once) as pool:
        runs = [
            pool.submit(render_clip, cut, fonts, encoder, tell)
            for cut, tell in zip(cuts, told, strict=True)
        ]
        try:
            for run in runs:
                run.result()
        except BaseException:
            for run in runs:
                run.cancel()
            raise


def _share_progress(lengths_s: Sequence[float], progress: Progress) -> list[Progress]:
    """Progress callbacks of clips rendered at the same time, weighted by their lengths."""
    done, lock = [0.0] * len(lengths_s), Lock()

    def tell(number: int, share: float) -> None:
        with lock:
            done[number] = max(done[number], share)
            progress(sum(map(mul, done, lengths_s)) / sum(lengths_s))

    return [partial(tell, number) for number in range(len(lengths_s))]


def render_clip(cut: Cut, fonts: FontSet, encoder: Encoder, progress: Progress) -> None:
    """Render the files of one clip."""
    import ffmpeg

    # In the clip's folder, so that it is removed with it after a killed run.
    with TemporaryDirectory(prefix=".render-", dir=cut.folder) as name:
        folder = Path(name)
        mastered = master_sound(cut, folder)
        if not cut.renditions:
            return
        environment = link_fonts(fonts, folder)
        sound = ffmpeg.input(file_url(mastered)).audio
        pictures, outputs = _pictures(cut, mastered, folder)
        for number, (rendition, picture) in enumerate(pictures):
            captioned = draw_ass(picture, rendition.ass, folder / f"captions{number}.ass")
            outputs += _outputs(rendition, captioned, sound, encoder)
        arguments = ffmpeg.merge_outputs(*outputs).compile(cmd="ffmpeg")[1:]
        run = Run(
            arguments=["-filter_complex_threads", str(X264_THREADS), *arguments],
            where=str(cut.source),
            folder=folder,
            environment=environment,
            on_time=lambda out_s: progress(min(1.0, out_s / cut.duration_s)),
        )
        check_fonts(fonts, run_ffmpeg(run), where=str(cut.source))


def _pictures(cut: Cut, sound: Path, folder: Path) -> tuple[list[tuple[Rendition, Any]], list[Any]]:
    """The video stream of every rendition, and the outputs that their run needs beside.

    Renditions of one size share one scaled stream.
    """
    pictures = list(dict.fromkeys(rendition.picture for rendition in cut.renditions))
    draw, passed = _choose_drawing(cut, sound, folder, len(pictures))
    made = []
    for picture in pictures:
        of_this_size = [each for each in cut.renditions if each.picture == picture]
        copies = _split(draw(of_this_size[0]), len(of_this_size))
        made += [(each, copies.pop()) for each in of_this_size]
    return sorted(made, key=lambda each: cut.renditions.index(each[0])), passed


def _choose_drawing(
    cut: Cut, sound: Path, folder: Path, n_pictures: int
) -> tuple[Callable[[Rendition], Any], list[Any]]:
    """The function that makes a rendition's picture: from the video, or drawn from the sound."""
    video = cut.media.video
    if video is None:
        power = measure_frames(sound, cut.renditions[0].picture.fps)
        return lambda each: draw_sound(power, each, cut.cover, cut.duration_s, folder), []
    stream, passed = open_picture(cut, video)
    frames = _split(stream, n_pictures)
    return (
        lambda each: frame_video(frames.pop(), video, each.picture, cut.fit, cut.duration_s),
        [passed],
    )


def _split(stream: Any, n_copies: int) -> list[Any]:
    if n_copies == 1:
        return [stream]
    copies = stream.filter_multi_output("split", n_copies)
    return [copies[index] for index in range(n_copies)]


def _outputs(rendition: Rendition, picture: Any, sound: Any, encoder: Encoder) -> list[Any]:
    """The outputs of a rendition: its file and its poster."""
    import ffmpeg

    posters = []
    if rendition.poster is not None:
        path, at_ms = rendition.poster
        picture, still = _split(picture, 2)
        still = still.filter("trim", start=f"{at_ms / 1000:.3f}").filter("trim", end_frame=1)
        still = still.filter("scale", **JPEG_COLORS)
        posters = [ffmpeg.output(still, file_url(path), **JPEG_OUTPUT)]
    options = {
        **encoder_options(encoder), "c:a": "copy", "movflags": "+faststart", "f": "mp4",
    }  # fmt: skip
    return [
        ffmpeg.output(picture, sound, file_url(rendition.path), **options, **NOTHING_MORE),
        *posters,
    ]
