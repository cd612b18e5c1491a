"""Reads a YAML file to plain JSON values with the line of each.

YAML 1.2, strictly: no duplicate keys, no tags, bounded aliases. Knows no job file.
"""

import json
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pipeline.errors import ConfigError, join_errors
from pipeline.yaml_text import MAX_DEPTH, MAX_VALUES, compose

MAX_BYTES = 1_000_000

MAX_BITS = 1_000
"""Largest integer, in bits; a larger one is read as text, as Python limits printed digits."""
LONGEST_SHOWN = 300
"""Longest error text, in characters; the rest is cut."""

Place = Sequence[str | int]

_NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""Characters that escapes can write, but a path or UTF-8 can't hold."""

_TRUE = frozenset({"true", "yes", "on"})
"""True in YAML 1.2, then in files that declare YAML 1.1."""

_TAG = "tag:yaml.org,2002:"
_MERGE = f"{_TAG}merge"


@dataclass
class YamlFile:
    """Plain values, with the node and line of each, and the errors found so far."""

    path: Path
    plain: Any
    _node_by_place: dict[tuple[str | int, ...], Node] = field(repr=False)
    _line_by_place: dict[tuple[str | int, ...], int] = field(repr=False)
    _lines: list[str] = field(repr=False)
    _errors: list[tuple[int, ConfigError]] = field(repr=False)

    def to_json(self) -> str:
        """The plain values as JSON text."""
        return json.dumps(self.plain)

    def known_part(self, place: Place) -> tuple[str | int, ...]:
        """A place without the parts that are not in the file, such as a union member's name."""
        known: tuple[str | int, ...] = ()
        for part in place:
            if (*known, part) in self._line_by_place:
                known = (*known, part)
        return known

    def has(self, place: Place) -> bool:
        """Whether all of a place is in the file."""
        return tuple(place) in self._line_by_place

    def place(self, place: Place) -> str:
        """A place in words for the user: file, line and key."""
        known = self.known_part(place)
        key = ""
        for part in place:
            key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else part
        where = f"{self.path}:{self._line_by_place[known]}"
        return f"{where}: {key}" if key else where

    def shown(self, place: Place) -> str:
        """A scalar as it is written, or the kind of any other value."""
        node = self._node_by_place[tuple(place)]
        if isinstance(node, ScalarNode):
            return repr(str(node.value))
        return "a list" if isinstance(node, SequenceNode) else "a section"

    def is_section(self, place: Place) -> bool:
        """Whether there are keys at a place."""
        return isinstance(self._node_by_place.get(tuple(place)), MappingNode)

    def commented_value(self, place: Place) -> str:
        """A value that YAML takes for a comment (`color: #ff0000`); empty if it is none."""
        node = self._node_by_place.get(tuple(place))
        if node is None or node.tag != f"{_TAG}null" or node.start_mark.line >= len(self._lines):
            return ""
        line = self._lines[self._line_by_place[tuple(place)] - 1]
        found = re.search(rf"(?:{re.escape(str(place[-1]))}:|-)\s+(#[^\s,]+)", line)
        return found[1] if found else ""

    def spaced_value(self, place: Place) -> str:
        """A text `key:value` with the missing space after the colon; empty if it is none."""
        node = self._node_by_place.get(tuple(place))
        found = re.fullmatch(r"(\w+):(\S.*)", str(node.value)) if node else None
        return f"{found[1]}: {found[2]}" if found else ""

    def refuse(self, place: Place, problem: str, remedy: str) -> None:
        """Note an error at a place; `check` raises all of them."""
        known = self.known_part(place)
        if len(problem) > LONGEST_SHOWN:
            problem = f"{problem[:LONGEST_SHOWN]}…"
        error = ConfigError(self.place(known), problem, remedy)
        if error.args not in [other.args for _, other in self._errors]:
            self._errors.append((self._line_by_place[known], error))

    def check(self) -> None:
        """Raise the noted errors, if any.

        Raises:
            ConfigError: all of them, in the order of their lines.
        """
        if self._errors:
            by_line = sorted(self._errors, key=lambda one: one[0])
            raise join_errors([error for _, error in by_line])

    def take_as_written(self, place: Place) -> bool:
        """Replace a number, boolean or the like at a place by its text in the file."""
        known = self.known_part(place)
        node = self._node_by_place.get(known)
        if not known or not isinstance(node, ScalarNode) or node.tag == f"{_TAG}null":
            return False
        parent = self._parent(known)
        if isinstance(parent[known[-1]], str):
            return False
        parent[known[-1]] = str(node.value)
        return True

    def leave_out(self, place: Place) -> tuple[str | int, ...]:
        """Drop the key at a place, or the nearest above it, so that the rest can be validated.

        Returns the place that was dropped, or () if there was none.
        """
        known = self.known_part(place)
        while known and isinstance(known[-1], int):
            known = known[:-1]
        try:
            if known and self._parent(known).pop(known[-1], known) is not known:
                return known
        except (LookupError, AttributeError):
            pass  # it was dropped with a section around it
        return ()

    def _parent(self, place: Place) -> Any:
        parent = self.plain
        for part in place[:-1]:
            parent = parent[part]
        return parent


