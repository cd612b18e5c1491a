r"""The look of text in a picture: italic, bold, underlined, coloured, as a cue's markup asks for.

WebVTT has `<i>`, `<b>`, `<u>` and classes of colours (`<c.red>`); SubRip has tags, `<font color>`
and overrides as of ASS (`{\i1}`). Positions are read in `markup.py`, STYLE blocks in
`style_sheet.py`.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from pipeline.captions.markup import SRT_TAG, VTT_TAG, unescape_srt
from pipeline.captions.style_sheet import Element, StyleRule, read_rules
from pipeline.captions.text import REPLACEMENT, show_char
from pipeline.records import Cue, Markup, record

COLORS = {
    "white": "#ffffff", "lime": "#00ff00", "cyan": "#00ffff", "red": "#ff0000",
    "yellow": "#ffff00", "magenta": "#ff00ff", "blue": "#0000ff", "black": "#000000",
    "aqua": "#00ffff", "fuchsia": "#ff00ff", "gray": "#808080", "grey": "#808080",
    "green": "#008000", "maroon": "#800000", "navy": "#000080", "olive": "#808000",
    "orange": "#ffa500", "purple": "#800080", "silver": "#c0c0c0", "teal": "#008080",
}  # fmt: skip
"""Colours by name. Source: WebVTT, "Default text colors" (the first eight); CSS Color 4, "Named
colors" (those of CSS 2.1)."""

_TAG = re.compile(r"<(/?)([a-z]+)((?:\.[^\s<>.]+)*)([^<>]*)>", re.IGNORECASE)
_FONT_COLOR = re.compile(r"\bcolor\s*=\s*[\"']?\s*(#?\w+)", re.IGNORECASE)
_SWITCH = re.compile(r"\\([ibu])(\d*)(?=[\\}])")
_OVERRIDE_COLOR = re.compile(r"\\1?c(?:&H([0-9A-F]{1,8})&?)?(?=[\\}])", re.IGNORECASE)
_FLAGS = {"i": "is_italic", "b": "is_bold", "u": "is_underlined"}


@record
class Look:
    """How characters look; colours are `#rrggbb`, or None for the style's own.

    `ground`: the colour of their outline and shadow.
    """

    is_italic: bool = False
    is_bold: bool = False
    is_underlined: bool = False
    color: str | None = None
    is_struck: bool = False
    ground: str | None = None


PLAIN = Look()


@record
class Run:
    """Characters of a line that look alike.

    `fill_cs`: the time in which it fills with colour in karaoke, with the runs after it that have
    no time of their own; a run without text is a pause.
    """

    text: str
    look: Look = PLAIN
    fill_cs: int | None = None


Line = tuple[Run, ...]


def make_runs(text: str, looks: Sequence[Look]) -> Line:
    """Text cut where its look changes."""
    pairs = groupby(zip(text, looks, strict=True), key=lambda pair: pair[1])
    return tuple(Run("".join(char for char, _ in pair), look) for look, pair in pairs)


def clean_runs(line: Line) -> Line:
    """A line's runs as `clean_line` cleans a line's text."""
    cleaned, is_spaced = [], True
    for run in line:
        text = ""
        for char in "".join(map(show_char, run.text)):
            if char != " " or not is_spaced:
                text += char
            is_spaced = char == " "
        cleaned.append(replace(run, text=text))
    for place in range(len(cleaned) - 1, -1, -1):
        cleaned[place] = replace(cleaned[place], text=cleaned[place].text.rstrip(" "))
        if cleaned[place].text:
            return tuple(cleaned)
    return (Run(REPLACEMENT),)


def find_looks(cue: Cue) -> tuple[tuple[Look, ...], ...]:
    """The look of every character of a cue's lines.

    The characters of the markup are found in the lines again, which may be broken otherwise and
    lack labels; if they are not found, all is plain.
    """
    plain = tuple((PLAIN,) * len(line) for line in cue.lines)
    if cue.markup is None:
        return plain
    marked = list(_read_markup(cue.markup))
    shown = "".join(char for line in cue.lines for char in line if _has_shape(char))
    at = "".join(char for char, _ in marked).find(shown)
    if at < 0:
        return plain
    looks = iter(look for _, look in marked[at:])
    return tuple(tuple(_follow(line, looks)) for line in cue.lines)


def _follow(line: str, looks: Iterator[Look]) -> Iterator[Look]:
    """The look of each character of a line; a space looks as both sides of it do, or plain."""
    own = [next(looks) if _has_shape(char) else None for char in line]
    before = PLAIN
    for place, look in enumerate(own):
        if look is None:
            look = next((other for other in own[place:] if other), PLAIN)
            look = before if before == look else PLAIN
        before = look
        yield before


