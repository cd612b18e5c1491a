"""Numbers of cues, as a person is told of them."""

from collections.abc import Sequence

MAX_RUNS = 12
"""So many runs of cues are named."""


def format_numbers(numbers: Sequence[int]) -> str:
    """`4-9, 12`; of many, the first."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [f"{first}-{last}" if first < last else str(first) for first, last in runs]
    return ", ".join(shown[:MAX_RUNS] + ["…"] * (len(shown) > MAX_RUNS))