def read_yaml(path: Path) -> YamlFile:
    """Read a YAML file whose outermost value is a mapping.

    Errors that let the rest be read are noted in the file; `check` raises them.

    Raises:
        ConfigError: the file can't be read, is too large, or is not YAML.
    """
    text = _read_text(path)
    composed = compose(text)
    reader = _Reader(path)
    for mistake in composed.mistakes:
        reader.note(mistake.line + 1, mistake.problem, mistake.remedy)
    if not isinstance(composed.node, MappingNode):
        if not reader.errors:
            problem = "has no keys at its outermost level" if composed.node else "holds no keys"
            remedy = "begin with output: and items:; see cuecast schema for all there are"
            raise ConfigError(str(path), problem, remedy)
        raise join_errors([error for _, error in reader.errors])
    plain = reader.read(composed.node, ())
    lines = composed.text.split("\n")
    return YamlFile(path, plain, reader.node_by_place, reader.line_by_place, lines, reader.errors)


def _read_text(path: Path) -> str:
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise ConfigError(str(path), "is a folder", "name the job file in it")
        # Opening a pipe waits for its other end, and a device may have no end.
        if not stat.S_ISREG(kind):
            raise ConfigError(str(path), "a pipe or a device", "save it as a file first")
        with path.open("rb") as file:
            written = file.read(MAX_BYTES + 1)
        if len(written) > MAX_BYTES:
            raise ConfigError(str(path), f"larger than {MAX_BYTES} bytes", "is it a job file?")
        return written.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        problem = "no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise ConfigError(str(path), problem or "unreadable", "check the path") from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), "not UTF-8 text", "save it as UTF-8") from error
    except ValueError as error:  # a zero byte in it
        raise ConfigError(str(path), "not a path", "check the path") from error


# --- nodes to values ---------------------------------------------------------------------------


class _Reader:
    """Turns nodes into plain values, expanding every alias up to `MAX_VALUES` values.

    Errors are noted and their values left out, so that the rest can be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.errors: list[tuple[int, ConfigError]] = []
        self._n_values = 0
        self._open: set[int] = set()
        self.node_by_place: dict[tuple[str | int, ...], Node] = {}
        self.line_by_place: dict[tuple[str | int, ...], int] = {(): 1}

    def read(self, node: Node, place: tuple[str | int, ...]) -> Any:
        self._n_values += 1
        if self._n_values > MAX_VALUES or len(place) > MAX_DEPTH:
            self._refuse(node, "too many or too deep values", "write it out more plainly")
            raise join_errors([error for _, error in self.errors])
        self.node_by_place[place] = node
        self.line_by_place.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, ScalarNode):
            return self._read_scalar(node)
        if id(node) in self._open:
            self._refuse(node, "an alias stands within what it names", "write it out")
            return None
        self._open.add(id(node))
        try:
            if isinstance(node, MappingNode):
                return self._read_mapping(node, place)
            return [self.read(inner, (*place, i)) for i, inner in enumerate(node.value)]
        finally:
            self._open.remove(id(node))

    def _read_mapping(self, node: MappingNode, place: tuple[str | int, ...]) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else "\0"
            if _NO_TEXT.search(name):
                self._refuse(key, "a key is not plain text", "write the key as text")
            elif key.tag == _MERGE:
                for part in value.value if isinstance(value, SequenceNode) else [value]:
                    merged = {**self._read_merged(part, place), **merged}
            elif name in plain:
                self._refuse(key, f"{name} is given twice", "keep one of them")
            else:
                self.line_by_place[*place, name] = key.start_mark.line + 1
                plain[name] = self.read(value, (*place, name))
        return {**merged, **plain}

    def _read_merged(self, node: Node, place: tuple[str | int, ...]) -> dict[str, Any]:
        """The keys that `<<` merges from another section."""
        if not isinstance(node, MappingNode):
            self._refuse(node, "<< takes a section", "name one with *")
            return {}
        own = self.node_by_place[place]
        merged = self.read(node, place)
        self.node_by_place[place] = own
        return merged or {}

    def _read_scalar(self, node: Node) -> Any:
        kind, text = str(node.tag).removeprefix(_TAG), str(node.value)
        if _NO_TEXT.search(text):
            self._refuse(node, "a character that no text can hold", "leave it out")
            return "_"
        try:
            match kind:
                case "null":
                    return None
                case "bool":
                    return text.lower() in _TRUE
                case "int":
                    is_other_base = text.lstrip("+-").startswith(("0x", "0o"))
                    number = int(text, 0) if is_other_base else int(text)
                    return number if number.bit_length() <= MAX_BITS else text
                case "float":
                    return float(text.replace(".inf", "inf").replace(".nan", "nan"))
                case "str" | "timestamp":
                    return text
        except ValueError:
            return text
        self._refuse(node, f"the tag {node.tag} means nothing here", "leave it out, or quote it")
        return text

    def note(self, line: int, problem: str, remedy: str) -> None:
        """Note an error in a line, counted from 1."""
        self.errors.append((line, ConfigError(f"{self._path}:{line}", problem, remedy)))

    def _refuse(self, node: Node, problem: str, remedy: str) -> None:
        self.note(node.start_mark.line + 1, problem, remedy)
