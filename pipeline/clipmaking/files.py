"""Which files a clip has, and the captions and chapters in or beside them."""

import logging
from collections.abc import Iterator
from dataclasses import replace

from pipeline.captions.srt import format_srt
from pipeline.captions.vtt import format_vtt, insert_head
from pipeline.clipmaking.source import ClipSource, ClipView
from pipeline.clips.options import ClipOptions, Frame
from pipeline.media.tracks import Subtitles, Tracks, choose_container
from pipeline.records import Clip, ClipFile, CueList
from pipeline.topics.chapters import FORMATS as CHAPTER_FORMATS

log = logging.getLogger(__name__)

PLAYED = ("clean", "burned", "soft")
"""The kinds of files that play with a picture."""


def name_files(clip: Clip, options: ClipOptions, source: ClipSource) -> list[ClipFile]:
    """The files of a clip: pictures and captions in every frame, poster, audio, preview."""
    second = source.translated.language if source.translated else None
    files = [file for frame in options.frames for file in _name_frame(clip, options, frame, second)]
    if is_copied(options):
        ending = choose_container(source.path, source.media)
        files[0] = replace(files[0], path=f"{clip.id}.{ending}")
    # A copy of a recording without a picture has none either.
    has_none = is_copied(options) and source.media.video is None
    seen = options.frames[1:] if has_none else options.frames
    if seen:
        files.append(ClipFile(f"{clip.id}.jpg", "poster", seen[0]))
    if options.audio != "none":
        files.append(ClipFile(f"{clip.id}.{options.audio}", "audio"))
    if options.preview != "none" and seen:
        files.append(ClipFile(f"{clip.id}.{options.preview}", "preview", seen[0]))
    elif options.preview != "none":
        log.warning("%s: no preview: it is a copy of a recording without a picture", clip.id)
    return files


def is_copied(options: ClipOptions) -> bool:
    """Whether the first file is a copy of the recording, with captions and chapters as tracks."""
    is_whole = options.select == "whole" and options.captions == "soft"
    return is_whole and options.frames[0] == "source"


def _name_frame(
    clip: Clip, options: ClipOptions, frame: Frame, second: str | None
) -> Iterator[ClipFile]:
    stem = clip.id if frame == "source" else f"{clip.id}.{frame.replace(':', 'x')}"
    if options.captions == "soft":
        yield ClipFile(f"{stem}.mp4", "soft", frame)
    elif options.captions != "burned":
        yield ClipFile(f"{stem}.mp4", "clean", frame)
    if options.captions in ("sidecar", "both"):
        yield ClipFile(f"{stem}.vtt", "captions", frame)
        if second:
            yield ClipFile(f"{stem}.{second}.vtt", "captions", frame, second)
    if options.captions in ("burned", "both"):
        yield ClipFile(f"{stem}.burned.mp4", "burned", frame)


def make_tracks(view: ClipView, options: ClipOptions, second: ClipView | None) -> Tracks:
    """The tracks beside picture and sound: soft captions, and chapters if there are several.

    Args:
        second: the clip's text in a second language.
    """
    chapters = None
    if len(view.chapters) > 1:
        chapters = CHAPTER_FORMATS["ffmetadata"].write(view.chapters)
    if options.captions != "soft":
        return Tracks(chapters=chapters)
    texts = [(one.window.language, one.cues) for one in (view, second) if one and one.cues]
    subtitles = (Subtitles(name, format_vtt(cues, name), format_srt(cues)) for name, cues in texts)
    return Tracks(tuple(subtitles), chapters)


def format_sidecar(view: ClipView, retimed: CueList | None) -> str:
    """The caption file beside a clip, as WebVTT."""
    text = format_vtt(view.cues, view.window.language)
    return insert_head(text, retimed.head) if retimed else text
