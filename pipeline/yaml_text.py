"""Parses text to YAML nodes with bounds on size, and past common mistakes.

`yaml_mistakes.py` finds the mistakes; `yaml_file.py` turns nodes into values.
"""

import warnings
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node
from ruamel.yaml.reader import ReaderError

from pipeline.yaml_mistakes import Mistake, find_mistake

MAX_VALUES = 100_000
"""Most values of a file, aliases expanded."""
MAX_DEPTH = 50
MOST_MISTAKES = 20
"""Most syntax errors reported at once."""
LONGEST_MENDED = 100_000
"""Longest text, in characters, that is searched for mistakes: it is parsed some ten times."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The outermost node (None if there is none), the repaired text, and the mistakes repaired."""

    node: Node | None
    text: str
    mistakes: tuple[Mistake, ...]


def compose(text: str) -> Composed:
    """Parse a text, repairing mistakes; the last mistake may be one that can't be repaired."""
    mistakes: list[Mistake] = []
    while True:
        try:
            return Composed(_parse(text), text, tuple(mistakes))
        except (YAMLError, ValueError) as error:
            mistake = _find_mistake(error, text) if len(mistakes) < MOST_MISTAKES else None
            if mistake is None:
                last = Mistake(_find_lines(error, text)[0], *_explain(error), text)
                return Composed(None, text, (*mistakes, last))
            mistakes.append(mistake)
            text = mistake.mended


class _Bounded(Composer):
    """Stops after `MAX_VALUES` nodes: reading a very large file would take a minute."""

    n_nodes = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.n_nodes += 1
        if self.n_nodes > MAX_VALUES:
            event = self.parser.peek_event()
            raise MaxDepthExceededError(None, None, "", event.start_mark)
        return super().compose_node(parent, index)


def _parse(text: str) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = MAX_DEPTH
    yaml.Composer = _Bounded
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a reused anchor means its later definition
        node: Node | None = yaml.compose(text)
        return node


def _find_mistake(error: Exception, text: str) -> Mistake | None:
    if isinstance(error, MaxDepthExceededError) or len(text) > LONGEST_MENDED:
        return None
    return find_mistake(text, _find_lines(error, text), _find_stop)


def _find_stop(text: str) -> int | None:
    try:
        _parse(text)
    except (YAMLError, ValueError) as error:
        return _find_lines(error, text)[0]
    return None


def _find_lines(error: Exception, text: str) -> list[int]:
    """The lines that a YAML error names, counted from 0; first the one where parsing stopped."""
    if isinstance(error, ReaderError):
        return [text.count("\n", 0, error.position)]
    marks = (getattr(error, "problem_mark", None), getattr(error, "context_mark", None))
    return [mark.line for mark in marks if mark] or [0]


def _explain(error: Exception) -> tuple[str, str]:
    """The problem (one line) and the remedy of a YAML error."""
    if isinstance(error, MaxDepthExceededError):
        return "too many or too deep values", "write it out more plainly"
    if isinstance(error, MarkedYAMLError):
        problem = error.problem or error.context or "it can't be read"
    else:
        problem = str(error).strip().partition("\n")[0]
    return f"not YAML: {problem}", "mend the line"
