"""HTML as plain text: what a browser shows, without scripts, comments and pictures."""

import re
from typing import TYPE_CHECKING

from pipeline.documents.paragraphs import raise_digits, tidy_paragraphs
from pipeline.errors import MediaError

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_NESTING = 256
"""Elements inside each other: browsers stop at 512, and a parser's time grows with the square."""

_UNSHOWN = frozenset(
    "head script style template noscript iframe object svg math select textarea title rp rt "
    "audio video canvas datalist".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby s "
    "samp small span strike strong sub sup time tt u var wbr img".split()
)
_UNCLOSED = frozenset(
    "area base br col embed hr img input link meta source track wbr "
    "p li dt dd tr td th thead tbody tfoot option html body head".split()
)
"""Void elements, and those whose end may be left out."""
_NOTE_ROLES = frozenset({"doc-noteref", "doc-footnote", "doc-endnotes", "doc-backlink"})
"""Source: W3C, Digital Publishing WAI-ARIA Module 1.1."""
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)")


def read_html(text: str) -> str:
    """The text of an HTML document, its blocks as paragraphs.

    Raises:
        MediaError: its elements are nested too deep.
    """
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    _check_nesting(text)
    parts: list[str] = []
    root = LexborHTMLParser(text).root
    queue: list[LexborNode | str] = [root] if root is not None else []
    while queue:
        node = queue.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        tag = node.tag or ""
        if not tag.startswith(("-", "!")) and _is_note(node):
            parts.append("" if tag in _INLINE else "\n\n")
        elif tag == "-text":
            parts.append(re.sub(r"\s+", " ", node.text_content or ""))
        elif tag == "sup":
            parts.append(raise_digits(node.text()))
        elif tag == "br":
            parts.append("\n")
        elif tag == "pre":
            parts.append(f"\n\n{node.text()}\n\n")
        elif not tag.startswith(("-", "!")) and tag not in _UNSHOWN:
            around = "" if tag in _INLINE else " " if tag in ("td", "th") else "\n\n"
            children = list(node.iter(include_text=True))
            queue += [around, *children[::-1], around]
    return tidy_paragraphs("".join(parts))


def _is_note(node: "LexborNode") -> bool:
    """Whether an element is a note or a note's mark: by its role, or raised and a link within."""
    if (node.attributes.get("role") or "") in _NOTE_ROLES:
        return True
    parent = node.parent
    href = parent.attributes.get("href") if parent is not None and parent.tag == "a" else None
    return node.tag == "sup" and bool(node.css('a[href^="#"]') or (href or "").startswith("#"))


def _check_nesting(text: str) -> None:
    depth, code = 0, ""
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        if code:
            code = "" if tag["end"] and name == code else code
        elif name in ("script", "style"):
            code = "" if tag["end"] else name
        elif name not in _UNCLOSED:
            depth = max(0, depth - 1) if tag["end"] else depth + 1
        if depth > MAX_NESTING:
            problem = f"has more than {MAX_NESTING} elements inside each other"
            raise MediaError("text", problem, "save it as plain text")
