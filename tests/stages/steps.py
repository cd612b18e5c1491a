"""Stages run one by one on the sample talk, as a job would run them."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.codec import read_record, write_record
from pipeline.job.context import StepContext
from pipeline.job.scratch import drop_scratch
from pipeline.job.stage import StepRequest
from pipeline.job.step import resolve
from pipeline.media.decode import ingest_media
from pipeline.media.options import AudioOptions
from pipeline.records import Media, Plain
from pipeline.stages import STAGES

SAMPLES = Path(__file__).parents[2] / "samples"
CPUS = 2


@dataclass(frozen=True, slots=True)
class Staged:
    """An item's folder, its text, and its options; stages are run by name."""

    folder: Path
    text: Path | None = None
    options: Mapping[str, Plain] = field(default_factory=dict)

    def request(self, stage: str) -> StepRequest:
        """The request a job would make, with a fresh scratch folder."""
        row = next(row for row in STAGES if row.name == stage)
        scratch = self.folder / "scratch" / stage
        drop_scratch(scratch)
        scratch.mkdir(parents=True)
        defaults: dict[str, Plain] = {
            "audio": {}, "transcribe": {}, "translate": {}, "align": {}, "language": "en",
            "speakers": [],
        }  # fmt: skip
        return StepRequest(
            item="talk",
            stage=stage,
            run=row.run,
            fingerprint="0",
            folder=self.folder / stage,
            scratch=scratch,
            log=self.folder / f"{stage}.log",
            inputs={name: self.folder / name for name in row.after},
            sources={"media": SAMPLES / "talk.mp4"} | ({"text": self.text} if self.text else {}),
            options={**defaults, **self.options},
            cpus=CPUS,
        )

    def run(self, stage: str) -> StepContext:
        """Run a stage; what it chose is in the context's `used`."""
        context = StepContext(self.request(stage))
        resolve(context.request.run)(context)
        shutil.rmtree(context.request.folder, ignore_errors=True)
        context.request.scratch.rename(context.request.folder)
        return context

    def having(self, **options: Plain) -> "Staged":
        """The same item with other options."""
        return replace(self, options={**self.options, **options})

    def about(self, text: str) -> "Staged":
        """The same item with another text."""
        path = self.folder / "text.txt"
        path.write_text(text)
        return replace(self, text=path)


def ingest(media: Path, folder: Path) -> None:
    """What the ingest stage leaves in an item's folder."""
    (folder / "ingest").mkdir(parents=True)
    facts = ingest_media(media, AudioOptions(), folder / "ingest" / "audio.wav", lambda share: None)
    write_record(folder / "ingest" / "media.json", facts)


def read_media(folder: Path) -> Media:
    return read_record(folder / "ingest" / "media.json", Media)


def read_truth(name: str) -> list[dict[str, Plain]]:
    """The words of a sample, and when each is said."""
    words: list[dict[str, Plain]] = json.loads((SAMPLES / f"{name}.truth.json").read_text())[
        "words"
    ]
    return words
