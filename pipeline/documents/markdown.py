"""Markdown as plain text, by its HTML. The `-` of a list stays, as it may mark a speaker's turn."""

import re
from collections.abc import Sequence
from typing import Any

from pipeline.documents.html import read_html

_FRONT_MATTER = re.compile(r"\A---[^\S\n]*\n.*?^(?:---|\.\.\.)[^\S\n]*$", re.DOTALL | re.MULTILINE)
_NOTE = re.compile(r"^\[\^[^\]\s]+\]:.*(?:\n[^\S\n]+\S.*)*", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^[^\]\s]+\]")


def read_markdown(text: str) -> str:
    """The text of a Markdown document without its front matter and footnotes.

    Raises:
        MediaError: as `read_html`.
    Source: CommonMark 0.31, with GitHub's tables.
    """
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    reader.add_render_rule("list_item_open", _open_item)
    plain = _NOTE_MARK.sub("", _NOTE.sub("", _FRONT_MATTER.sub("", text)))
    return read_html(reader.render(plain))


def _open_item(self: object, tokens: Sequence[Any], number: int, *_: object) -> str:
    return "<li>- " if tokens[number].markup == "-" else "<li>"
