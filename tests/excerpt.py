"""The first seconds of the sample talk: its sound, what is said in it, and when."""

import json
from pathlib import Path

from pipeline.media.ffmpeg import Run, file_url, run_ffmpeg

ROOT = Path(__file__).parent.parent
TALK = ROOT / "samples" / "talk.mp4"
LENGTH_S = 6.1
SOUND_START_MS = 400
"""The sound of the talk begins this long after its picture."""


def read_truth() -> list[tuple[str, int]]:
    """The words of the excerpt and when each starts in `cut_sound`'s files, in milliseconds."""
    words = json.loads(TALK.with_suffix(".truth.json").read_text())["words"]
    end_ms = LENGTH_S * 1000 + SOUND_START_MS
    return [
        (word["text"], word["start_ms"] - SOUND_START_MS)
        for word in words
        if word["end_ms"] < end_ms - 300
    ]


def read_text() -> str:
    """What is said in the excerpt."""
    return " ".join(word for word, _ in read_truth())


def cut_sound(path: Path) -> Path:
    """Save the excerpt's sound, from its first sample on."""
    start = ["-ss", f"{SOUND_START_MS / 1000}", "-t", f"{LENGTH_S}", "-i", file_url(TALK)]
    run_ffmpeg(Run([*start, "-vn", "-ac", "1", file_url(path)], where=path.name))
    return path