def _read_markup(markup: Markup) -> Iterator[tuple[str, Look]]:
    """Each character with a shape, and its look."""
    is_vtt = markup.form == "vtt"
    tag, decode = (VTT_TAG, html.unescape) if is_vtt else (SRT_TAG, unescape_srt)
    rules = read_rules(markup.head) if is_vtt else ()
    look, opened = _restyle(PLAIN, Element(id=markup.name), rules), list[tuple[str, Look]]()
    for line in markup.text.split("\n"):
        at = 0
        for match in tag.finditer(line + "\n"):
            yield from _shaped(decode(line[at : match.start()]), look)
            look, at = _apply_tag(match[0], look, opened, rules), match.end()
        yield from _shaped(decode(line[at:]), look)


def _shaped(text: str, look: Look) -> Iterator[tuple[str, Look]]:
    shown = "".join(map(show_char, text))
    return ((char, look) for char in shown if _has_shape(char))


def _has_shape(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) != "Cf"


def _apply_tag(
    text: str, look: Look, opened: list[tuple[str, Look]], rules: Sequence[StyleRule]
) -> Look:
    """The look after a tag; `opened` holds the open tags, each with the look before it."""
    if text.startswith("{"):
        return _apply_override(text, look)
    tag = _TAG.fullmatch(text)
    if tag is None:
        return look
    end, name, classes, rest = tag[1], tag[2].lower(), tag[3].split(".")[1:], tag[4]
    if end:
        while any(name == other for other, _ in opened):
            other, before = opened.pop()
            if other == name:
                return before
        return look
    opened.append((name, look))
    if name in _FLAGS:
        look = _switch(look, name, True)
    if name == "font":
        match = _FONT_COLOR.search(rest)
        return replace(look, color=_read_color(match[1]) or look.color) if match else look
    color = next((COLORS[one] for one in reversed(classes) if one in COLORS), look.color)
    element = Element(name, tuple(classes), html.unescape(rest.strip()) if name == "v" else "")
    return _restyle(replace(look, color=color), element, rules)


def _restyle(look: Look, element: Element, rules: Sequence[StyleRule]) -> Look:
    """The look after all rules that match an element."""
    for rule in rules:
        if rule.matches(element):
            look = replace(look, **rule.changes)
    return look


def _apply_override(text: str, look: Look) -> Look:
    r"""The look after an override as of ASS: `{\i1}`, `{\c&HBBGGRR&}`."""
    for code, value in _SWITCH.findall(text):
        look = _switch(look, code, value not in ("", "0"))
    for value in _OVERRIDE_COLOR.findall(text):
        digits = value.zfill(6)[-6:]
        color = f"#{digits[4:]}{digits[2:4]}{digits[:2]}".lower() if value else None
        look = replace(look, color=color)
    return look


def _switch(look: Look, code: str, is_on: bool) -> Look:
    changed: dict[str, Any] = {_FLAGS[code]: is_on}
    return replace(look, **changed)


def _read_color(text: str) -> str | None:
    """A colour as HTML has it: a name, `#rgb` or `#rrggbb`, as `#rrggbb`."""
    digits = text.removeprefix("#").lower()
    if re.fullmatch("[0-9a-f]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    if re.fullmatch("[0-9a-f]{6}(?:[0-9a-f]{2})?", digits):
        return f"#{digits[:6]}"
    return COLORS.get(text.lower())


def format_change(before: Look, after: Look) -> str:
    """The override that leads from one look to another; a code without a value is the style's."""
    codes = "".join(
        f"\\{code}{1 if new else ''}"
        for code, old, new in (
            ("i", before.is_italic, after.is_italic),
            ("b", before.is_bold, after.is_bold),
            ("u", before.is_underlined, after.is_underlined),
            ("s", before.is_struck, after.is_struck),
        )
        if old != new
    )
    for code, old, new in (
        ("1c", before.color, after.color),
        ("3c", before.ground, after.ground),
        ("4c", before.ground, after.ground),
    ):
        if old != new:
            codes += f"\\{code}{format_color(new)}&" if new else f"\\{code}"
    return f"{{{codes}}}" if codes else ""


def format_color(color: str, opacity: float = 1.0) -> str:
    """Format `#rrggbb` for ASS: transparency, blue, green, red."""
    red, green, blue = color[1:3], color[3:5], color[5:7]
    return f"&H{round((1 - opacity) * 255):02X}{blue}{green}{red}".upper()
