"""How fast and how well speech is recognised: `python benchmarks/transcribe.py MODEL MEDIA TRUTH`.

The same sound with this program and with bare faster-whisper's two ways, all with one model on as
many threads, warm, in turn, each at its best of the rounds. The recording is repeated until it is
as long as asked for. What is heard a second time, as it looped or had no words, is counted apart.
TRUTH is JSON: `{"words": [{"text"}]}`. Prints a table, then one JSON object on a line.
"""

import argparse
import json
import os
import re
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from rapidfuzz.distance import Levenshtein

from pipeline.contracts import SAMPLE_RATE_HZ, EngineRequest, Samples
from pipeline.media.decode import ingest_media
from pipeline.media.options import AudioOptions
from pipeline.media.wav import read_samples
from pipeline.recognizers.whisper.model import (
    Decoded,
    DecodingOptions,
    LocalTranscriber,
    Transcriber,
)
from pipeline.recognizers.whisper.passes import Passes
from pipeline.speech.voice_activity import find_speech

LIBRARY_BATCH = 8
"""The library's own default."""
WARM_UP_S = 30

Run = tuple[list[str], tuple[float, float]]
"""Words, and the wall and CPU seconds that belong to a second hearing."""


class StopWatch:
    """A model that notes how long it hears beyond its first pass."""

    def __init__(self, transcriber: Transcriber) -> None:
        self.device, self.batch_size = transcriber.device, transcriber.batch_size
        self.again_s = self.again_cpu_s = 0.0
        self._transcriber = transcriber
        self._n_passes = 0

    def settle_language(self, asked: str | None, sounds: Sequence[Samples]) -> str:
        """The language to hear in."""
        return self._transcriber.settle_language(asked, sounds)

    def decode_windows(
        self, batches: Iterable[Sequence[Samples]], options: DecodingOptions
    ) -> Iterator[tuple[Decoded, ...]]:
        """What is heard, with the time it takes from the second pass on."""
        self._n_passes += 1
        before, start_s = count_cpu(), time.perf_counter()
        yield from self._transcriber.decode_windows(batches, options)
        if self._n_passes > 1:
            self.again_s += time.perf_counter() - start_s
            self.again_cpu_s += count_cpu() - before


def main() -> None:
    """Hear, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("media", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--language", default="en")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    given = parser.parse_args()
    samples, n_times = repeat(read_sound(given.media), given.minutes)
    truth = plain([word["text"] for word in json.loads(given.truth.read_text())["words"]])
    ways = make_ways(given, samples)
    for way in ways.values():
        way(samples[: WARM_UP_S * SAMPLE_RATE_HZ])
    rows = {name: {"wall_s": np.inf, "cpu_s": np.inf} for name in ways}
    words: dict[str, list[str]] = {}
    for _ in range(given.rounds):
        for name, way in ways.items():
            row, (said, (again_s, again_cpu_s)) = measure(lambda way=way: way(samples))
            words[name] = plain(said)
            row["wall_s"] -= again_s
            row["cpu_s"] -= again_cpu_s
            row["again_s"] = again_s
            rows[name] = min(rows[name], row, key=lambda one: one["wall_s"])
    report(rows, words, truth * n_times, len(samples) / SAMPLE_RATE_HZ)


def make_ways(given: argparse.Namespace, samples: Samples) -> dict[str, Callable[[Samples], Run]]:
    """Ours, and the library's two, each with its model loaded."""
    kind = {"device": "cpu", "compute_type": "int8"}
    ours = LocalTranscriber(EngineRequest(str(given.model), "cpu", "int8", given.threads), 1)
    bare = WhisperModel(str(given.model), **kind, cpu_threads=given.threads)
    pipeline = BatchedInferencePipeline(bare)
    asked = {"language": given.language, "word_timestamps": True, "temperature": 0.0}

    def hear_here(sound: Samples) -> Run:
        watch = StopWatch(ours)
        speech = find_speech(sound, given.threads)
        found = Passes(watch, sound, DecodingOptions(given.language)).decode(
            speech, lambda share: None
        )
        return [word.text for word in found.words], (watch.again_s, watch.again_cpu_s)

    def hear_in_batches(sound: Samples) -> Run:
        found, _ = pipeline.transcribe(as_floats(sound), batch_size=LIBRARY_BATCH, **asked)
        return read_words(found), (0.0, 0.0)

    def hear_in_sequence(sound: Samples) -> Run:
        found, _ = bare.transcribe(
            as_floats(sound), vad_filter=True, condition_on_previous_text=False, **asked
        )
        return read_words(found), (0.0, 0.0)

    return {"cuecast": hear_here, "batched": hear_in_batches, "sequential": hear_in_sequence}


def measure(run: Callable[[], Run]) -> tuple[dict[str, float], Run]:
    """What a run takes, and what came of it."""
    before, start_s = count_cpu(), time.perf_counter()
    outcome = run()
    wall_s = time.perf_counter() - start_s
    return {"wall_s": wall_s, "cpu_s": count_cpu() - before}, outcome


def count_cpu() -> float:
    """CPU seconds of this process, and of those it has waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def report(
    rows: dict[str, dict[str, float]],
    words: dict[str, list[str]],
    truth: list[str],
    length_s: float,
) -> None:
    """The table, and the object that ends it."""
    for name, row in rows.items():
        wer = round(measure_wer(words[name], truth), 4)
        row |= {"speed_x": length_s / row["wall_s"], "wer": wer}
        print(f"{name:12}" + "".join(f"{key} {value:<10.4g}" for key, value in row.items()))
    fastest_s = min(row["wall_s"] for name, row in rows.items() if name != "cuecast")
    figures: dict[str, Any] = {
        "length_s": round(length_s, 1),
        "wall_ratio": round(rows["cuecast"]["wall_s"] / fastest_s, 3),
        "cpu_ratio": round(rows["cuecast"]["cpu_s"] / min(
            row["cpu_s"] for name, row in rows.items() if name != "cuecast"
        ), 3),
        "again_s": round(rows["cuecast"]["again_s"], 2),
        "differs_from_batched": round(measure_wer(words["cuecast"], words["batched"]), 4),
        "wer": rows["cuecast"]["wer"],
    }  # fmt: skip
    figures |= {f"wer_{name}": rows[name]["wer"] for name in ("batched", "sequential")}
    print(json.dumps(figures))


def measure_wer(said: list[str], truth: list[str]) -> float:
    """Word errors a word of the truth."""
    return Levenshtein.distance(truth, said) / max(1, len(truth))


def plain(tokens: Iterable[str]) -> list[str]:
    """Words without case and punctuation."""
    words = (re.sub(r"[^\w']+", "", token).lower() for token in tokens)
    return [word for word in words if word]


def read_sound(media: Path) -> Samples:
    """A recording's sound."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "audio.wav"
        ingest_media(media, AudioOptions(), wav, lambda share: None)
        return np.array(read_samples(wav))


def repeat(samples: Samples, minutes: float) -> tuple[Samples, int]:
    """The recording as often as it takes to be so long, and how often that is."""
    n_times = max(1, -(-int(minutes * 60 * SAMPLE_RATE_HZ) // len(samples)))
    return np.tile(samples, n_times), n_times


def as_floats(sound: Samples) -> Any:
    """Samples as the library takes them."""
    return sound.astype(np.float32) / np.float32(32768)


def read_words(segments: Iterable[Any]) -> list[str]:
    """The words of the library's segments; the work is done while they are taken."""
    return [word.word for segment in segments for word in segment.words or ()]


if __name__ == "__main__":
    main()
