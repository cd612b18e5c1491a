r"""Text escaped for WebVTT and SubRip; a cue's tags and position converted between the two.

WebVTT has tags, entities and settings; SubRip has tags and `{\an8}`, and no escapes. Players look
for `<b>`, `{\an8}` and timing lines in its text: an invisible word joiner is put into what would be
read as one, and taken out when reading. Bold, italic, underline and the position are converted;
colours, classes and voices are dropped. How they look in a picture is read in `looks.py`.
"""

import html
import re
from collections.abc import Callable

from pipeline.captions.direction import embed, unembed
from pipeline.captions.text import JOINER
from pipeline.records import Markup
from pipeline.text.times import TIME_TAG

SRT_TAG = re.compile(r"</?(?:b|i|u|s|font)(?:[^\S\n][^<>\n]*)?>|\{\\[^{}\n]*\}", re.IGNORECASE)
VTT_TAG = re.compile(r"<[^>]*(?:>|\Z)")
"""Source: W3C, WebVTT, §6.4, "cue text tokenizer": without a `>` it holds all that follows."""

_SHARED = re.compile(r"<(/?)([biu])(?:[\s.][^<>]*)?>", re.IGNORECASE)
_WHOLE = re.compile(r"<[^<>]*>")
_NAME = re.compile(r"</?([A-Za-z]+)")
_PLACE = re.compile(r"\{\\(?:[^{}]*\\)?an([1-9])")
_LINE = re.compile(r"\bline:(-?\d+(?:\.\d+)?)(%?)")
_ALIGN = re.compile(r"\balign:(start|left|center|middle|end|right)\b")
_POSITION = re.compile(r"\bposition:(\d+(?:\.\d+)?)%")
_SIDES = {"start": 0, "left": 0, "center": 50, "middle": 50, "end": 100, "right": 100}
"""Where text lies that has no `position`, in percent. Source: WebVTT, "cue computed position"."""
_SIDE_SETTINGS = ("position:0% align:start", "", "position:100% align:end")
_ROW_SETTINGS = ("", "line:50%", "line:0")
"""By row of the numeric keypad from the bottom, as `an` counts."""
_BOTTOM_CENTRE = 2
_VTT_NAMES = frozenset("c i b u ruby rt v lang".split())
_TOP_LINES = 5
_THIRDS_PERCENT = (100 / 3, 200 / 3)
_COMMANDS = (("<", "<" + JOINER), ("-->", "-" + JOINER + "->"), ("\\", "\\" + JOINER))
_BRACES = (("{", "\uff5b" + JOINER), ("}", "\uff5d" + JOINER))
"""ffmpeg passes braces on to ASS, where they hide the text in them. Full-width braces show
everywhere; the joiner after them tells them from full-width braces of the text."""


def escape_vtt(text: str) -> str:
    """Text in which no WebVTT parser finds a tag, an entity or a timing line's arrow."""
    return escape_brackets(text.replace("&", "&amp;"))


def escape_brackets(text: str) -> str:
    """Escape `<` and `>` only, for text whose entities stay."""
    return text.replace("<", "&lt;").replace(">", "&gt;")


def escape_srt(text: str) -> str:
    """Text in which no player finds a tag, an override or a timing line."""
    for plain, parted in (*_COMMANDS, *_BRACES):
        text = text.replace(plain, parted)
    return text


def unescape_srt(text: str) -> str:
    """The inverse of `escape_srt`; other text stays as it is."""
    for plain, parted in (*_BRACES, *reversed(_COMMANDS)):
        text = text.replace(parted, plain)
    return text


def show_vtt(text: str) -> str:
    """Cue text as browsers show it: without tags, with its character references decoded."""
    return "".join(map(html.unescape, VTT_TAG.split(text)))


def write_vtt(markup: Markup) -> tuple[str, str]:
    """Cue text and settings for WebVTT; times within the text are dropped, as they are outdated."""
    if markup.form == "vtt":
        lines = _rewrite(markup.text, VTT_TAG, _keep_lasting, escape_brackets)
        return "\n".join(line for line in lines if line), markup.settings
    lines = _rewrite(unembed(markup.text), SRT_TAG, _keep_shared, _srt_to_vtt)
    row, side = divmod((choose_place(markup) or _BOTTOM_CENTRE) - 1, 3)
    settings = (_ROW_SETTINGS[row], _SIDE_SETTINGS[side])
    return "\n".join(line for line in lines if line), " ".join(filter(None, settings))


def escape_loose_signs(text: str) -> str:
    """Cue text with each `<` and `>` outside tags escaped; tags and times in it stay."""
    lines = _rewrite(text, VTT_TAG, str, escape_brackets)
    return "\n".join(line for line in lines if line)


