"""Recordings with word times that people made, from folders; several joined into one."""

import json
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from transcribe import read_sound

from pipeline.contracts import SAMPLE_RATE_HZ, Samples

PAUSE_S = 0.5
"""Silence between recordings that are joined."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text with its true time in ms; no time if it is not in the sound.

    `wrong`: the kind of mistake that put it into the text, "" for a right word. `source`: the
    recording that it comes from.
    """

    text: str
    start_ms: float | None
    end_ms: float | None
    source: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """Sound at 16 kHz, the words in order, and the lines of its text.

    `bursts`: hand-marked bursts of stops, as (index of the word, time in ms).
    """

    name: str
    samples: Samples
    tokens: tuple[Token, ...]
    text: str
    bursts: tuple[tuple[int, float], ...] = ()


def read_recording(folder: Path) -> Recording:
    """A folder with `audio.*`, `text.txt` and `truth.json`, perhaps `vot.json`.

    truth.json is `[{"text", "start", "end"}]`, vot.json `[[word, burst, …]]`, in seconds.
    """
    name = folder.resolve().name
    (audio,) = folder.glob("audio.*")
    tokens = tuple(
        Token(word["text"], word["start"] * 1000, word["end"] * 1000, name)
        for word in json.loads((folder / "truth.json").read_text())
    )
    marks = folder / "vot.json"
    rows = json.loads(marks.read_text()) if marks.is_file() else []
    bursts = tuple((row[0], row[1] * 1000) for row in rows)
    text = (folder / "text.txt").read_text()
    return Recording(name, read_sound(audio), tokens, text, bursts)


def join_recordings(name: str, recordings: Sequence[Recording]) -> Recording:
    """All of them in one, with pauses between them."""
    pause = np.zeros(round(PAUSE_S * SAMPLE_RATE_HZ), np.int16)
    sounds: list[Samples] = []
    tokens: list[Token] = []
    for recording in recordings:
        shift_ms = sum(map(len, sounds)) * 1000 / SAMPLE_RATE_HZ
        tokens += (shift_token(token, shift_ms) for token in recording.tokens)
        sounds += [recording.samples, pause]
    text = "\n".join(recording.text.strip() for recording in recordings) + "\n"
    return Recording(name, np.concatenate(sounds), tuple(tokens), text)


def shift_token(token: Token, shift_ms: float) -> Token:
    """The word so much later."""
    if token.start_ms is None or token.end_ms is None:
        return token
    start_ms, end_ms = token.start_ms + shift_ms, token.end_ms + shift_ms
    return Token(token.text, start_ms, end_ms, token.source, token.wrong)


def write_sound(path: Path, samples: Samples) -> None:
    """Write a WAV file."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE_HZ)
        sound.writeframes(samples.tobytes())
