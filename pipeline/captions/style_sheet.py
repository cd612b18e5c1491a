"""The STYLE blocks of a WebVTT file as rules: what they change in the look of text in a picture.

Only what libass can draw is read, and selectors of one element: `::cue`, `::cue(.class)`,
`::cue(b)`, `::cue(v[voice="Anna"])`, `::cue(#id)`. Other rules change nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

_BLOCK = re.compile(r"^STYLE[ \t]*\n((?:.+\n?)*)", re.MULTILINE)
_CUE = re.compile(r"::cue(?:\(([^()]*)\))?", re.IGNORECASE)
_SELECTOR = re.compile(
    r"""(?P<name>\w+|\*)?(?:\#(?P<id>[^\s.\[\]#]+))?(?P<classes>(?:\.[^\s.\[\]#]+)*)"""
    r"""(?:\[voice=["']?(?P<voice>[^"'\]]*)["']?\])?""",
    re.IGNORECASE,
)
_BOLD_WEIGHT = 600
_SPACES = ("srgb", "hsl", "hwb")


@dataclass(frozen=True, slots=True)
class Element:
    """What a selector is matched against: a tag of cue text, or the cue itself (`name` empty)."""

    name: str = ""
    classes: tuple[str, ...] = ()
    voice: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class StyleRule:
    """A selector, and the fields of a `Look` that it changes; an empty part matches anything."""

    element: Element
    changes: Mapping[str, Any]

    def matches(self, element: Element) -> bool:
        """Whether it applies to an element."""
        own = self.element
        return (
            own.name in (element.name, "*" if element.name else "")
            and set(own.classes) <= set(element.classes)
            and own.voice in ("", element.voice)
            and own.id in ("", element.id)
        )


@cache
def read_rules(head: str) -> tuple[StyleRule, ...]:
    """The rules of a file's STYLE blocks; of two that match an element the later one counts more.

    They are in order of specificity, then as they stand in the file.

    Source: WebVTT, §8.2 "CSS extensions"; Selectors 4, §17.
    """
    blocks = _BLOCK.findall(head)
    return tuple(sorted((rule for css in blocks for rule in _parse(css)), key=_specificity))


def _parse(css: str) -> Iterator[StyleRule]:
    import tinycss2

    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue
        changes = _read_changes(rule.content)
        elements = list(_parse_selectors(tinycss2.serialize(rule.prelude)))
        yield from (StyleRule(element, changes) for element in elements if changes)


def _parse_selectors(text: str) -> Iterator[Element]:
    for match in re.split(r",(?![^(]*\))", text):
        whole = _CUE.fullmatch(match.strip())
        if whole is None:
            continue
        if whole[1] is None:
            yield Element()
            continue
        for part in whole[1].split(","):
            found = _SELECTOR.fullmatch(part.strip())
            if found and found[0]:
                # An id is the cue's own: WebVTT gives none to its tags.
                name = (found["name"] or "*").lower() if not found["id"] else ""
                classes = tuple(found["classes"].split(".")[1:])
                yield Element(name, classes, found["voice"] or "", found["id"] or "")


def _specificity(rule: StyleRule) -> tuple[int, int, int]:
    own = rule.element
    n_classes = len(own.classes) + bool(own.voice)
    return bool(own.id), n_classes, own.name not in ("", "*")


def _read_changes(content: Sequence[Any]) -> dict[str, Any]:
    import tinycss2

    changes: dict[str, Any] = {}
    for part in tinycss2.parse_blocks_contents(content):
        if part.type == "declaration" and part.lower_name in _PROPERTIES:
            value = tinycss2.serialize(part.value).strip().lower()
            changes.update(_PROPERTIES[part.lower_name](value))
    return changes


def _read_weight(value: str) -> dict[str, Any]:
    if value.isdigit():
        return {"is_bold": int(value) >= _BOLD_WEIGHT}
    return {"is_bold": value in ("bold", "bolder")}


def _read_slant(value: str) -> dict[str, Any]:
    return {"is_italic": value.startswith(("italic", "oblique"))}


def _read_lines(value: str) -> dict[str, Any]:
    words = value.split()
    return {"is_underlined": "underline" in words, "is_struck": "line-through" in words}


def _read_front(value: str) -> dict[str, Any]:
    color = _format_color(value)
    return {"color": color} if color else {}


def _read_ground(value: str) -> dict[str, Any]:
    color = _format_color(value)
    return {"ground": color} if color else {}


def _format_color(value: str) -> str | None:
    """An sRGB colour of CSS as `#rrggbb`, without its opacity; None if it is transparent, or other
    text.
    """
    from tinycss2.color4 import Color, parse_color

    color = parse_color(value)
    if not isinstance(color, Color) or color.space not in _SPACES or not color.alpha:
        return None
    parts = (min(max(part or 0.0, 0.0), 1.0) for part in color.to("srgb").coordinates)
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


_PROPERTIES: Mapping[str, Callable[[str], dict[str, Any]]] = MappingProxyType(
    {
        "color": _read_front,
        "background": _read_ground,
        "background-color": _read_ground,
        "font-style": _read_slant,
        "font-weight": _read_weight,
        "text-decoration": _read_lines,
        "text-decoration-line": _read_lines,
    }
)
