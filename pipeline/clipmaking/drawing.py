"""The text drawn over a clip's picture: captions; without video also title and speaker's name."""

from collections.abc import Iterator, Sequence

from pipeline.captions.ass import AssStyle, Column, Label, choose_outline, choose_size
from pipeline.captions.burned import flow, format_burned
from pipeline.captions.text import clean_line
from pipeline.clipmaking.source import ClipSource, ClipView
from pipeline.clips.options import ClipOptions
from pipeline.media.frames import Picture
from pipeline.media.layout import Box, Layout
from pipeline.records import Clip, Cue

CHARS_PER_LINE, TALL_CHARS_PER_LINE = 42, 28
"""A tall picture has fewer and larger letters (BBC, 9:16: about 25 a line, 3 lines)."""

TITLE_CHARS = 100
"""The most characters of a title drawn: three lines, which stay clear of what is below them."""

TITLE_SIZE, NAME_SIZE = 1.25, 0.9
"""Sizes of title and name, relative to captions."""

NAME_COLOR = "#6fc3ff"


def draw_text(
    cues: Sequence[Cue], labels: Sequence[Label], picture: Picture, style: AssStyle,
    options: ClipOptions,
) -> str | None:  # fmt: skip
    """The ASS text drawn over a picture; None if there is none."""
    if not cues and not labels:
        return None
    shaped = (flow(cue, TALL_CHARS_PER_LINE) for cue in cues) if picture.is_tall else cues
    return format_burned(shaped, style, options.look.kind, options.look.lit, labels)


def style_text(
    picture: Picture, source: ClipSource, options: ClipOptions, layout: Layout | None
) -> AssStyle:
    """The style of captions for a picture's size, within the area that apps leave free.

    In a drawn layout captions have a fixed place, below the waveform.
    """
    look, font = options.look, source.fonts.main
    chars = TALL_CHARS_PER_LINE if picture.is_tall else CHARS_PER_LINE
    fits_px = choose_size(picture.width_px, picture.height_px, picture.safe_side_px, chars)
    size_px = max(8, round(look.size * fits_px))
    return AssStyle(
        width_px=picture.width_px,
        height_px=picture.height_px,
        size_px=size_px,
        margin_bottom_px=picture.safe_bottom_px,
        margin_side_px=picture.safe_side_px,
        margin_top_px=layout.wave.bottom_px if layout else picture.safe_top_px,
        outline_px=choose_outline(size_px),
        position="bottom" if layout else look.position,
        font=font.family,
        is_bold=font.is_bold,
        families=source.families,
        widths=source.widths,
        color=look.color,
        unspoken=look.color,
        ground=look.ground,
        is_fixed=layout is not None,
    )


def make_labels(clip: Clip, view: ClipView, layout: Layout, style: AssStyle) -> Iterator[Label]:
    """The title throughout, and the name of the present speaker."""
    column: Column = "center" if layout.is_centered else "left"
    title = _shorten(clean_line(clip.title))
    size_px = round(style.size_px * TITLE_SIZE)
    yield Label("Title", title, _numbers(layout.title), size_px, ("top", column))
    name_px = min(round(style.size_px * NAME_SIZE), layout.name.height_px)
    for start_ms, end_ms, name in view.names:
        place = _numbers(layout.name)
        yield Label(
            "Name", name, place, name_px, ("bottom", column), NAME_COLOR, start_ms, end_ms, layer=2
        )


def _shorten(title: str) -> str:
    """At most `TITLE_CHARS` of a title, whole words if there are several."""
    if len(title) <= TITLE_CHARS:
        return title
    cut = title[: TITLE_CHARS - 1]
    return cut.rpartition(" ")[0].rstrip() + "…" if " " in cut else cut + "…"


def _numbers(box: Box) -> tuple[int, int, int, int]:
    return (box.left_px, box.top_px, box.width_px, box.height_px)