def write_srt(markup: Markup) -> tuple[str, str]:
    """Cue text for SubRip, and what follows the times on its timing line."""
    if markup.form == "srt":
        return markup.text, markup.settings
    lines = _rewrite(markup.text, VTT_TAG, _keep_shared, _vtt_to_srt)
    text = "\n".join(embed(line, SRT_TAG.sub("", line)) for line in lines if line.strip())
    place = choose_place(markup)
    return (text if place is None else f"{{\\an{place}}}{text}"), ""


def choose_place(markup: Markup | None) -> int | None:
    """The position that a cue asks for, as a key of the numeric keypad (`an`).

    None for bottom centre, where captions are unless something else is asked for.
    """
    if markup is None:
        return None
    match = _PLACE.search(markup.text) if markup.form == "srt" else None
    place = int(match[1]) if match else _read_settings(markup.settings)
    return None if place == _BOTTOM_CENTRE else place


def find_open_tags(text: str) -> list[tuple[int, str]]:
    """The place and name of each tag of SubRip text that is opened and not closed."""
    open_tags: list[tuple[int, str]] = []
    for tag in SRT_TAG.finditer(text):
        if not (name := find_name(tag[0])):
            continue
        if not tag[0].startswith("</"):
            open_tags.append((tag.start(), name))
            continue
        at = next((n for n in reversed(range(len(open_tags))) if open_tags[n][1] == name), None)
        if at is not None:
            del open_tags[at]
    return open_tags


def close_tags(text: str, form: str) -> str:
    """Cue text with its open tags closed at its end; in WebVTT ends that close nothing go."""
    if form == "srt":
        return text + "".join(f"</{name}>" for _, name in reversed(find_open_tags(text)))
    open_names: list[str] = []

    def follow(tag: re.Match[str]) -> str:
        name = find_name(tag[0])
        if name not in _VTT_NAMES:
            return tag[0]
        if not tag[0].startswith("</"):
            open_names.append(name)
            return tag[0]
        if open_names[-2:] == ["ruby", "rt"] and name == "ruby":
            del open_names[-2:]
            return f"</rt>{tag[0]}"
        return tag[0] if open_names and open_names[-1] == name and open_names.pop() else ""

    closed = VTT_TAG.sub(follow, text)
    holds_all = text.startswith("<v") and open_names[:1] == ["v"]
    return closed + "".join(f"</{name}>" for name in reversed(open_names[holds_all:]))


def find_name(tag: str) -> str:
    """The name of a tag; empty for a time or an override, which have no end."""
    match = _NAME.match(tag)
    return match[1].lower() if match else ""


def _rewrite(
    text: str, tag: re.Pattern[str], keep: Callable[[str], str], convert: Callable[[str], str]
) -> list[str]:
    """Each line with its tags passed through `keep` and the text between them through `convert`.

    Text on both sides of a dropped tag is converted as one: its halves could form a command.
    """
    written, plain, at = "", "", 0
    for match in [*tag.finditer(text), None]:
        plain += text[at : match.start() if match else None]
        written_tag = " ".join(keep(match[0]).split("\n")) if match else ""
        if written_tag or match is None:
            written += "\n".join(map(convert, plain.split("\n"))) + written_tag
            plain = ""
        at = match.end() if match else at
    return written.split("\n")


def _keep_lasting(tag: str) -> str:
    """The tag, unless it is a time, or was meant as text: that is shown nowhere."""
    return tag if _WHOLE.fullmatch(tag) and not TIME_TAG.fullmatch(tag) else ""


def _keep_shared(tag: str) -> str:
    """The tag if both formats know it."""
    match = _SHARED.fullmatch(tag)
    return f"<{match[1]}{match[2].lower()}>" if match else ""


def _srt_to_vtt(text: str) -> str:
    return escape_vtt(unescape_srt(text))


def _vtt_to_srt(text: str) -> str:
    # `&#10;` would become a line end of the file.
    return escape_srt(re.sub(r"[\r\n]", " ", html.unescape(text)))


def _read_settings(settings: str) -> int:
    """The key for the position that WebVTT settings give: the third of the picture it lies in."""
    line, align = _LINE.search(settings), _ALIGN.search(settings)
    row = 0
    if line and line[2]:
        row = sum(float(line[1]) < limit for limit in _THIRDS_PERCENT)
    elif line and not line[1].startswith("-"):
        row = 2 if float(line[1]) < _TOP_LINES else 0
    position = _POSITION.search(settings)
    percent = float(position[1]) if position else _SIDES[align[1]] if align else _SIDES["center"]
    return 3 * row + sum(percent >= limit for limit in _THIRDS_PERCENT) + 1
