"""ASS, to be burned into a picture by libass.

Writing only; sizes are pixels of the picture. No colour per speaker; karaoke is `karaoke_ass.py`'s.
"""

from collections.abc import Iterable

from pipeline.captions.text import JOINER, clean_line
from pipeline.records import Cue, record

_LAST_MOMENT = "9:59:59.99"
_WRAP_BOTTOM_HEAVY = 3  # wraps only what is wider than the picture; 2 would cut it off
_AUTO_DIRECTION = -1  # libass: each line's direction from its own letters
_BOTTOM, _TOP = 2, 8
_WHITE = "&H00FFFFFF"

_MEAN_CHAR = 0.36
"""How wide a character of bold sans serif is on average, in sizes as libass counts them: from the
font's top to its bottom, which is more than an em."""


@record
class AssStyle:
    """How captions look on a picture of this size.

    Args:
        font: family name as the font file gives it; libass finds it by `fontsdir`.
        title: a line at the top for the whole clip, where there is no picture to look at.
    """

    width_px: int
    height_px: int
    size_px: int
    margin_bottom_px: int
    margin_side_px: int
    outline_px: float
    font: str = "Roboto"
    title: str | None = None
    title_size_px: int = 0
    title_margin_px: int = 0


def choose_style(
    width_px: int, height_px: int, title: str | None = None, chars_per_line: int = 42
) -> AssStyle:
    """Choose sizes at which a full line fits the picture, in landscape and portrait alike.

    A line is 1/16 of the height of a landscape picture (BBC Subtitle Guidelines, "Size": 1/13 at
    most), lower where `chars_per_line` average characters would not fit nine tenths of the width.
    """
    widest_px = 0.9 * width_px / (chars_per_line * _MEAN_CHAR)
    size_px = max(8, round(min(height_px / 16, widest_px)))
    return AssStyle(
        width_px=width_px,
        height_px=height_px,
        size_px=size_px,
        margin_bottom_px=round(height_px * (0.07 if width_px >= height_px else 0.16)),
        margin_side_px=round(width_px * 0.05),
        outline_px=max(1.0, round(size_px / 16, 1)),
        title=title,
        title_size_px=round(size_px * 1.1),
        title_margin_px=round(height_px * 0.08),
    )


def format_ass(cues: Iterable[Cue], style: AssStyle) -> str:
    """Write cues as ASS; whatever the text holds shows as text.

    Times are rounded to the nearest 10 ms, starts and ends alike: off by 5 ms at most, and cues
    that do not overlap still don't.
    """
    written = ((cue, "\\N".join(escape(clean_line(line)) for line in cue.lines)) for cue in cues)
    return format_events(written, style)


def format_events(written: Iterable[tuple[Cue, str]], style: AssStyle, unsaid: str = _WHITE) -> str:
    r"""Write cues with their text already escaped; `unsaid` is the colour before a `\k` is due."""
    events = [] if style.title is None else [_dialogue("Title", _title_event(style))]
    events += [_dialogue("Caption", _cue_event(cue, text)) for cue, text in written]
    return "\n".join([*_header(style, unsaid), *events, ""])


def _header(style: AssStyle, unsaid: str) -> list[str]:
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
        _style_row("Caption", style, unsaid),
        _style_row("Title", style, _WHITE),
        "",
        "[Events]",
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    ]


def _style_row(name: str, style: AssStyle, unsaid: str) -> str:
    is_title = name == "Title"
    alignment, size_px = (_TOP, style.title_size_px) if is_title else (_BOTTOM, style.size_px)
    margin_px = style.title_margin_px if is_title else style.margin_bottom_px
    font = clean_line(style.font.replace(",", " "))
    black, shade = "&H10000000", "&H80000000"
    shadow_px = round(style.outline_px / 2, 1)
    fields = (name, font, size_px, _WHITE, unsaid, black, shade, -1, 0, 0, 0, 100, 100, 0, 0)
    border = (1, style.outline_px, shadow_px, alignment)
    margins = (style.margin_side_px, style.margin_side_px, margin_px, _AUTO_DIRECTION)
    return "Style: " + ",".join(map(str, fields + border + margins))


def _title_event(style: AssStyle) -> tuple[str, str, str, str]:
    return "0:00:00.00", _LAST_MOMENT, "", escape(clean_line(style.title or ""))


def _cue_event(cue: Cue, text: str) -> tuple[str, str, str, str]:
    # A comma would end the field.
    name = clean_line(cue.speaker.replace(",", " ")) if cue.speaker else ""
    return format_timestamp(cue.start_ms), format_timestamp(cue.end_ms), name, text


def _dialogue(style: str, event: tuple[str, str, str, str]) -> str:
    start, end, name, text = event
    return f"Dialogue: 0,{start},{end},{style},{name},0,0,0,,{text}"


def escape(text: str) -> str:
    r"""Text in which libass finds no override block and no `\N`, `\n` or `\h`.

    Braces have an escape in libass; the backslash has none, so a joiner parts it from what follows.
    """
    parted = text.replace("\\", "\\" + JOINER)
    return parted.replace("{", "\\{").replace("}", "\\}")


def format_timestamp(time_ms: int) -> str:
    """h:mm:ss.cc, to the nearest centisecond."""
    seconds, cs = divmod((time_ms + 5) // 10, 100)
    minutes, s = divmod(seconds, 60)
    h, m = divmod(minutes, 60)
    return f"{h}:{m:02}:{s:02}.{cs:02}"
