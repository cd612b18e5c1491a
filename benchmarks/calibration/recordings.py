"""Recordings with what is spoken in them: folders with a truth, or utterances laid end to end."""

import json
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from transcribe import read_sound

from pipeline.contracts import SAMPLE_RATE_HZ, Samples

GAP_MS = 500
"""Silence after each utterance."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A recording, the tokens spoken in it, and when each starts; None where nobody marked it."""

    name: str
    sound: Samples
    tokens: tuple[str, ...]
    starts_ms: tuple[float | None, ...]


def read_recording(folder: Path) -> Recording:
    """A folder with `audio.*` and `truth.json`, or with utterances and their texts in a JSON file.

    `truth.json` is `[{"text", "start", "end"}]`, in seconds; the other file maps names of sound
    files to texts.
    """
    if (folder / "truth.json").exists():
        truth = json.loads((folder / "truth.json").read_text())
        sound = read_sound(next(folder.glob("audio.*")))
        return Recording(
            folder.name,
            sound,
            tuple(word["text"] for word in truth),
            tuple(1000 * word["start"] for word in truth),
        )
    texts = json.loads(next(folder.glob("*.json")).read_text())
    return join_recordings(
        folder.name,
        [
            Recording(name, read_sound(folder / name), tokens, (None,) * len(tokens))
            for name, text in sorted(texts.items())
            if (tokens := tuple(text.split()))
        ],
    )


def join_recordings(name: str, parts: Sequence[Recording]) -> Recording:
    """Recordings one after the other, with a gap after each."""
    gap = np.zeros(GAP_MS * SAMPLE_RATE_HZ // 1000, np.int16)
    sounds: list[Samples] = []
    tokens: list[str] = []
    starts_ms: list[float | None] = []
    for part in parts:
        offset_ms = sum(map(len, sounds)) * 1000 / SAMPLE_RATE_HZ
        tokens += part.tokens
        starts_ms += [None if one is None else one + offset_ms for one in part.starts_ms]
        sounds += [part.sound, gap]
    return Recording(name, np.concatenate(sounds), tuple(tokens), tuple(starts_ms))


def write_sound(path: Path, sound: Samples) -> None:
    """Write a WAV file, 16 kHz, mono."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(sound.tobytes())
