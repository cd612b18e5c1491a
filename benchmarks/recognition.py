"""Words wrong on recordings of people, without a text: `benchmarks/recognition.py FOLDER ...`.

A folder holds `audio.flac` and `text.txt`, or `text.json`, which has the text of each sound file
beside it; those are joined with a second of silence between. From the file to timed words, with
each recogniser: words wrong, words that get no place in captions ("dropped"), and how many of those
were right. Both sides are compared as they are spoken: small letters, no punctuation, numbers in
words, no fillers. Prints a table, then one JSON object on a line.
"""

import argparse
import json
import re
import tempfile
import time
import wave
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein
from transcribe import read_sound

import cuecast
from pipeline.contracts import SAMPLE_RATE_HZ
from pipeline.verbalization.spoken_text import speak_text

FILLERS = frozenset({"uh", "um", "uhm", "er", "erm", "mm", "hm"})

WAYS: dict[str, dict[str, Any]] = {
    "moonshine": {"engine": "moonshine"},
    "tiny.en": {"engine": "faster_whisper", "model": "tiny.en"},
    "base": {"engine": "faster_whisper", "model": "base"},
}


def main() -> None:
    """Transcribe, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--ways", nargs="+", default=[*WAYS], choices=[*WAYS])
    given = parser.parse_args()
    sums: dict[str, Counter[str]] = {way: Counter() for way in given.ways}
    with tempfile.TemporaryDirectory() as place:
        for folder in given.folders:
            media, text = read_folder(folder, Path(place) / f"{folder.name}.wav")
            for way in given.ways:
                found = measure(media, text, WAYS[way])
                sums[way].update(found)
                print(f"{folder.name:12} {way:12} {show(found)}", flush=True)
    for way, found in sums.items():
        print(f"{'all':12} {way:12} {show(found)}")
    print(json.dumps(sums))


def read_folder(folder: Path, joined: Path) -> tuple[Path, list[str]]:
    """The recording, and the words spoken in it."""
    if not (folder / "text.json").is_file():
        return folder / "audio.flac", (folder / "text.txt").read_text().split()
    texts = json.loads((folder / "text.json").read_text())
    silence = np.zeros(SAMPLE_RATE_HZ, np.int16)
    sounds = [part for name in texts for part in (read_sound(folder / name), silence)]
    with wave.open(str(joined), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", ""))
        file.writeframes(np.concatenate(sounds).tobytes())
    return joined, " ".join(texts.values()).split()


def measure(media: Path, text: list[str], way: dict[str, Any]) -> Counter[str]:
    """Words of the truth, wrong ones, dropped ones, right ones among them; seconds."""
    start_s = time.perf_counter()
    timed = cuecast.transcribe(media, language="en", **way)
    wall_s = time.perf_counter() - start_s
    words = list(verbalize([word.text for word in timed.words]))
    truth = [word for _, word in verbalize(text)]
    edits = Levenshtein.opcodes(truth, [word for _, word in words])
    right = {
        words[number][0]
        for edit in edits
        if edit.tag == "equal"
        for number in range(edit.dest_start, edit.dest_end)
    }
    n_wrong = Levenshtein.distance(truth, [word for _, word in words])
    dropped = [number for number, word in enumerate(timed.words) if word.span is None]
    return Counter(
        words=len(truth),
        wrong=n_wrong,
        recognized=len(timed.words),
        dropped=len(dropped),
        right_dropped=sum(number in right for number in dropped),
        wall_ms=round(1000 * wall_s),
    )


def verbalize(tokens: list[str]) -> Iterator[tuple[int, str]]:
    """Words as spoken, each with the index of its token; fillers left out."""
    text = speak_text(tokens, "en")
    firsts = text.find_first_words()
    for token, forms in enumerate(text.forms):
        for word in forms[0]:
            plain = re.sub(r"[^\w']+", "", word).lower()
            if plain and plain not in FILLERS:
                yield firsts[token], plain


def show(found: Counter[str]) -> str:
    """Counts in a line."""
    rate = f"{found['wrong'] / max(1, found['words']):.2%}"
    return f"wrong {rate:7}" + "  ".join(f"{key} {n}" for key, n in found.items())


if __name__ == "__main__":
    main()
