"""The texts of recordings, timed: by cuecast in one job, and by bare PocketSphinx."""

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from accuracy import pair_words
from peers import align_by_pocketsphinx

from people_parts.recordings import Recording, Token, write_sound
from pipeline.config import read_job
from pipeline.job.events import StepFailed
from pipeline.job.runner import run_job
from pipeline.job.select import select_stages
from pipeline.stages import STAGES


@dataclass(frozen=True, slots=True)
class Judged:
    """A word of the text as it is (`true`) and as it was found, with its place in the text."""

    recording: str
    index: int
    true: Token
    start_ms: int | None
    end_ms: int | None
    status: str
    confidence: float

    @property
    def error_ms(self) -> float | None:
        """Found start less true start; None where either is missing."""
        if self.start_ms is None or self.true.start_ms is None:
            return None
        return self.start_ms - self.true.start_ms

    @property
    def is_told(self) -> bool:
        """Its status says that it is not known to be spoken."""
        return self.status != "aligned"


def align_recordings(recordings: Mapping[str, Recording], workers: int) -> dict[str, list[Judged]]:
    """Each recording's words as cuecast times them, by the recordings' keys.

    Exits where one can't be aligned.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = ["output: out", "align: {mismatch: keep}", f"run: {{workers: {workers}}}", "items:"]
        keys = {f"{number:04}": key for number, key in enumerate(recordings)}
        for item, key in keys.items():
            write_sound(folder / f"{item}.wav", recordings[key].samples)
            (folder / f"{item}.txt").write_text(recordings[key].text, encoding="utf-8")
            lines.append(f'  - {{media: {item}.wav, text: {item}.txt, id: "{item}", language: en}}')
        (folder / "job.yaml").write_text("\n".join(lines) + "\n")
        failures: list[str] = []

        def note(event: object) -> None:
            if isinstance(event, StepFailed):
                failures.append(str(event.error))

        run_job(read_job(folder / "job.yaml"), select_stages(STAGES, ("align",)), note)
        if failures:
            sys.exit("people.py: " + "; ".join(failures))
        return {
            key: judge(recordings[key], read_rows(folder / "out" / item / "align" / "words.json"))
            for item, key in keys.items()
        }


def align_with_pocketsphinx(recording: Recording) -> list[Judged]:
    """The words as bare PocketSphinx times them; where it fails, none has a time."""
    tokens = [token.text for token in recording.tokens]
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "sound.wav"
        write_sound(sound, recording.samples)
        spans = align_by_pocketsphinx(sound, tokens)
    rows = []
    for index, text in enumerate(tokens):
        start_ms, end_ms = spans.get(index, (None, None))
        status = "unspoken" if start_ms is None else "aligned"
        times = {"start_ms": start_ms, "end_ms": end_ms}
        rows.append({"text": text, **times, "status": status, "confidence": 0.0})
    return judge(recording, rows)


def read_rows(path: Path) -> list[dict[str, object]]:
    """The words of a words.json."""
    rows: list[dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))["words"]
    return rows


def judge(recording: Recording, rows: Sequence[Mapping[str, object]]) -> list[Judged]:
    """Found words beside the true ones; tokens without a letter or digit are left out.

    Raises:
        TokensDifferError: they are not the same words.
    """
    facts = [
        {"text": token.text, "token": token, "index": index}
        for index, token in enumerate(recording.tokens)
    ]
    keys = ("start_ms", "end_ms", "status", "confidence")
    return [
        Judged(recording.name, true["index"], true["token"], *(word[key] for key in keys))
        for word, true in pair_words(rows, facts)
    ]
