"""How well and how fast a text is timed: `python benchmarks/align.py MEDIA TEXT TRUTH`.

TRUTH is JSON: `{"words": [{"text", "start_ms", "end_ms"}]}`, every token of the text in order, with
null times for a token that is not in the sound. Prints a table, then one JSON object on a line.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measure import Usage, run_measured

F1_TOLERANCE_MS = 20
TOLERANCES_MS = (100, 200)
FAR_MS = 1000

Words = Sequence[dict[str, Any]]


def main() -> None:
    """Align, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("media", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--language", default="en")
    arguments = parser.parse_args()
    truth = json.loads(arguments.truth.read_text())["words"]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "item"
        command = [
            sys.executable, "-m", "pipeline", "caption", str(arguments.media), "--quiet",
            "--text", str(arguments.text), "--language", arguments.language, "--out", str(out),
        ]  # fmt: skip
        usage = run_measured(command)
        timed = json.loads((out / "align" / "words.json").read_text())
    figures = compare(timed["words"], truth) | describe_cost(usage, timed["duration_ms"])
    for name, value in figures.items():
        print(f"{name:24} {value}")
    print(json.dumps(figures))


def compare(found: Words, truth: Words) -> dict[str, float | int]:
    """Start errors over the spoken tokens, and how many tokens got the wrong verdict.

    F1 at a tolerance counts a start within it as a hit, a token without one as missed, and a
    token that is timed but not in the sound as false.
    """
    if [word["text"] for word in found] != [word["text"] for word in truth]:
        sys.exit("the tokens of words.json are not those of the truth")
    pairs = [
        (word, true)
        for word, true in zip(found, truth, strict=True)
        if any(map(str.isalnum, true["text"]))
    ]
    spoken = [(word, true) for word, true in pairs if true["start_ms"] is not None]
    absent = [word for word, true in pairs if true["start_ms"] is None]
    errors = sorted(
        abs(word["start_ms"] - true["start_ms"])
        for word, true in spoken
        if word["start_ms"] is not None
    )
    n_timed = len(errors) + sum(word["start_ms"] is not None for word in absent)
    n_hits = sum(error <= F1_TOLERANCE_MS for error in errors)
    figures: dict[str, float | int] = {
        "n_words": len(found),
        "median_ms": statistics.median(errors),
        "mae_ms": round(statistics.fmean(errors), 1),
        "p95_ms": errors[int(0.95 * (len(errors) - 1))],
        f"f1_{F1_TOLERANCE_MS}ms": round(2 * n_hits / (n_timed + len(spoken)), 4),
    }
    for tolerance_ms in TOLERANCES_MS:
        n_within = sum(error <= tolerance_ms for error in errors)
        figures[f"within_{tolerance_ms}ms"] = round(n_within / len(spoken), 4)
    n_false = sum(word["status"] == "unspoken" for word, _ in spoken)
    figures |= {
        "n_over_1s": sum(error > FAR_MS for error in errors),
        "false_unspoken": round(n_false / len(spoken), 4),
        "n_unspoken": len(absent),
        "missed_unspoken": sum(word["status"] != "unspoken" for word in absent),
    }
    return figures


def describe_cost(usage: Usage, duration_ms: int) -> dict[str, float]:
    """Time and memory for the whole way from the media file to words.json and captions."""
    return {
        "wall_s": round(usage.wall_s, 2),
        "cpu_s": round(usage.cpu_s, 2),
        "speed_x": round(duration_ms / 1000 / usage.wall_s, 2),
        "peak_mb": round(usage.peak_bytes / 1e6),
    }


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"align.py: cuecast ended with exit code {error.returncode}")
