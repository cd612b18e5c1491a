"""The plan of one clip: its files, the text drawn over its picture, and what is rendered.

Part of the clips stage; no stage itself.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import shorten

from pipeline.captions.ass import AssStyle, Column, Label, choose_outline, choose_size, fit_size
from pipeline.captions.burned import flow, format_burned
from pipeline.captions.cues import make_cues
from pipeline.captions.options import CaptionOptions
from pipeline.captions.retimed_cues import RetimedCues, cut_cues
from pipeline.captions.srt import format_srt
from pipeline.captions.vtt import format_vtt, insert_head
from pipeline.clips.options import ClipOptions, Frame
from pipeline.clips.window import cut_chapters, cut_window, name_speakers
from pipeline.media.cut import Cut, Rendition, SoundPlan
from pipeline.media.fonts import FontSet
from pipeline.media.frames import Picture, choose_picture
from pipeline.media.layout import Box, Layout, lay_out
from pipeline.media.tracks import Subtitles, Tracks, choose_container
from pipeline.records import Clip, ClipFile, Cue, Media, TimedText, Topic
from pipeline.topics.chapters import FORMATS as CHAPTER_FORMATS

log = logging.getLogger(__name__)

CHARS_PER_LINE, TALL_CHARS_PER_LINE = 42, 28
"""A tall picture has fewer and larger letters (BBC, 9:16: about 25 a line, 3 lines)."""

TITLE_CHARS = 100
"""The most characters of a title drawn: three lines, which stay clear of what is below them."""

TITLE_SIZE, NAME_SIZE = 1.25, 0.9
"""Sizes of title and name, relative to captions."""

NAME_COLOR = "#6fc3ff"

PLAYED = ("clean", "burned", "soft")
"""The kinds of files that play with a picture."""


@dataclass(frozen=True, slots=True)
class ClipSource:
    """The recording that clips are cut from, and what they are drawn with.

    Args:
        retimed: the cues of the item's own caption file, if it keeps them.
        families: fonts for characters that the main one lacks.
        cover: the cover picture of a recording without video, if it has one.
        translated: the words in a second language, if there are any.
    """

    source: Path
    timed: TimedText
    media: Media
    topics: tuple[Topic, ...]
    retimed: RetimedCues | None
    fonts: FontSet
    families: dict[str, str]
    cover: Path | None = None
    intro: Path | None = None
    outro: Path | None = None
    translated: TimedText | None = None


@dataclass(frozen=True, slots=True)
class ClipView:
    """The text of a clip, in its own time: words, captions, speakers' names, chapters."""

    window: TimedText
    cues: tuple[Cue, ...]
    names: tuple[tuple[int, int, str], ...]
    chapters: tuple[Topic, ...]

    @property
    def text(self) -> str:
        """All text that may be drawn, apart from the title."""
        spoken = [line for cue in self.cues for line in cue.lines]
        return "".join([*spoken, *(name for _, _, name in self.names)])


def show(
    clip: Clip, timed: TimedText, topics: Sequence[Topic], retimed: RetimedCues | None,
    options: CaptionOptions,
) -> ClipView:  # fmt: skip
    """The words, captions, names and chapters of a clip."""
    span = (clip.start_ms, clip.end_ms)
    window = cut_window(timed, *span)
    cues = cut_cues(retimed.cues, *span) if retimed else make_cues(window, options)
    # A short last cue may need more time than the clip has.
    cues = tuple(replace(cue, end_ms=min(cue.end_ms, window.duration_ms)) for cue in cues)
    return ClipView(window, cues, name_speakers(window), cut_chapters(topics, *span))


def name_files(clip: Clip, options: ClipOptions, talk: ClipSource) -> list[ClipFile]:
    """The files of a clip: pictures and captions in every frame, poster, audio, preview."""
    second = talk.translated.language if talk.translated else None
    files = [file for frame in options.frames for file in _name_frame(clip, options, frame, second)]
    if is_copied(options):
        ending = choose_container(talk.source, talk.media)
        files[0] = replace(files[0], path=f"{clip.id}.{ending}")
    # A copy of a recording without a picture has none either.
    has_none = is_copied(options) and talk.media.video is None
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


def make_tracks(shown: ClipView, options: ClipOptions, second: ClipView | None) -> Tracks:
    """The tracks beside picture and sound: soft captions, and chapters if there are several.

    Args:
        second: the clip's text in a second language.
    """
    chapters = None
    if len(shown.chapters) > 1:
        chapters = CHAPTER_FORMATS["ffmetadata"].write(shown.chapters)
    if options.captions != "soft":
        return Tracks(chapters=chapters)
    texts = [(one.window.language, one.cues) for one in (shown, second) if one and one.cues]
    subtitles = (Subtitles(name, format_vtt(cues, name), format_srt(cues)) for name, cues in texts)
    return Tracks(tuple(subtitles), chapters)


