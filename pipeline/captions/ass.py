"""ASS files, written for libass, which burns them into a picture.

Sizes are pixels of the picture. Which words show when is chosen in `burned.py` for clips and in
`karaoke.py` for players.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from itertools import groupby
from typing import Literal

from pipeline.captions.fitting import fit_lines
from pipeline.captions.looks import (
    PLAIN,
    Line,
    Run,
    clean_runs,
    format_change,
    format_color,
)
from pipeline.captions.text import JOINER, clean_line
from pipeline.records import record
from pipeline.text.times import split_time

Position = Literal["bottom", "middle", "top"]
Column = Literal["left", "center"]

_LAST_MOMENT = "9:59:59.99"
_WRAP_BOTTOM_HEAVY = 3  # wraps lines wider than the picture; 2 would cut them off
_AUTO_DIRECTION = -1  # libass: each line's direction from its own letters
_OUTLINED, _ON_ONE_BOX = 1, 4  # 4 is libass's own: a box around all lines of an event
_ALIGNMENTS: Mapping[Position, int] = {"bottom": 2, "middle": 5, "top": 8}
_LEFT_OF_TOP = 6  # keys of the keypad above it are in the top row

MEAN_CHAR = 0.36
"""Mean width of a bold sans serif character, as a share of the font size as libass counts it: from
the font's top to its bottom, which is more than an em."""


@record
class AssStyle:
    """How captions look on a picture of this size; colours are `#rrggbb`.

    Args:
        font: family name in the font file, which libass finds in `fontsdir`.
        families: fonts, by character that `font` lacks.
        widths: of characters, as shares of the font size; with them wide words are made to fit.
        is_fixed: captions stay at `position`, wherever a file puts them.
        unspoken: colour of karaoke words not yet spoken.
        is_boxed: on one box in `ground`, else outlined in it.
    """

    width_px: int
    height_px: int
    size_px: int
    margin_bottom_px: int
    margin_side_px: int
    outline_px: float
    margin_top_px: int = 0
    position: Position = "bottom"
    font: str = "Roboto"
    is_bold: bool = True
    families: Mapping[str, str] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)
    color: str = "#ffffff"
    unspoken: str = "#ffffff"
    ground: str = "#000000"
    is_boxed: bool = False
    is_fixed: bool = False

    @property
    def area_px(self) -> tuple[int, int]:
        """Width and height of the area that captions may fill."""
        high_px = self.height_px - self.margin_top_px - self.margin_bottom_px
        return self.width_px - 2 * self.margin_side_px, high_px


@record
class Label:
    """Text with a place and time of its own: a title, a speaker's name.

    Args:
        name: of its style: a name has one look and place.
        box_px: left, top, width and height of its box in the picture.
        size_px: its font size, or less if it would not fit the box.
        anchor: row and column of the box to which the text is aligned.
        end_ms: None for the end of the clip.
        layer: libass moves texts of one layer apart that touch.
    """

    name: str
    text: str
    box_px: tuple[int, int, int, int]
    size_px: int
    anchor: tuple[Position, Column] = ("top", "center")
    color: str = "#ffffff"
    start_ms: int = 0
    end_ms: int | None = None
    layer: int = 0


@record
class Event:
    """Lines shown from start to end.

    `place` is a key of the numeric keypad, as `an` counts; None for the style's own position.
    """

    start_ms: int
    end_ms: int
    lines: tuple[Line, ...]
    speaker: str | None = None
    place: int | None = None


def choose_style(width_px: int, height_px: int, chars_per_line: int = 42) -> AssStyle:
    """Choose sizes at which a full line fits the picture, in landscape and portrait alike.

    A line is 1/16 of the height of a landscape picture (BBC Subtitle Guidelines, "Size": 1/13 at
    most), lower where `chars_per_line` average characters would not fit nine tenths of the width.
    """
    margin_side_px = round(width_px * 0.05)
    size_px = choose_size(width_px, height_px, margin_side_px, chars_per_line)
    return AssStyle(
        width_px=width_px,
        height_px=height_px,
        size_px=size_px,
        margin_bottom_px=round(height_px * 0.07),
        margin_side_px=margin_side_px,
        margin_top_px=round(height_px * 0.07),
        outline_px=choose_outline(size_px),
    )


def choose_size(width_px: int, height_px: int, margin_side_px: int, chars_per_line: int) -> int:
    """The largest size, at most 1/16 of the height, at which a full line fits the width."""
    widest_px = (width_px - 2 * margin_side_px) / (chars_per_line * MEAN_CHAR)
    return max(8, round(min(height_px / 16, widest_px)))


def choose_outline(size_px: int) -> float:
    """Outline width for a font size: 1/16 of it, at least 1 pixel."""
    return max(1.0, round(size_px / 16, 1))


def format_events(events: Iterable[Event], style: AssStyle, labels: Iterable[Label] = ()) -> str:
    """Write an ASS file; captions are on layer 1.

    Times are rounded to the nearest 10 ms, starts and ends alike: off by 5 ms at most, and cues
    that do not overlap still don't.
    """
    labels = list(labels)
    styles = {label.name: _label_row(label, style) for label in labels}
    lines = [_label_line(label, style) for label in labels]
    lines += [_event_line(event, style) for event in events]
    return "\n".join([*_header(style), _caption_row(style), *styles.values(), *_EVENTS, *lines, ""])


_EVENTS = (
    "",
    "[Events]",
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
)


def _header(style: AssStyle) -> list[str]:
    return [
        "[Script Info]",
        "ScriptType: v4.00+",
        f"PlayResX: {style.width_px}",
        f"PlayResY: {style.height_px}",
        f"WrapStyle: {_WRAP_BOTTOM_HEAVY}",
        "ScaledBorderAndShadow: yes",
        "YCbCr Matrix: None",
        "",
        "[V4+ Styles]",
        "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, "
        "BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, "
        "BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding",
    ]


