"""What clips are cut from, and the text of one clip: its words, captions, names and chapters."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.captions.cues import make_cues
from pipeline.captions.options import CaptionOptions
from pipeline.captions.retimed_cues import cut_cues
from pipeline.clips.options import ClipOptions
from pipeline.clips.window import cut_chapters, cut_window, name_speakers
from pipeline.media.fonts import FontSet, assign_fonts
from pipeline.records import Clip, Cue, CueList, Media, TimedText, Topic

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ClipSource:
    """The recording that clips are cut from, and what they are drawn with.

    Args:
        retimed: the cues of the item's own caption file, if it keeps them.
        families: fonts for characters that the main one lacks.
        cover: the cover picture of a recording without video, if it has one.
        translated: the words in a second language, if there are any.
    """

    path: Path
    timed: TimedText
    media: Media
    topics: tuple[Topic, ...]
    retimed: CueList | None
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
    cues = cut_cues(retimed.cues, *span) if retimed else make_cues(window, options)
    # A short last cue may need more time than the clip has.
    cues = tuple(replace(cue, end_ms=min(cue.end_ms, window.duration_ms)) for cue in cues)
    return ClipView(window, cues, name_speakers(window), cut_chapters(topics, *span))


def find_families(
    item: str, planned: Sequence[PlannedClip], fonts: FontSet, options: ClipOptions
) -> dict[str, str]:
    """Fonts for drawn characters that the main font lacks; those that no font has are logged."""
    rendered = "…".join(each.clip.title for each in planned)
    if options.captions in ("burned", "both"):
        rendered += "".join(each.view.text for each in planned)
    families, lacking = assign_fonts(rendered, fonts)
    if lacking:
        log.warning(
            "%s: no font for %d characters, which show as boxes: %s; name one in "
            "clips.style.fallback", item, len(lacking), " ".join(lacking),
        )  # fmt: skip
    return families
