"""Numbers of cues, as messages list them."""

from collections.abc import Sequence

MAX_RUNS = 12
"""Most runs of numbers that are listed."""


def format_numbers(numbers: Sequence[int]) -> str:
    """Format numbers as `4-9, 12`; only the first runs of many."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [f"{first}-{last}" if first < last else str(first) for first, last in runs]
    return ", ".join(shown[:MAX_RUNS] + ["…"] * (len(shown) > MAX_RUNS))
