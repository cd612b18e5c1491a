"""How one clip is cut: the pictures and sound files that are rendered of it."""

from dataclasses import replace
from pathlib import Path

from pipeline.captions.options import CaptionOptions
from pipeline.clipmaking.drawing import draw_text, make_labels, style_text
from pipeline.clipmaking.files import PLAYED, is_copied, name_files
from pipeline.clipmaking.source import ClipSource, ClipView, PlannedClip, make_view
from pipeline.clips.options import ClipOptions
from pipeline.media.cut import Cut, Rendition, SoundPlan
from pipeline.media.frames import choose_picture
from pipeline.media.layout import lay_out
from pipeline.records import Clip


def plan_clip(
    clip: Clip, source: ClipSource, options: ClipOptions, captions: CaptionOptions
) -> PlannedClip:
    """Name the files of a clip, and find its text."""
    files = name_files(clip, options, source)
    view = make_view(clip, source.timed, captions, source.topics, source.retimed)
    second = make_view(clip, source.translated, captions) if source.translated else None
    return PlannedClip(replace(clip, files=tuple(files)), view, second)


def plan_cut(
    clip: Clip, view: ClipView, source: ClipSource, options: ClipOptions, folder: Path
) -> Cut:
    """The renditions and sound files of a clip whose files are named."""
    renditions = []
    for file in clip.files:
        if file.kind not in PLAYED:
            continue
        if file.kind == "soft" and is_copied(options) and file.frame == "source":
            continue
        picture = choose_picture(file.frame or "source", source.media.video)
        has_cover = source.cover is not None
        layout = lay_out(picture, has_cover) if source.media.video is None else None
        style = style_text(picture, source, options, layout)
        title, *names = make_labels(clip, view, layout, style) if layout else (None,)
        cues = view.cues if file.kind == "burned" else ()
        ass, still, named = (
            draw_text(shown, labels, picture, style, options)
            for shown, labels in ((cues, ()), ((), [title] if title else ()), ((), names))
        )
        renditions.append(Rendition(folder / file.path, picture, ass, still, named, layout))
    if renditions:
        poster = next(file for file in clip.files if file.kind == "poster")
        renditions[0] = replace(renditions[0], poster=(folder / poster.path, find_poster_ms(clip)))
    return Cut(
        source=source.path,
        media=source.media,
        start_ms=clip.start_ms,
        end_ms=clip.end_ms,
        renditions=tuple(renditions),
        folder=folder,
        fit=options.fit,
        sound=_plan_sound(clip, source, options, folder),
        cover=source.cover,
    )


def find_poster_ms(clip: Clip) -> int:
    """The time in a clip of its poster: past its first words."""
    return (clip.end_ms - clip.start_ms) // 3


def _plan_sound(clip: Clip, source: ClipSource, options: ClipOptions, folder: Path) -> SoundPlan:
    loudness_lufs = source.media.loudness_lufs
    gain_db = None
    if options.gain == "recording":
        gain_db = 0.0 if loudness_lufs is None else options.loudness_lufs - loudness_lufs
    alone = (file for file in clip.files if file.kind == "audio")
    files = tuple((file.path.rpartition(".")[2], folder / file.path) for file in alone)
    return SoundPlan(options.loudness_lufs, gain_db, source.intro, source.outro, files)
