"""What is wrong in captions: which rule is broken, where, and by how much.

The rules themselves are in `lint.py`, `conformance.py` and `synced.py`.
"""

from collections.abc import Sequence

from pipeline.records import record

NO_TEXT, NO_DURATION = "no-text", "no-duration"
"""Rules of every profile, which only cues read from a file can break."""

ENCODING = "vtt-encoding"
"""A rule about the bytes of a WebVTT file."""

UNITS = {
    "line-length": "characters",
    "line-count": "lines",
    "reading-speed": "characters/s",
    "min-duration": "ms",
    "max-duration": "ms",
    "gap": "ms",
    "open-gap": "ms",
    "order": "ms",
    NO_TEXT: "characters",
    NO_DURATION: "ms",
    "early": "ms",
    "late": "ms",
    "cut-off": "ms",
    "word-missing": "words",
    "word-added": "words",
}
"""Unit of each rule's figures; rules of a file's grammar have none."""

_MAX_ROUNDED = 1e5
"""`%g` shows six digits: figures from here on would be rounded, and are shown in full."""

MAX_RUNS = 12
"""Most runs of cue numbers that a message lists: a line of a terminal."""


@record
class Problem:
    """One rule broken by one cue (numbered from 1).

    `measured` and `limit` are in the rule's unit (see UNITS). A break of a file's grammar has
    neither, but a `note` of what is wrong; its cue is 0 before the first one. `line` counts a
    file's lines from 1; `note` may also say why a cue cannot keep the rule.
    """

    rule: str
    cue: int
    start_ms: int
    measured: float
    limit: float
    line: int | None = None
    note: str = ""

    @property
    def what(self) -> str:
        """Its figures, unit and note as text."""
        unit = UNITS.get(self.rule)
        if unit is None:
            return self.note
        figures = f"{_format_figure(self.measured)} {unit}, limit {_format_figure(self.limit)}"
        return f"{figures} ({self.note})" if self.note else figures


def _format_figure(figure: float) -> str:
    return f"{figure:g}" if abs(figure) < _MAX_ROUNDED else f"{figure:.0f}"


def format_numbers(numbers: Sequence[int]) -> str:
    """Format cue numbers as `4-9, 12`; only the first runs of many."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [f"{first}-{last}" if first < last else str(first) for first, last in runs]
    return ", ".join(shown[:MAX_RUNS] + ["…"] * (len(shown) > MAX_RUNS))
