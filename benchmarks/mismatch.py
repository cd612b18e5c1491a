"""How well a text of another recording is told: `python benchmarks/mismatch.py DATA [--out DIR]`.

DATA has `real/NAME/` (audio.flac, truth.json: `[{"text", "start", "end"}]`, seconds),
`speakers/NAME/` (text.json: text by file name) and single recordings. People's speech and the
samples here are taken through `align` with texts that belong to them (all right, in noise, partly
wrong, with more or less sound than text) and with texts that don't. Prints how much of each class
is found, and how many are refused, then one JSON object on a line. What is sealed in DIR is not run
again. All of it takes half an hour on two quiet CPUs.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import wave
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from transcribe import read_sound

from pipeline.config import read_job
from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.job.runner import run_job
from pipeline.job.select import select_stages
from pipeline.stages import STAGES

ROOT = Path(__file__).parent.parent
SEED = 16
LONGEST_S = 26.0
"""Of each recording: the less there is, the harder it is to tell."""
SENTENCE_WORDS = 8
"""Texts without sentences are replaced in pieces of so many words."""
PAUSE_S = 0.5
NOISE_DB = (10, 5, 0)
"""Speech to noise; the noise is white."""
REPLACED = (0.3, 0.5, 0.7)
N_OTHERS = 4
"""Texts of others that each recording is tried with."""
SHORT_WORDS = 3
CHECKED = ("speaker-", "jfk", "librispeech", "episode")
"""Kept apart in the table: the other recordings came first when the shares were chosen."""

FOREIGN = (
    "Der Ausschuss vertagte seine Sitzung, weil niemand das Protokoll mitgebracht hatte. "
    "Am Abend ging der alte Mann noch einmal hinunter zum Hafen und sah den Schiffen nach. "
    "Es war schon dunkel, als er nach Hause kam, und seine Frau hatte auf ihn gewartet.",
    "Le petit garçon regarda longtemps la mer avant de répondre à sa mère. "
    "Nous avons pris le train de sept heures pour arriver avant la nuit. "
    "Elle ne voulait pas que ses amis sachent ce qui était arrivé pendant la guerre.",
)


@dataclass(frozen=True, slots=True)
class Recording:
    """Sound and what is said in it, sentence by sentence; `short`: a few words and their sound."""

    name: str
    samples: Samples
    sentences: tuple[str, ...]
    short: tuple[Samples, str] | None = None

    @property
    def text(self) -> str:
        """All that is said."""
        return "\n".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Case:
    """A recording with a text; whether it belongs to it, its class says."""

    kind: str
    recording: str
    samples: Samples
    text: str
    belongs: bool


def main() -> None:
    """Make the cases, align them, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, help="keep the job and its output there")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="only every so many-th case")
    given = parser.parse_args()
    cases = dict(enumerate(make_cases(list(read_recordings(given.data)))))
    cases = {number: cases[number] for number in range(0, len(cases), given.every)}
    with tempfile.TemporaryDirectory() as scratch:
        rows = run_cases(cases, given.out or Path(scratch), given.workers)
    figures = {
        part: sum_up([row for row in rows if row["is_checked"] is is_checked])
        for part, is_checked in (("chosen_on", False), ("checked_on", True))
    }
    for part, by_kind in figures.items():
        print(part)
        for kind, row in by_kind.items():
            print(f"  {kind:22}" + "  ".join(f"{name} {value}" for name, value in row.items()))
    print(json.dumps({"seed": SEED, "n_cases": len(rows), **figures}))


# --- recordings -----------------------------------------------------------------------------------


