"""A cue's tags laid over new lines of its text, which may be those of several cues.

Where the lines break is decided in `cues.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.captions.direction import unembed
from pipeline.captions.markup import (
    SRT_TAG,
    VTT_TAG,
    escape_srt,
    escape_vtt,
    find_name,
    show_vtt,
    unescape_srt,
)
from pipeline.records import Markup


@dataclass(slots=True)
class _Letter:
    """A character that takes room, the tags that open before it, and those that close after it."""

    char: str
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def lay_tags(markup: Markup, cues: Sequence[Sequence[str]]) -> list[str] | None:
    """Cue text for the lines of each cue, with the tags of the text that they were made of.

    Tags that are open where a cue ends are closed there, and opened again in the next one.

    Returns:
        None if the lines don't hold the text's characters in order.
    """
    letters = iter(_read_letters(markup))
    escape = escape_vtt if markup.form == "vtt" else escape_srt
    open_tags: list[str] = []
    texts = []
    for lines in cues:
        text, plain = "".join(open_tags), ""
        for char in "\n".join(lines):
            if char.isspace():
                plain += char
                continue
            letter = next(letters, None)
            if letter is None or letter.char != char:
                return None
            for tag in letter.before:
                _follow(tag, open_tags)
            if letter.before:
                text, plain = text + escape(plain) + "".join(letter.before), ""
            plain += char
            for tag in letter.after:
                _follow(tag, open_tags)
            if letter.after:
                text, plain = text + escape(plain) + "".join(letter.after), ""
        texts.append(text + escape(plain) + "".join(_close(tag) for tag in reversed(open_tags)))
    return texts if next(letters, None) is None else None


def _read_letters(markup: Markup) -> Iterator[_Letter]:
    """The characters of a marked text but white space; tags stand at the nearest one."""
    is_vtt = markup.form == "vtt"
    text = markup.text if is_vtt else unembed(markup.text)
    letter: _Letter | None = None
    waiting: list[str] = []
    at = 0
    for tag in [*(VTT_TAG if is_vtt else SRT_TAG).finditer(text), None]:
        part = text[at : tag.start() if tag else None]
        for char in show_vtt(part) if is_vtt else unescape_srt(part):
            if not char.isspace():
                if letter:
                    yield letter
                letter, waiting = _Letter(char, waiting), []
        if tag:
            at = tag.end()
            is_end = tag[0].startswith("</") and letter is not None and not waiting
            (letter.after if is_end and letter else waiting).append(tag[0])
    if letter:
        letter.after += waiting
        yield letter


def _follow(tag: str, open_tags: list[str]) -> None:
    """Open or close a tag; an override such as `{\\an8}` holds to the end."""
    if not tag.startswith("</"):
        open_tags += [tag] if find_name(tag) or tag.startswith("{") else []
        return
    names = [find_name(one) for one in open_tags]
    if find_name(tag) in names:
        del open_tags[len(names) - 1 - names[::-1].index(find_name(tag))]


def _close(tag: str) -> str:
    return f"</{find_name(tag)}>" if find_name(tag) else ""
