"""What clips are cut from, and the text of one clip: its words, captions, names and chapters."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.captions.cues import make_cues
from pipeline.captions.options import CaptionOptions
from pipeline.captions.retimed_cues import cut_cues
from pipeline.clips.options import ClipOptions
from pipeline.clips.window import cut_chapters, cut_window, name_speakers
from pipeline.media.fonts import FontSet, assign_fonts, measure_characters
from pipeline.records import Clip, Cue, CueList, Media, TimedText, Topic

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ClipSource:
    """The recording that clips are cut from, and what they are drawn with.

    Args:
        retimed: the cues of the item's own caption file, if it keeps them.
        families: fonts for characters that the main one lacks.
        widths: of the characters drawn, as shares of the font size.
        cover: the cover picture of a recording without video, if it has one.
        translated: the words in a second language, if there are any.
    """

    path: Path
    timed: TimedText
    media: Media
    topics: tuple[Topic, ...]
    retimed: CueList | None
    fonts: FontSet
    families: Mapping[str, str] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)
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


@dataclass(frozen=True, slots=True)
class PlannedClip:
    """A clip with its files named, and its text, also in a second language."""

    clip: Clip
    view: ClipView
    second: ClipView | None


def make_view(
    clip: Clip,
    timed: TimedText,
    options: CaptionOptions,
    topics: Sequence[Topic] = (),
    retimed: CueList | None = None,
) -> ClipView:
    """The text of a clip in one language; cues of a caption file stay as they are."""
    span = (clip.start_ms, clip.end_ms)
    window = cut_window(timed, *span)
    cues = cut_cues(retimed.styled, *span) if retimed else make_cues(window, options)
    # A short last cue may need more time than the clip has.
    cues = tuple(replace(cue, end_ms=min(cue.end_ms, window.duration_ms)) for cue in cues)
    return ClipView(window, cues, name_speakers(window), cut_chapters(topics, *span))


def choose_letters(
    item: str, planned: Sequence[PlannedClip], source: ClipSource, options: ClipOptions
) -> ClipSource:
    """The source with fonts and widths of all characters drawn; those that no font has are logged.

    Titles and names are drawn where there is no video, captions where they are burned in.
    """
    text = {"…"}
    for each in planned:
        if source.media.video is None:
            text.update(each.clip.title, *(name for _, _, name in each.view.names))
        if options.captions in ("burned", "both"):
            text.update(*(line for cue in each.view.cues for line in cue.lines))
    families, lacking = assign_fonts(text, source.fonts)
    if lacking:
        log.warning(
            "%s: no font for %d characters, which show as boxes: %s; name one in "
            "clips.style.fallback", item, len(lacking), " ".join(lacking),
        )  # fmt: skip
    widths = measure_characters(text, source.fonts)
    return replace(source, families=families, widths=widths)
