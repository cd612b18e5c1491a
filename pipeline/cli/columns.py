"""Rows of text as columns that stand under each other. Light, so that any command may use it."""

from collections.abc import Iterable, Sequence


def format_columns(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Rows as lines whose columns stand under each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield "  ".join(padded).rstrip()
