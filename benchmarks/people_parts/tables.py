"""The tables of the benchmark, as they are printed."""

from collections.abc import Mapping, Sequence
from typing import Any

SETS = {
    "n_words": "words", "median_ms": "median ms", "mean_ms": "mean ms", "mean_ms_95": "95 %",
    "bias_ms": "bias ms", "f1": "F1@20", "f1_95": "95 %", "f1_unbiased": "F1 less bias",
    "within_50ms": "<= 50 ms", "within_100ms": "<= 100 ms", "within_100ms_95": "95 %",
    "n_over_1s": "> 1 s", "n_false_unspoken": "false unspoken", "n_estimated": "estimated",
}  # fmt: skip
WRONG = {
    "n": "words", "unspoken": "unspoken", "estimated": "estimated", "told": "told",
    "told_95": "95 %",
}  # fmt: skip
RIGHT = {
    "n": "words", "false_unspoken": "false unspoken", "false_unspoken_95": "95 %",
    "estimated": "estimated", "within_100ms": "<= 100 ms", "n_over_1s": "> 1 s",
}  # fmt: skip
BINS = {
    "n": "words", "promised": "promised", "within_100ms": "<= 100 ms", "within_100ms_95": "95 %",
    "holds": "holds",
}  # fmt: skip
TRUST = {
    "n": "timed words", "calibration_error": "calibration error", "n_sure": "sure (>= .99)",
    "sure": "share", "sure_within_100ms": "<= 100 ms", "sure_within_100ms_95": "95 %",
}  # fmt: skip
STATUSES = {
    "n": "words that all recognise", "unspoken": "unspoken", "unspoken_share": "share",
    "unspoken_95": "95 %", "estimated": "estimated", "estimated_share": "share",
    "estimated_95": "95 %",
}  # fmt: skip
CROPS = {
    "n": "crops", "first_wrong": "first word wrong", "last_wrong": "last word wrong",
    "ends_wrong": "ends wrong", "ends_wrong_95": "95 %", "median_s": "median s",
}  # fmt: skip
DISFLUENCIES = {
    "n_after": "words after", "after_near": "near", "after_95": "95 %", "after_over_1s": "> 1 s",
    "after_told": "not aligned", "n_before": "words before", "before_near": "near",
    "before_95": "95 %", "n_itself": "written", "itself_near": "near", "itself_95": "95 %",
    "itself_told": "not aligned",
}  # fmt: skip
KINDS = {"n": "words", "bias_ms": "bias ms", "f1": "F1@20"}


def print_table(
    title: str, rows: Mapping[str, Mapping[str, Any]], columns: Mapping[str, str]
) -> None:
    """A table with a line a row; the columns are wide enough for their contents."""
    grid = [[title, *columns.values()]]
    grid += [[name, *(show(row.get(key)) for key in columns)] for name, row in rows.items()]
    widths = [max(map(len, cells)) for cells in zip(*grid, strict=True)]
    print()
    for cells in grid:
        print(_join(cells, widths))


def show(value: Any) -> str:
    """A figure as it is read."""
    if value is None:
        return "-"
    if isinstance(value, tuple | list):
        return "-".join(show(part) for part in value)
    if isinstance(value, float):
        return f"{value:.3f}".removeprefix("0") if 0 < value < 1 else f"{value:g}"
    return str(value)


def _join(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return first[0].ljust(first[1]) + "".join("  " + cell.rjust(width) for cell, width in rest)
