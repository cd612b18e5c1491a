"""Whether every token of a text goes where it should: `python benchmarks/grammar.py [--n 200]`.

Texts are drawn from the grammar of transcripts (`written_texts.py`), spoken by eSpeak NG, and run
up to captions. Counts tokens that are missing or others than written, words that are said and
`unspoken` or not shown, marks that are shown though nobody says them, and brackets taken wrongly.
Prints what went wrong by kind of token, then one JSON object on a line. 200 texts take a quarter of
an hour on two CPUs.
"""

import argparse
import json
import random
import sys
import tempfile
import wave
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from tiny_whisper.espeak import synthesize
from written_texts import Place, WrittenText, draw_text

from pipeline.codec import read_record
from pipeline.config import read_job
from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.job.runner import run_job
from pipeline.job.select import select_stages
from pipeline.records import CueList, TimedText
from pipeline.stages import STAGES

VOICES = ("en-us", "en-us+m3", "en-us+f2", "en-us+f4")
PAUSE_S = 0.5
STRETCH = 1.1


@dataclass(slots=True)
class Tally:
    """What was found in all texts; `faults` by kind of token."""

    n_texts: int = 0
    n_failed: int = 0
    n_spoken: int = 0
    n_unspoken: int = 0
    n_unshown: int = 0
    n_other_tokens: int = 0
    n_shown_marks: int = 0
    n_other_sounds: int = 0
    faults: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Draw, speak, align, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=200, help="texts")
    parser.add_argument("--first", type=int, default=0, help="the first text's seed")
    parser.add_argument("--out", type=Path, help="keep the job and its output there")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    texts = {
        seed: draw_text(random.Random(seed)) for seed in range(given.first, given.first + given.n)
    }
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.out or Path(scratch)
        run_texts(texts, folder, given.workers)
        tally = Tally()
        for seed, text in texts.items():
            count(tally, text, folder / "out" / f"{seed:03}", seed)
    for kind, n in tally.faults.most_common():
        print(f"{n:4} {kind}")
    counts: dict[str, Any] = {
        name: getattr(tally, name) for name in Tally.__slots__ if name != "faults"
    }
    print(json.dumps(counts))


def say(utterances: Sequence[Sequence[str]], voice: str) -> Samples:
    """The utterances with pauses around them."""
    pause = np.zeros(round(PAUSE_S * SAMPLE_RATE_HZ), np.float32)
    sound = [pause]
    for words in utterances:
        samples, rate_hz, _ = synthesize(words, voice, STRETCH)
        n_samples = len(samples) * SAMPLE_RATE_HZ // rate_hz
        at = np.arange(n_samples) * rate_hz / SAMPLE_RATE_HZ
        sound += [np.interp(at, np.arange(len(samples)), samples).astype(np.float32), pause]
    return (np.concatenate(sound) * 32767).astype(np.int16)


def write_sound(path: Path, text: WrittenText, voice: str) -> None:
    """The text as it is said."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE_HZ)
        sound.writeframes(say(text.list_utterances(), voice).tobytes())


def run_texts(texts: dict[int, WrittenText], folder: Path, workers: int) -> None:
    """All texts as one job, up to captions."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["output: out", "captions: {formats: []}", "transcribe: {engine: pocketsphinx}"]
    lines += [f"run: {{workers: {workers}}}", "items:"]
    missing = [seed for seed in texts if not (folder / f"{seed:03}.wav").exists()]
    # eSpeak NG keeps one state a process, and others here may have set it up to write phones.
    with ProcessPoolExecutor(1, get_context("spawn")) as speaker:
        paths = [folder / f"{seed:03}.wav" for seed in missing]
        voices = [VOICES[seed % len(VOICES)] for seed in missing]
        list(speaker.map(write_sound, paths, [texts[seed] for seed in missing], voices))
    for seed, text in texts.items():
        name = f"{seed:03}"
        (folder / f"{name}{text.suffix}").write_text(text.text)
        lines.append(
            f'  - {{media: {name}.wav, text: "{name}{text.suffix}", id: "{name}", language: en}}'
        )
    (folder / "job.yaml").write_text("\n".join(lines) + "\n")
    job = read_job(folder / "job.yaml")
    run_job(job, select_stages(STAGES, ("captions",)), lambda event: None)


def count(tally: Tally, text: WrittenText, folder: Path, seed: int = 0) -> None:
    """Add what was found in a text's sealed output."""
    tally.n_texts += 1
    if not (folder / "captions" / "cues.json").exists():
        tally.n_failed += 1
        tally.faults[f"failed (seed {seed})"] += 1
        return
    timed = read_record(folder / "align" / "words.json", TimedText)
    cues = read_record(folder / "captions" / "cues.json", CueList).cues
    shown = Counter(token for cue in cues for line in cue.lines for token in line.split())
    wanted = text.list_tokens()
    sounds = [part for part in text.parts if part.place is Place.SOUND]
    tally.n_other_sounds += abs(len(sounds) - len(timed.sounds))
    if [word.text for word in timed.words] != [token for token, _ in wanted]:
        tally.n_other_tokens += 1
        found = Counter(word.text for word in timed.words)
        expected = Counter(token for token, _ in wanted)
        for token in (expected - found) + (found - expected):
            tally.faults[f"other token {token} (seed {seed})"] += 1
        return
    for word, (token, part) in zip(timed.words, wanted, strict=True):
        if part.place is Place.UNSAID:
            tally.n_shown_marks += not word.is_unsaid
            continue
        if part.place is Place.WORD:
            tally.n_spoken += 1
            if word.status == "unspoken":
                tally.n_unspoken += 1
                tally.faults[f"unspoken {part.kind}: {part.written} (seed {seed})"] += 1
        if not any(token.strip(".,?!") in one for one in shown):
            tally.n_unshown += 1
            tally.faults[f"not shown {part.kind}: {part.written} (seed {seed})"] += 1


if __name__ == "__main__":
    sys.exit(main())