def read_recordings(data: Path) -> Iterator[Recording]:
    """All there are, each cut to LONGEST_S."""
    for folder in sorted((data / "real").iterdir()):
        words = json.loads((folder / "truth.json").read_text())
        timed = [(word["text"], word["start"], word["end"]) for word in words]
        yield from _cut(folder.name, read_sound(folder / "audio.flac"), timed)
    for folder in sorted((data / "speakers").iterdir()):
        texts = json.loads((folder / "text.json").read_text())
        yield from _join(folder, texts)
    jfk = "And so, my fellow Americans: ask not what your country can do for you, "
    jfk += "ask what you can do for your country."
    yield Recording("jfk", read_sound(data / "jfk.flac"), (jfk,))
    (single,) = data.glob("librispeech-*.flac")
    text = single.with_suffix(".txt").read_text().lower()
    yield Recording("librispeech", read_sound(single), (text,))
    for name, media in (("talk", "talk.mp4"), ("episode", "episode.opus")):
        truth = json.loads((ROOT / "samples" / f"{name}.truth.json").read_text())
        shift = truth["audio_start_ms"]
        timed = [
            (word["text"], (word["start_ms"] - shift) / 1000, (word["end_ms"] - shift) / 1000)
            for word in truth["words"]
            if word["start_ms"] is not None
        ]
        yield from _cut(name, read_sound(ROOT / "samples" / media), timed)


def _cut(
    name: str, samples: Samples, timed: Sequence[tuple[str, float, float]]
) -> Iterator[Recording]:
    """The first half minute of a recording whose words have times."""
    within = [word for word in timed if word[2] < LONGEST_S]
    end = round((within[-1][2] + 0.1) * SAMPLE_RATE_HZ)
    words = [word for word, _, _ in within]
    sentences = tuple(
        " ".join(words[first : first + SENTENCE_WORDS])
        for first in range(0, len(words), SENTENCE_WORDS)
    )
    few = within[SENTENCE_WORDS : SENTENCE_WORDS + SHORT_WORDS]
    first, last = (
        round((few[0][1] - 0.1) * SAMPLE_RATE_HZ),
        round((few[-1][2] + 0.1) * SAMPLE_RATE_HZ),
    )
    short = (samples[first:last], " ".join(word for word, _, _ in few))
    yield Recording(name, samples[:end], sentences, short)


def _join(folder: Path, texts: dict[str, str]) -> Iterator[Recording]:
    """One person's utterances, with pauses between them; the shortest is the short one."""
    sounds = {name: read_sound(folder / name) for name in sorted(texts)}
    shortest = min(texts, key=lambda name: len(texts[name].split()))
    parts: list[Samples] = []
    sentences: list[str] = []
    for name, sound in sounds.items():
        length = sum(map(len, parts)) + len(sound)
        if name != shortest and length < LONGEST_S * SAMPLE_RATE_HZ:
            parts += [sound, np.zeros(round(PAUSE_S * SAMPLE_RATE_HZ), np.int16)]
            sentences.append(texts[name])
    short = (sounds[shortest], texts[shortest])
    yield Recording(f"speaker-{folder.name}", np.concatenate(parts), tuple(sentences), short)


# --- cases ----------------------------------------------------------------------------------------