def format_sidecar(shown: ClipView, retimed: RetimedCues | None) -> str:
    """The caption file beside a clip, as WebVTT."""
    text = format_vtt(shown.cues, shown.window.language)
    return insert_head(text, retimed.head) if retimed else text


def plan_cut(
    clip: Clip, shown: ClipView, talk: ClipSource, options: ClipOptions, folder: Path
) -> Cut:
    """The renditions and sound files of a clip whose files are named."""
    renditions = []
    for file in clip.files:
        if file.kind not in PLAYED:
            continue
        if file.kind == "soft" and is_copied(options) and file.frame == "source":
            continue
        picture = choose_picture(file.frame or "source", talk.media.video)
        layout = lay_out(picture, talk.cover is not None) if talk.media.video is None else None
        cues = shown.cues if file.kind == "burned" else ()
        ass = _draw_text(clip, replace(shown, cues=cues), picture, layout, talk, options)
        renditions.append(Rendition(folder / file.path, picture, ass, layout))
    if renditions:
        poster = next(file for file in clip.files if file.kind == "poster")
        renditions[0] = replace(renditions[0], poster=(folder / poster.path, poster_ms(clip)))
    return Cut(
        source=talk.source,
        media=talk.media,
        start_ms=clip.start_ms,
        end_ms=clip.end_ms,
        renditions=tuple(renditions),
        folder=folder,
        fit=options.fit,
        sound=_plan_sound(clip, talk, options, folder),
        cover=talk.cover,
    )


def poster_ms(clip: Clip) -> int:
    """The time in a clip of its poster: past its first words."""
    return (clip.end_ms - clip.start_ms) // 3


def _plan_sound(clip: Clip, talk: ClipSource, options: ClipOptions, folder: Path) -> SoundPlan:
    loudness_lufs = talk.media.loudness_lufs
    gain_db = None
    if options.gain == "recording":
        gain_db = 0.0 if loudness_lufs is None else options.loudness_lufs - loudness_lufs
    alone = (file for file in clip.files if file.kind == "audio")
    files = tuple((file.path.rpartition(".")[2], folder / file.path) for file in alone)
    return SoundPlan(options.loudness_lufs, gain_db, talk.intro, talk.outro, files)


def _draw_text(
    clip: Clip,
    shown: ClipView,
    picture: Picture,
    layout: Layout | None,
    talk: ClipSource,
    options: ClipOptions,
) -> str | None:
    """The ASS text drawn over a picture: captions; without video also title and speaker's name."""
    style = _style_text(picture, talk, options)
    labels = [] if layout is None else list(_label(clip, shown, layout, style))
    if not shown.cues and not labels:
        return None
    cues = (flow(cue, TALL_CHARS_PER_LINE) for cue in shown.cues) if picture.is_tall else shown.cues
    return format_burned(cues, style, options.look.kind, options.look.lit, labels)


def _style_text(picture: Picture, talk: ClipSource, options: ClipOptions) -> AssStyle:
    """The style of captions for a picture's size, within the area that apps leave free."""
    look, font = options.look, talk.fonts.main
    chars = TALL_CHARS_PER_LINE if picture.is_tall else CHARS_PER_LINE
    fits_px = choose_size(picture.width_px, picture.height_px, picture.safe_side_px, chars)
    size_px = max(8, round(look.size * fits_px))
    return AssStyle(
        width_px=picture.width_px,
        height_px=picture.height_px,
        size_px=size_px,
        margin_bottom_px=picture.safe_bottom_px,
        margin_side_px=picture.safe_side_px,
        margin_top_px=picture.safe_top_px,
        outline_px=choose_outline(size_px),
        # Only over video: the drawn layout has a fixed place for captions.
        position=look.position if talk.media.video else "bottom",
        font=font.family,
        is_bold=font.is_bold,
        families=talk.families,
        color=look.color,
        unspoken=look.color,
        ground=look.ground,
    )


def _label(clip: Clip, shown: ClipView, layout: Layout, style: AssStyle) -> Iterator[Label]:
    """Labels: the title throughout, and the name of the present speaker."""
    column: Column = "center" if layout.is_centered else "left"
    title = shorten(clip.title, TITLE_CHARS, placeholder="…")
    box = _numbers(layout.title)
    size_px = fit_size(title, box[2:], round(style.size_px * TITLE_SIZE))
    yield Label("Title", title, box, size_px, ("top", column))
    name_px = min(round(style.size_px * NAME_SIZE), layout.name.height_px)
    for start_ms, end_ms, name in shown.names:
        place = _numbers(layout.name)
        yield Label("Name", name, place, name_px, ("bottom", column), NAME_COLOR, start_ms, end_ms)


def _numbers(box: Box) -> tuple[int, int, int, int]:
    return (box.left_px, box.top_px, box.width_px, box.height_px)
