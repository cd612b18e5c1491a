"""A text to YAML nodes, within bounds, past as many of the usual mistakes as it has.

What those are is `yaml_mistakes.py`'s; what nodes mean `yaml_file.py`'s.
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
"""Values a file may hold once every alias is written out."""
MAX_DEPTH = 50
MOST_MISTAKES = 20
"""So many places that are not YAML are told at once."""
LONGEST_MENDED = 100_000
"""Characters: to find a mistake, a text is read some ten times, and a longer one takes seconds."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The outermost node, None where there is none; of which text; and what had to be mended."""

    node: Node | None
    text: str
    mistakes: tuple[Mistake, ...]


def compose(text: str) -> Composed:
    """Read a text, past mistakes that can be mended; the last one may be one that can't."""
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
    """Stops at a file of too many values before all of it is read: that takes a minute."""

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
        warnings.simplefilter("ignore")  # an anchor that is given twice means the later one
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
    """The lines that a YAML error names, counted from 0, the one where reading stopped first."""
    if isinstance(error, ReaderError):
        return [text.count("\n", 0, error.position)]
    marks = (getattr(error, "problem_mark", None), getattr(error, "context_mark", None))
    return [mark.line for mark in marks if mark] or [0]


def _explain(error: Exception) -> tuple[str, str]:
    """A YAML error in one line, and what to do about it."""
    if isinstance(error, MaxDepthExceededError):
        return "too many or too deep values", "write it out more plainly"
    if isinstance(error, MarkedYAMLError):
        problem = error.problem or error.context or "it can't be read"
    else:
        problem = str(error).strip().partition("\n")[0]
    return f"not YAML: {problem}", "mend the line"
