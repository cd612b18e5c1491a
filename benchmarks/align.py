"""How well and how fast a text is timed: `python benchmarks/align.py MEDIA TEXT TRUTH`.

TRUTH is JSON: `{"words": [{"text", "start_ms", "end_ms"}]}`, every token of the text in order, with
null times for a token that is not in the sound. Or one FOLDER, as `episode.py` makes it; `--words`
judges a words.json that is there already. Prints tables, then one JSON object on a line.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from accuracy import Figures, TokensDifferError, compare, measure_confidence
from measure import Usage, run_measured


def main() -> None:
    """Align, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("media", type=Path, help="or the folder of an episode, alone")
    parser.add_argument("text", type=Path, nargs="?")
    parser.add_argument("truth", type=Path, nargs="?")
    parser.add_argument("--language", default="en")
    parser.add_argument("--words", type=Path, help="a words.json: nothing is run")
    given = parser.parse_args()
    media, text, truth_path = find_inputs(given.media, given.text, given.truth)
    truth = json.loads(truth_path.read_text())["words"]
    cost: Figures = {}
    if given.words:
        timed = json.loads(given.words.read_text())
    else:
        timed, usage = run_cuecast(media, text, given.language)
        cost = describe_cost(usage, timed["duration_ms"])
    figures = compare(timed["words"], truth)
    reliability, calibration_error = measure_confidence(timed["words"], truth)
    figures |= {"calibration_error": calibration_error} | cost
    for name, value in figures.items():
        print(f"{name:24} {value}")
    for row in reliability:
        print("confidence  " + "  ".join(f"{name} {value:<7}" for name, value in row.items()))
    print(json.dumps(figures | {"reliability": reliability}))


def find_inputs(media: Path, text: Path | None, truth: Path | None) -> tuple[Path, Path, Path]:
    """The three files; a folder has them by their names."""
    if media.is_dir():
        return media / "episode.wav", media / "episode.txt", media / "truth.json"
    if text is None or truth is None:
        sys.exit("give MEDIA TEXT TRUTH, or the folder of an episode")
    return media, text, truth


def run_cuecast(media: Path, text: Path, language: str) -> tuple[dict[str, Any], Usage]:
    """The words.json of a recording, and what it took.

    Raises:
        CalledProcessError: cuecast failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "item"
        command = [
            sys.executable, "-m", "pipeline", "caption", str(media), "--quiet",
            "--text", str(text), "--language", language, "--out", str(out),
        ]  # fmt: skip
        usage = run_measured(command)
        return json.loads((out / "align" / "words.json").read_text()), usage


def describe_cost(usage: Usage, duration_ms: int) -> Figures:
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
    except TokensDifferError as error:
        sys.exit(f"align.py: {error}")
