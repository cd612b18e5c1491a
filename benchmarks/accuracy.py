"""Found word times against true ones: start errors, verdicts, what a confidence is worth.

Pure; who finds the times is `align.py`'s and `peers.py`'s matter. Tokens without a letter or digit
count nowhere but in `n_words`.
"""

import statistics
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

F1_TOLERANCE_MS = 20
TOLERANCES_MS = (100, 200)
RIGHT_MS = TOLERANCES_MS[0]
"""A confidence is measured against starts as near as this."""
FAR_MS = 1000
EPISODE_PARTS = {"first": (0.0, 0.1), "last": (0.9, 1.0)}
"""Shares of the spoken time that are looked at by themselves: what drifts differs in the last."""
CONFIDENCE_BOUNDS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)

Figures = dict[str, float | None]
"""By name; None where there is nothing to count."""
Words = Sequence[Mapping[str, Any]]
Pairs = Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
"""Each token as it was found and as it is."""


class TokensDifferError(Exception):
    """The words found are not the tokens of the truth."""


def compare(found: Words, truth: Words) -> Figures:
    """Start errors over the spoken tokens, and how many tokens got the wrong verdict.

    F1 at a tolerance counts a start within it as a hit, a token without one as missed, and a
    token that is timed but not in the sound as false. A figure over no tokens is None.

    Raises:
        TokensDifferError: these are not the same tokens.
    """
    pairs = pair_words(found, truth)
    spoken = [(word, true) for word, true in pairs if true["start_ms"] is not None]
    absent = [word for word, true in pairs if true["start_ms"] is None]
    n_false = sum(word["status"] == "unspoken" for word, _ in spoken)
    n_flagged = sum(word["status"] == "unspoken" for word in absent)
    figures: Figures = {"n_words": len(found)} | measure_starts(pairs)
    figures |= {
        "n_over_1s": sum(error > FAR_MS for error in _list_errors(pairs)),
        "false_unspoken": _share(n_false, len(spoken)),
        "n_unspoken": len(absent),
        "missed_unspoken": len(absent) - n_flagged,
        "unspoken_flagged": _share(n_flagged, len(absent)),
    }
    for name, (start, end) in EPISODE_PARTS.items():
        part = measure_starts(_select_part(pairs, start, end))
        kept = ("median_ms", f"f1_{F1_TOLERANCE_MS}ms", f"within_{TOLERANCES_MS[0]}ms")
        figures |= {f"{name}_{key}": part[key] for key in kept}
    return figures


def pair_words(found: Words, truth: Words) -> Pairs:
    """The tokens that count, as found and as they are.

    Raises:
        TokensDifferError: these are not the same tokens.
    """
    if [word["text"] for word in found] != [word["text"] for word in truth]:
        raise TokensDifferError("the words found are not the tokens of the truth")
    pairs = zip(found, truth, strict=True)
    return [(word, true) for word, true in pairs if any(map(str.isalnum, true["text"]))]


def measure_starts(pairs: Pairs) -> Figures:
    """How far off the starts are; F1 and shares are of all spoken tokens, timed or not."""
    errors = _list_errors(pairs)
    n_spoken = sum(true["start_ms"] is not None for _, true in pairs)
    n_timed = sum(word["start_ms"] is not None for word, _ in pairs)
    n_hits = sum(error <= F1_TOLERANCE_MS for error in errors)
    figures: Figures = {
        "median_ms": statistics.median(errors) if errors else None,
        "mae_ms": round(statistics.fmean(errors), 1) if errors else None,
        "p95_ms": errors[int(0.95 * (len(errors) - 1))] if errors else None,
        f"f1_{F1_TOLERANCE_MS}ms": _share(2 * n_hits, n_timed + n_spoken),
    }
    for tolerance_ms in TOLERANCES_MS:
        n_within = sum(error <= tolerance_ms for error in errors)
        figures[f"within_{tolerance_ms}ms"] = _share(n_within, n_spoken)
    return figures


def measure_confidence(found: Words, truth: Words) -> tuple[list[dict[str, float]], float | None]:
    """For bins of confidence, the share of timed tokens whose start is within RIGHT_MS.

    A token that is timed but not in the sound is wrong.

    Returns:
        A row a bin that has tokens, and the expected calibration error: how far mean confidence
        and share lie apart, weighted by tokens. None if no token is timed.
    """
    timed = [
        (word["confidence"], true["start_ms"] is not None and _error(word, true) <= RIGHT_MS)
        for word, true in pair_words(found, truth)
        if word["start_ms"] is not None
    ]
    rows = []
    apart = 0.0
    for low, high in pairwise(CONFIDENCE_BOUNDS):
        is_top = high == CONFIDENCE_BOUNDS[-1]
        inside = [pair for pair in timed if low <= pair[0] < high or (is_top and pair[0] == high)]
        if not inside:
            continue
        mean = statistics.fmean(confidence for confidence, _ in inside)
        share = statistics.fmean(is_right for _, is_right in inside)
        apart += len(inside) * abs(mean - share)
        row = {"from": low, "to": high, "n": len(inside)}
        rows.append(row | {"mean": round(mean, 4), f"within_{RIGHT_MS}ms": round(share, 4)})
    return rows, round(apart / len(timed), 4) if timed else None


def _select_part(pairs: Pairs, start: float, end: float) -> Pairs:
    """The tokens of a share of the spoken time; one without a time goes with the one before it."""
    starts = [true["start_ms"] for _, true in pairs if true["start_ms"] is not None]
    if not starts:
        return []
    low_ms, high_ms = (starts[0] + share * (starts[-1] - starts[0]) for share in (start, end))
    selected = []
    clock_ms = starts[0]
    for word, true in pairs:
        clock_ms = clock_ms if true["start_ms"] is None else true["start_ms"]
        if low_ms <= clock_ms <= high_ms:
            selected.append((word, true))
    return selected


def _list_errors(pairs: Pairs) -> list[int]:
    """The start errors of tokens that are spoken and timed, smallest first."""
    return sorted(
        _error(word, true)
        for word, true in pairs
        if word["start_ms"] is not None and true["start_ms"] is not None
    )


def _error(word: Mapping[str, Any], true: Mapping[str, Any]) -> int:
    return abs(int(word["start_ms"]) - int(true["start_ms"]))


def _share(n_part: int, n_all: int) -> float | None:
    return round(n_part / n_all, 4) if n_all else None
