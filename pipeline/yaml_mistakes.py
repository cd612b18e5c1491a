"""Finds common mistakes in text that is not YAML, by trying a repair of each.

A mistake is reported only if its repair lets the text be parsed further than before.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

LINES_BACK = 5
"""Lines above the one where parsing stopped that are searched too: an open quote, or a key without
its space, is an error only later."""

_TAB_WIDTHS = (2, 4, 8)
"""Spaces that a tab may stand for, as editors show them."""

_VALUE = re.compile(r"(?P<before>\s*(?:- +)*(?:(?P<key>[\w.-]+):[ \t]+|(?<=- )))(?P<value>\S.*)")
"""A line with a key and its value, or an entry of a list."""
_NO_SPACE = re.compile(r"(?P<before>\s*(?:- +)*)(?P<key>[A-Za-z_]\w*):(?P<value>[^\s:].*)")
_IN_BRACES = re.compile(
    r"""(?P<before>\b(?P<key>[\w-]+): +)(?P<value>[^\s,{}\[\]"'][^,{}\[\]"']*?)(?=\s*[,}])"""
)
_COMMENT = re.compile(r"\s#.*")
_SPECIAL = "!&*@%`|>?-[]{},\"'"
"""Characters that begin something other than a plain scalar in YAML."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """The problem in a line (counted from 0), its remedy, and the repaired text."""

    line: int
    problem: str
    remedy: str
    mended: str


Stop = Callable[[str], int | None]
"""A function that returns the line at which parsing a text fails, None if it is valid."""


def find_mistake(text: str, stopped: Sequence[int], find_stop: Stop) -> Mistake | None:
    """The first candidate mistake whose repair lets the text be parsed further.

    Args:
        stopped: the lines that the YAML parser named, first the one where it stopped.
        find_stop: the line at which parsing a repaired text fails.
    Cost: parses the text once for each candidate, some ten.
    """
    lines = text.split("\n")
    last = min(stopped[0], len(lines) - 1)
    above = [number for number in range(last - 1, -1, -1) if lines[number].strip()][:LINES_BACK]
    tried: set[str] = set()
    near = [number for number in dict.fromkeys((last, *above, *stopped[1:])) if number < len(lines)]
    for find_candidates in (_untab, _rewrite_line, _indent_anew):
        for found in (found for number in near for found in find_candidates(lines, number)):
            if found.mended not in tried:
                tried.add(found.mended)
                stop = find_stop(found.mended)
                if stop is None or stop > last:
                    return found
    return None


def _untab(lines: Sequence[str], number: int) -> Iterator[Mistake]:
    """Replace the leading tabs of all lines at once, in each of `_TAB_WIDTHS`."""
    if "\t" not in _indent(lines[number]):
        return
    first = next(at for at, line in enumerate(lines) if "\t" in _indent(line))
    told = (first, "a tab begins the line", "indent with spaces, not tabs")
    for width in _TAB_WIDTHS:
        spaced = [_indent(line).expandtabs(width) + line.lstrip(" \t") for line in lines]
        yield Mistake(*told, "\n".join(spaced))
        for moved in _indent_anew(spaced, number):
            yield Mistake(*told, moved.mended)


def _rewrite_line(lines: Sequence[str], number: int) -> Iterator[Mistake]:
    """Each repair of the line by itself."""
    for mended, problem, remedy in _rewrite(lines[number]):
        text = "\n".join([*lines[:number], mended, *lines[number + 1 :]])
        yield Mistake(number, problem, remedy, text)


def _rewrite(line: str) -> Iterator[tuple[str, str, str]]:
    """Each repair of a line: the new line, the problem, the remedy."""
    if found := _NO_SPACE.fullmatch(line):
        written = f"{found['key']}: {found['value']}"
        yield found["before"] + written, "no space after the colon", f"write `{written}`"
    for opening, closing in ("''", '""', "[]", "{}"):
        if opening in line:
            yield (
                line + closing,
                f"{opening} is opened and never closed",
                f"close it with {closing}",
            )
    if odd := [one for one in _IN_BRACES.finditer(line) if re.search(r"^#|: ", one["value"])]:
        quoted = _IN_BRACES.sub(lambda one: one["before"] + _quote(one["value"]), line)
        yield quoted, *_explain_quotes(odd[0]["key"], odd[0]["value"])
    if found := _VALUE.fullmatch(line):
        comment = _COMMENT.search(found["value"])
        for end in [comment.start(), None] if comment else [None]:
            value = found["value"][:end].rstrip()
            rest = found["value"][len(value) :]
            yield found["before"] + _quote(value) + rest, *_explain_quotes(found["key"], value)


def _indent_anew(lines: Sequence[str], number: int) -> Iterator[Mistake]:
    """Indent the line, and what is nested below it, like one of the lines above."""
    own = len(_indent(lines[number]))
    widths: dict[int, None] = {}
    for line in reversed(lines[:number]):
        if line.strip():
            beside_dash = re.match(r" *(?:- +)*", line)
            widths |= {beside_dash.end(): None} if beside_dash else {}
            widths |= {len(_indent(line)): None}
    end = number + 1
    while end < len(lines) and (not lines[end].strip() or len(_indent(lines[end])) > own):
        end += 1
    for width in widths:
        if width != own:
            more, less = " " * (width - own), max(0, own - width)
            moved = (more + line[less:] for line in lines[number:end])
            text = "\n".join([*lines[:number], *moved, *lines[end:]])
            problem = "the line is not indented like those it belongs to"
            yield Mistake(number, problem, "give keys of one section the same indentation", text)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _quote(value: str) -> str:
    """A value in double quotes, in place of any quotes around it."""
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return json.dumps(value[1:-1] if is_quoted else value, ensure_ascii=False)


def _explain_quotes(key: str | None, value: str) -> tuple[str, str]:
    """The problem and the remedy of a value that should be quoted."""
    if value.startswith("#"):
        problem = "`#` begins a comment"
    elif value[:1] in ("'", '"'):
        problem = "the value goes on after its closing quote"
    elif value[:1] in _SPECIAL:
        problem = f"`{value[0]}` at its beginning means something else in YAML"
    else:
        problem = "a colon and a space in the value begin another key"
    written = f"{key}: {_quote(value)}" if key else _quote(value)
    return f"{key}: {problem}" if key else problem, f"quote it: `{written}`"
