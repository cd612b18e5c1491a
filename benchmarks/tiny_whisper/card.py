"""Measures a converted model and writes its card, README.md, beside its folder.

`card.py MODEL SPEECH CHECKPOINT`: the folder, what it learned from, and how long.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch

from benchmarks.tiny_whisper.measure import (
    HELD_OUT_VOICE,
    OWN_VOICES,
    PER_VOICE,
    WAYS,
    format_score,
    measure,
)  # fmt: skip
from benchmarks.tiny_whisper.score import Score
from benchmarks.tiny_whisper.sentences import ENGLISH, GERMAN

TEXT = """# A small Whisper for tests

A test instrument, no recogniser to use: it knows {n_english} English words, the numbers 0 to 99, \
{n_german} German words, and the voices of speech synthesisers. Whisper's architecture (3 + 2 \
layers, 128 wide, 30 s windows, timestamps), CTranslate2 int8, {megabytes:.1f} MB. Made by \
`benchmarks/tiny_whisper/`; its README says how to make it again.

- **Learned from** {n_sentences} sentences, {hours:.1f} hours, spoken for it: festival's kal, ked \
and slt (English), eSpeak NG in nine variants (English, German); 0.8 to 1.2 times the voices' \
pace; pauses, noise, hum, chords, gain and frequency warping laid over them. Random sentences, so \
that hearing counts and guessing does not.
- **For** {minutes:.0f} minutes on one CPU core, {n_steps} steps.
- **Language** told or found out (`en`, `de`); silence, noise and chords give no text.

## What it reaches

Sentences kept out of training. *clips*: one at a time; *windows*: one recording of {n_each} \
sentences, 30 s window after window; *batched*: the same by faster-whisper's batched pipeline. \
Plain faster-whisper, temperature 0. {held_out} is a voice that it never heard (flite's).

| voice and way | word error rate | starts off, median / p95 ms | ends off, median / p95 ms |
|---|---|---|---|
{rows}
"""


def write_card(model: Path, speech: Path, checkpoint: Path) -> None:
    """Measure, and put README.md beside the model's folder."""
    items = [item for path in speech.glob("*.json") for item in json.loads(path.read_text())]
    stored = torch.load(checkpoint)
    rows = []
    total = {way: Score() for way in WAYS}
    for number, voice in enumerate((*OWN_VOICES, HELD_OUT_VOICE)):
        for way, score in measure(model, voice, number * PER_VOICE).items():
            rows.append(f"| {voice}, {way} | {format_score(score)} |")
            if voice in OWN_VOICES:
                total[way].merge(score)
    for way, score in total.items():
        rows.append(f"| its own voices, {way} | {format_score(score)} |")
    card = TEXT.format(
        n_english=len(set(ENGLISH)),
        n_german=len(set(GERMAN)),
        megabytes=sum(file.stat().st_size for file in model.iterdir()) / 1e6,
        n_sentences=len(items),
        hours=sum(item["n_frames"] for item in items) / 100 / 3600,
        minutes=stored["spent_s"] / 60,
        n_steps=stored["n_steps"],
        n_each=PER_VOICE,
        held_out=HELD_OUT_VOICE,
        rows="\n".join(rows),
    )
    (model.parent / "README.md").write_text(card)


if __name__ == "__main__":
    write_card(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
