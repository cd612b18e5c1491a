"""Speaks sentences and keeps what the model is taught by: log-mel frames and times.

One file a batch, so that training can begin while more is being spoken. No torch here.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

from benchmarks.tiny_whisper import espeak
from benchmarks.tiny_whisper.sentences import (
    Sentence,
    draw_sentences,
    held_out,
    make_english,
    make_german,
)  # fmt: skip
from samples.voices import Speech, VoiceError, VoiceOptions, speak_each

RATE_HZ = espeak.RATE_HZ
FRAME_S = 0.01
FASTEST, SLOWEST = 0.8, 1.2
"""Stretch of the voices' own pace."""
PER_BATCH = 100
GERMAN_VOICE = "espeak-de"

_extract = FeatureExtractor()
_window = np.hanning(_extract.n_fft + 1)[:-1].astype(np.float32)


def measure_mel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n_frames, 80) log10 of mel power as Whisper takes it, before its floor and scale."""
    padded = np.pad(samples, (0, 160))
    spectrum = _extract.stft(
        padded, _extract.n_fft, _extract.hop_length, window=_window, return_complex=True
    )
    power = np.abs(spectrum[..., :-1]).astype(np.float32) ** 2
    mel: NDArray[np.float32] = np.log10(np.maximum(_extract.mel_filters @ power, 1e-10))
    return mel.T


def describe(sentence: Sentence, speech: Speech) -> dict[str, Any]:
    """Words as written with the spans of what is said for each, and phones; times in seconds."""
    words, phones, index = [], [], 0
    for word in sentence:
        said = speech.words[index : index + len(word.spoken)]
        index += len(said)
        spans = [(part.start_sample / RATE_HZ, part.end_sample / RATE_HZ) for part in said]
        words.append({"text": word.written, "spans": spans})
        phones += [
            (phone.name, phone.start_sample / RATE_HZ, phone.end_sample / RATE_HZ)
            for part in said
            for phone in part.phones
            if phone.name
        ]
    return {"words": words, "phones": phones}


def speak_batch(
    folder: Path, voice: str, sentences: list[Sentence], stretch: float, name: str
) -> None:
    """Write `NAME.npy` (float16 frames, end to end) and then `NAME.json` (what is in them)."""
    spoken = [[part for word in sentence for part in word.spoken] for sentence in sentences]
    frames, items, n_frames = [], [], 0
    for sentence, speech in zip(sentences, _speak(spoken, voice, stretch, name), strict=True):
        if isinstance(speech, VoiceError):
            print(f"left out: {speech}", file=sys.stderr)
            continue
        mel = measure_mel(speech.samples)
        items.append(
            {
                **describe(sentence, speech),
                "language": "de" if voice == GERMAN_VOICE else "en",
                "voice": voice,
                "first_frame": n_frames,
                "n_frames": len(mel),
            }
        )
        frames.append(mel.astype(np.float16))
        n_frames += len(mel)
    np.save(folder / f"{name}.npy", np.concatenate(frames))
    (folder / f"{name}.json").write_text(json.dumps(items))


def _speak(
    spoken: list[list[str]], voice: str, stretch: float, name: str
) -> Iterator[Speech | VoiceError]:
    """By festival, or by eSpeak where a voice is its language: another variant a batch."""
    if not voice.startswith("espeak-"):
        yield from speak_each(spoken, voice, VoiceOptions(stretch=stretch, rate_hz=RATE_HZ))
        return
    variant = random.Random(name).choice(espeak.VARIANTS)
    for words in spoken:
        try:
            yield espeak.speak(words, voice.removeprefix("espeak-") + variant, stretch)
        except VoiceError as error:
            yield error


def main() -> None:
    """`speech.py FOLDER VOICES N_BATCHES`: training speech, the voices in turn."""
    folder, voices, n_batches = Path(sys.argv[1]), sys.argv[2].split(","), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(n_batches):
        for voice in voices:
            name = f"{voice}-{index:03}"
            chance = random.Random(name)
            make = make_german if voice == GERMAN_VOICE else make_english
            drawn = draw_sentences(make, chance.randrange(2**31), frozenset(held_out()))
            stretch = chance.uniform(FASTEST, SLOWEST)
            speak_batch(folder, voice, list(islice(drawn, PER_BATCH)), stretch, name)


if __name__ == "__main__":
    main()