def _caption_row(style: AssStyle) -> str:
    """The style row of captions; in a box, libass takes the shadow depth as padding."""
    if style.is_boxed:
        colors = (format_color(style.ground), format_color(style.ground, opacity=0.8))
        border = (_ON_ONE_BOX, 0.0, round(style.size_px / 4, 1))
    else:
        colors = (format_color(style.ground, opacity=0.94), format_color(style.ground, opacity=0.5))
        border = (_OUTLINED, style.outline_px, round(style.outline_px / 2, 1))
    margin_px = style.margin_top_px if style.position == "top" else style.margin_bottom_px
    margins = (style.margin_side_px, style.margin_side_px, margin_px)
    front = (style.size_px, format_color(style.color), format_color(style.unspoken))
    place = (_ALIGNMENTS[style.position], *margins)
    return _style_row("Caption", style, (*front, *colors), (*border, *place))


def _label_row(label: Label, style: AssStyle) -> str:
    (row, column), (left, top, width, height) = label.anchor, label.box_px
    outline_px = choose_outline(label.size_px)
    alignment = _ALIGNMENTS[row] - (column == "left")
    margin_px = top if row == "top" else style.height_px - top - height
    black = format_color("#000000", opacity=0.94), format_color("#000000", opacity=0.5)
    front = (label.size_px, format_color(label.color), format_color(label.color), *black)
    place = (alignment, left, style.width_px - left - width, margin_px)
    return _style_row(label.name, style, front, (_OUTLINED, outline_px, outline_px / 2, *place))


def _style_row(
    name: str, style: AssStyle, front: tuple[object, ...], back: tuple[object, ...]
) -> str:
    font = clean_line(style.font.replace(",", " "))
    letters = (-1 if style.is_bold else 0, 0, 0, 0, 100, 100, 0, 0)
    fields = (clean_line(name.replace(",", " ")), font, *front, *letters, *back, _AUTO_DIRECTION)
    return "Style: " + ",".join(map(str, fields))


def _label_line(label: Label, style: AssStyle) -> str:
    start = format_timestamp(label.start_ms)
    end = _LAST_MOMENT if label.end_ms is None else format_timestamp(label.end_ms)
    text = _set_lines([(Run(label.text),)], label.box_px[2:], label.size_px, style)
    return f"Dialogue: {label.layer},{start},{end},{label.name},,0,0,0,,{text}"


def _event_line(event: Event, style: AssStyle) -> str:
    # A comma would end the field.
    name = clean_line(event.speaker.replace(",", " ")) if event.speaker else ""
    span = f"{format_timestamp(event.start_ms)},{format_timestamp(event.end_ms)}"
    place, margin_px = "", 0
    if event.place is not None and not style.is_fixed:
        # A margin of the event's own: those of top and bottom may differ.
        place = f"{{\\an{event.place}}}"
        margin_px = style.margin_top_px if event.place > _LEFT_OF_TOP else style.margin_bottom_px
    text = _set_lines(event.lines, style.area_px, style.size_px, style)
    return f"Dialogue: 1,{span},Caption,{name},0,0,{margin_px},,{place}{text}"


def _set_lines(
    lines: Sequence[Line], box_px: tuple[int, int], size_px: int, style: AssStyle
) -> str:
    """Lines as ASS text, fitted into a box if the style has widths."""
    fitted, fitted_px = tuple(map(clean_runs, lines)), size_px
    if style.widths:
        fitted, fitted_px = fit_lines(fitted, box_px, size_px, style.widths)
    texts = []
    for line in fitted:
        text, look = "", PLAIN
        for run in line:
            if run.fill_cs is not None:
                text += f"{{\\{'kf' if run.text else 'k'}{run.fill_cs}}}"
            text += format_change(look, run.look) + _spell(run.text, style)
            look = run.look
        texts.append(text + format_change(look, PLAIN))
    return f"{{\\fs{fitted_px}}}" * (fitted_px < size_px) + "\\N".join(texts)


def _spell(text: str, style: AssStyle) -> str:
    """Text escaped for ASS, with font changes for characters that the style's font lacks."""
    if not style.families:
        return escape(text)
    runs = groupby(_follow_marks(text, style.families), key=lambda pair: pair[1])
    return "".join(
        _set_in(family, escape("".join(character for character, _ in run))) for family, run in runs
    )


def _set_in(family: str | None, text: str) -> str:
    """Text in a font; family names hold no brace or backslash, which would end the tag."""
    return text if family is None else f"{{\\fn{family}}}{text}{{\\fn}}"


def _follow_marks(text: str, families: Mapping[str, str]) -> Iterable[tuple[str, str | None]]:
    """Each character with its font family; joiners and variation selectors keep the one before."""
    latest: str | None = None
    for character in text:
        if character not in _JOINING:
            latest = families.get(character)
        yield character, latest


_JOINING = frozenset("\u200c\u200d\ufe0e\ufe0f")


def escape(text: str) -> str:
    r"""Text in which libass finds no override block and no `\N`, `\n` or `\h`.

    libass has an escape for braces; a backslash has none, so a word joiner is put after it.
    """
    parted = text.replace("\\", "\\" + JOINER)
    return parted.replace("{", "\\{").replace("}", "\\}")


def format_timestamp(time_ms: int) -> str:
    """Format milliseconds as h:mm:ss.cc, to the nearest centisecond."""
    h, m, s, ms = split_time(time_ms + 5)
    return f"{h}:{m:02}:{s:02}.{ms // 10:02}"