def make_cases(recordings: Sequence[Recording]) -> Iterator[Case]:
    """Each recording with its own text, that of others, and what lies between."""
    chance = random.Random(SEED)
    everything = "\n".join(recording.text for recording in recordings)
    for number, one in enumerate(recordings):
        others = [other for other in recordings if other.name != one.name]
        yield Case("right", one.name, one.samples, one.text, True)
        for level_db in NOISE_DB:
            noisy = _add_noise(one.samples, level_db, number)
            yield Case(f"noise-{level_db}db", one.name, noisy, one.text, True)
        for share in REPLACED:
            text = _replace(one, share, others, chance)
            yield Case(f"replaced-{share:.0%}".rstrip("%"), one.name, one.samples, text, True)
        noisy = _add_noise(one.samples, 5, number)
        half = _replace(one, 0.5, others, chance)
        yield Case("replaced-50-noise-5db", one.name, noisy, half, True)
        half_text = one.text.split()[: len(one.text.split()) // 2]
        rest = chance.choice(others).text.split()[: len(half_text)]
        yield Case("first-half", one.name, one.samples, " ".join(half_text + rest), True)
        third = one.samples[: len(one.samples) // 3]
        yield Case("excerpt", one.name, third, one.text, True)
        yield Case("in-long-text", one.name, one.samples, everything, True)
        more = np.concatenate([one.samples, chance.choice(others).samples])
        yield Case("more-sound", one.name, more, one.text, True)
        yield Case("foreign", one.name, one.samples, chance.choice(FOREIGN), False)
        for other in chance.sample(others, N_OTHERS):
            yield Case("other", one.name, one.samples, other.text, False)
        noisy = _add_noise(one.samples, 0, number)
        yield Case("other-noise-0db", one.name, noisy, chance.choice(others).text, False)
        yield Case("other-long", one.name, one.samples, _leave_out(everything, one), False)
        if one.short:
            sound, text = one.short
            yield Case("short", one.name, sound, text, True)
            for other in chance.sample([other for other in others if other.short], N_OTHERS):
                assert other.short
                yield Case("short-other", one.name, sound, other.short[1], False)
            yield Case("short-other-long", one.name, sound, chance.choice(others).text, False)


def _add_noise(samples: Samples, level_db: float, seed: int) -> Samples:
    """White noise so many decibels below the speech as a whole."""
    power = float(np.mean(samples.astype(np.float64) ** 2))
    deviation = (power / 10 ** (level_db / 10)) ** 0.5
    noise = np.random.default_rng(seed).standard_normal(len(samples)) * deviation
    return np.clip(samples + noise, -32_768, 32_767).astype(np.int16)


def _replace(
    one: Recording, share: float, others: Sequence[Recording], chance: random.Random
) -> str:
    """The text with a share of its sentences (of one: of its words) those of others."""
    pieces = list(one.sentences) if len(one.sentences) > 1 else one.text.split()
    foreign = [sentence for other in others for sentence in other.sentences]
    for place in chance.sample(range(len(pieces)), round(share * len(pieces))):
        piece = chance.choice(foreign)
        pieces[place] = piece if len(one.sentences) > 1 else piece.split()[0]
    return " ".join(pieces)


def _leave_out(everything: str, one: Recording) -> str:
    """The texts of all others."""
    return everything.replace(one.text, "")


# --- runs -----------------------------------------------------------------------------------------


def run_cases(cases: Mapping[int, Case], folder: Path, workers: int) -> list[dict[str, Any]]:
    """What the aligner says of each case, by its number."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["output: out", "align: {mismatch: keep}", f"run: {{workers: {workers}}}", "items:"]
    for number, case in cases.items():
        name = f"{number:03}"
        with wave.open(str(folder / f"{name}.wav"), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(SAMPLE_RATE_HZ)
            sound.writeframes(case.samples.tobytes())
        (folder / f"{name}.txt").write_text(case.text)
        lines.append(f'  - {{media: {name}.wav, text: {name}.txt, id: "{name}", language: en}}')
    (folder / "job.yaml").write_text("\n".join(lines) + "\n")
    job = read_job(folder / "job.yaml")
    run_job(job, select_stages(STAGES, ("align",)), lambda event: None)
    rows = []
    for number, case in cases.items():
        path = folder / "out" / f"{number:03}" / "align" / "summary.json"
        # Sound in which no speech was found: no text can be told from another.
        summary = json.loads(path.read_text()) if path.is_file() else None
        rows.append(
            {
                "kind": case.kind,
                "recording": case.recording,
                "belongs": case.belongs,
                "is_checked": case.recording.startswith(CHECKED),
                "found": summary and summary["n_aligned"] / max(1, summary["n_words"]),
                "matches": summary and summary["matches"],
            }
        )
    return rows


def sum_up(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Of each class: the share of the text's words found, and how many were refused."""
    figures: dict[str, dict[str, float]] = {}
    for kind in dict.fromkeys(row["kind"] for row in rows):
        own = [row for row in rows if row["kind"] == kind and row["found"] is not None]
        found = [row["found"] for row in own]
        figures[kind] = {
            "belongs": own[0]["belongs"],
            "n": len(own),
            "n_refused": sum(not row["matches"] for row in own),
            "least": round(min(found), 3),
            "median": round(statistics.median(found), 3),
            "most": round(max(found), 3),
        }
    return figures


if __name__ == "__main__":
    sys.exit(main())
