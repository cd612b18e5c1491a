"""A YAML file as plain JSON values, and where in it each value stands.

YAML 1.2, strictly: no duplicate keys, no tags, no aliases that blow up. Knows no job file.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pipeline.errors import ConfigError, did_you_mean

MAX_BYTES = 1_000_000
MAX_VALUES = 100_000
"""Values a file may hold once every alias is written out."""
MAX_DEPTH = 50

Place = Sequence[str | int]

_NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""Escapes can write these, and neither a path nor UTF-8 can hold them."""

_TAG = "tag:yaml.org,2002:"
_MERGE = f"{_TAG}merge"


@dataclass
class YamlFile:
    """Plain values, with the node and line of each."""

    path: Path
    plain: Any
    _node_by_place: dict[tuple[str | int, ...], Node] = field(repr=False)
    _line_by_place: dict[tuple[str | int, ...], int] = field(repr=False)

    def to_json(self) -> str:
        """The plain values as JSON text."""
        return json.dumps(self.plain)

    def known_part(self, place: Place) -> tuple[str | int, ...]:
        """A place less what is not in the file, such as the name of a union's member."""
        known: tuple[str | int, ...] = ()
        for part in place:
            if (*known, part) in self._line_by_place:
                known = (*known, part)
        return known

    def place(self, place: Place) -> str:
        """A place as a person finds it: file, line and key."""
        known = self.known_part(place)
        key = ""
        for part in place:
            key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else part
        where = f"{self.path}:{self._line_by_place[known]}"
        return f"{where}: {key}" if key else where

    def shown(self, place: Place) -> str:
        """A value as it is written, or what kind of value it is."""
        node = self._node_by_place[tuple(place)]
        if isinstance(node, ScalarNode):
            return repr(str(node.value))
        return "a list" if isinstance(node, SequenceNode) else "a section"

    def error(self, place: Place, problem: str, remedy: str) -> ConfigError:
        """An error at a place."""
        return ConfigError(self.place(self.known_part(place)), problem, remedy)

    def unknown_key(self, place: Place, known: Sequence[str]) -> ConfigError:
        """An error about a key that nobody reads."""
        found = self.known_part(place)
        return self.error(found, "unknown key", did_you_mean(str(found[-1]), known, "keys here"))

    def take_as_written(self, place: Place) -> bool:
        """Make a number, boolean or the like at a place the text it was written as."""
        known = self.known_part(place)
        node = self._node_by_place.get(known)
        if not known or not isinstance(node, ScalarNode) or node.tag == f"{_TAG}null":
            return False
        parent = self.plain
        for part in known[:-1]:
            parent = parent[part]
        if isinstance(parent[known[-1]], str):
            return False
        parent[known[-1]] = str(node.value)
        return True


def read_yaml(path: Path) -> YamlFile:
    """Read a YAML file whose outermost value is a mapping.

    Raises:
        ConfigError: the file is missing, too large, not YAML, or says a key twice.
    """
    text = _read_text(path)
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"{path}:{mark.line + 1}" if mark else str(path)
        problem = error.problem or error.context or "not YAML"
        raise ConfigError(line, f"not YAML: {problem}", "mend the file") from error
    except RecursionError as error:
        raise ConfigError(str(path), "not YAML: nested too deeply", "mend the file") from error
    except (YAMLError, ValueError) as error:
        problem = str(error).strip().partition("\n")[0]
        raise ConfigError(str(path), f"not YAML: {problem}", "mend the file") from error
    if not isinstance(node, MappingNode):
        raise ConfigError(str(path), "holds no keys", "see cuecast schema for those there are")
    reader = _Reader(path)
    plain = reader.read(node, ())
    return YamlFile(path, plain, reader.node_by_place, reader.line_by_place)


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(str(path), f"larger than {MAX_BYTES} bytes", "is it a job file?")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        problem = "no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise ConfigError(str(path), problem or "unreadable", "check the path") from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), "not UTF-8 text", "save it as UTF-8") from error


class _Reader:
    """Turns nodes into plain values, writing every alias out, and counts as it goes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._n_values = 0
        self.node_by_place: dict[tuple[str | int, ...], Node] = {}
        self.line_by_place: dict[tuple[str | int, ...], int] = {(): 1}

    def read(self, node: Node, place: tuple[str | int, ...]) -> Any:
        self._n_values += 1
        if self._n_values > MAX_VALUES or len(place) > MAX_DEPTH:
            raise self._error(node, "too many or too deep values", "write it out more plainly")
        self.node_by_place[place] = node
        self.line_by_place.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self._read_mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.read(inner, (*place, i)) for i, inner in enumerate(node.value)]
        return self._read_scalar(node)

    def _read_mapping(self, node: MappingNode, place: tuple[str | int, ...]) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode) or _NO_TEXT.search(str(key.value)):
                raise self._error(key, "a key is not plain text", "write the key as text")
            if key.tag == _MERGE:
                for part in value.value if isinstance(value, SequenceNode) else [value]:
                    if not isinstance(part, MappingNode):
                        raise self._error(key, "<< takes a section", "name one with *")
                    merged = {**self.read(part, place), **merged}
                continue
            name = str(key.value)
            if name in plain:
                raise self._error(key, f"{name} is said twice", "keep one of them")
            self.line_by_place[*place, name] = key.start_mark.line + 1
            plain[name] = self.read(value, (*place, name))
        return {**merged, **plain}

    def _read_scalar(self, node: Node) -> Any:
        kind, text = str(node.tag).removeprefix(_TAG), str(node.value)
        if _NO_TEXT.search(text):
            raise self._error(node, "a character that no text can hold", "leave it out")
        try:
            match kind:
                case "null":
                    return None
                case "bool":
                    return text.lower() == "true"
                case "int":
                    return int(text, 0) if text.lstrip("+-").startswith(("0x", "0o")) else int(text)
                case "float":
                    return float(text.replace(".inf", "inf").replace(".nan", "nan"))
                case "str" | "timestamp":
                    return text
        except ValueError:
            return text
        raise self._error(node, f"the tag {node.tag} means nothing here", "leave it out")

    def _error(self, node: Node, problem: str, remedy: str) -> ConfigError:
        return ConfigError(f"{self._path}:{node.start_mark.line + 1}", problem, remedy)
