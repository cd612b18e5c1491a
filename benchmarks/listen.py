"""How well English is heard without a text and a model: `python benchmarks/listen.py MEDIA TRUTH`.

The embedded recognisers in turn on the same sound, from samples in memory to words; voice activity
is found beforehand. TRUTH is JSON: `{"words": [{"text", "start_ms"}]}`; what has a null time was
not said. Prints a table, then one JSON object on a line.
"""

import argparse
import json
import os
import re
from pathlib import Path
from typing import Any

from transcribe import measure, measure_wer, plain, read_sound

from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Hints, Recognition, Samples
from pipeline.recognizers.catalog import load_recognizer
from pipeline.recognizers.table import RECOGNIZERS
from pipeline.records import Stretch
from pipeline.speech.voice_activity import find_speech


def main() -> None:
    """Hear, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("media", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    given = parser.parse_args()
    samples = read_sound(given.media)
    words = json.loads(given.truth.read_text())["words"]
    truth = plain([word["text"] for word in words if word.get("start_ms") is not None])
    speech = find_speech(samples, given.threads)
    figures = {
        name: hear(name, samples, speech, truth, given.threads)
        for name, row in RECOGNIZERS.items()
        if row.languages
    }
    for name, row in figures.items():
        print(f"{name:12}" + "".join(f"{key} {value:<10.4g}" for key, value in row.items()))
    length_s = round(len(samples) / SAMPLE_RATE_HZ, 1)
    print(json.dumps({"length_s": length_s, "n_words": len(truth), **figures}))


def hear(
    name: str, samples: Samples, speech: tuple[Stretch, ...], truth: list[str], n_threads: int
) -> dict[str, Any]:
    """What one recogniser costs, and how much of it is wrong."""
    recognizer = load_recognizer(name, EngineRequest(cpus=n_threads))
    heard: list[Recognition] = []

    def run() -> tuple[list[str], tuple[float, float]]:
        heard.append(recognizer.transcribe(samples, speech, Hints("en"), lambda share: None))
        said = [word.text for segment in heard[0].segments for word in segment.words]
        return said, (0.0, 0.0)

    row, (said, _) = measure(run)
    hours = len(samples) / SAMPLE_RATE_HZ / 3600
    return {
        "wer": round(measure_wer(plain(said), truth), 4),
        "refused": sum(len(one.words) for one in heard[0].refused),
        "sentence_ends": sum(bool(re.search(r"[.?!]$", word)) for word in said),
        "cpu_s_per_h": round(row["cpu_s"] / hours),
        "wall_s_per_h": round(row["wall_s"] / hours),
    }


if __name__ == "__main__":
    main()
