"""Stages run one by one on the sample talk, as a job would run them."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.codec import read_record, write_record
from pipeline.job.context import StepContext
from pipeline.job.scratch import drop_scratch
from pipeline.job.stage import StepIdentity, StepLimits, StepPaths, StepRequest
from pipeline.job.step import resolve
from pipeline.media.decode import ingest_media
from pipeline.media.options import AudioOptions
from pipeline.records import Media, Plain
from pipeline.stages import STAGES, captions
from pipeline.stages.text import parse_text

SAMPLES = Path(__file__).parents[2] / "samples"
CPUS = 2
MOST_WORDS = 1_000


def make_request(
    stage: str,
    folder: Path,
    sources: Mapping[str, Path] | None = None,
    options: Mapping[str, Plain] | None = None,
    scratch: Path | None = None,
) -> StepRequest:
    """The request for a stage of an item in this folder, in which the stages before it lie.

    Args:
        scratch: where it writes; the stage's own folder, if none is given.
    """
    row = next(row for row in STAGES if row.name == stage)
    inputs = {name: folder / name for name in row.after}
    paths = StepPaths(
        folder / stage, scratch or folder / stage, folder / f"{stage}.log", inputs, sources or {}
    )
    identity = StepIdentity(stage, row.version, options or {})
    return StepRequest("talk", row.run, identity, paths, StepLimits(CPUS))


@dataclass(frozen=True, slots=True)
class Staged:
    """An item's folder, its text, and its options; stages are run by name."""

    folder: Path
    text: Path | None = None
    options: Mapping[str, Plain] = field(default_factory=dict)

    def request(self, stage: str) -> StepRequest:
        """The request a job would make, with a fresh scratch folder; the text is read before."""
        row = next(row for row in STAGES if row.name == stage)
        if self.text and "text" in row.after:
            self.run("text")
        scratch = self.folder / "scratch" / stage
        drop_scratch(scratch)
        scratch.mkdir(parents=True)
        defaults: dict[str, Plain] = {
            "audio": {}, "transcribe": {}, "translate": {}, "align": {}, "language": "en",
            "speakers": [],
        }  # fmt: skip
        sources = {"media": SAMPLES / "talk.mp4"} | ({"text": self.text} if self.text else {})
        request = make_request(stage, self.folder, sources, {**defaults, **self.options}, scratch)
        if self.text is None:
            inputs = {name: path for name, path in request.paths.inputs.items() if name != "text"}
            return replace(request, paths=replace(request.paths, inputs=inputs))
        return request

    def run(self, stage: str) -> StepContext:
        """Run a stage; what it chose is in the context's `used`."""
        context = StepContext(self.request(stage))
        resolve(context.request.run)(context)
        shutil.rmtree(context.request.paths.folder, ignore_errors=True)
        context.request.paths.scratch.rename(context.request.paths.folder)
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


def write_script(folder: Path, name: str, content: str) -> None:
    """What the text stage leaves of a text of this name."""
    (folder / "text").mkdir(exist_ok=True)
    write_record(folder / "text" / "script.json", parse_text(content, name, (), MOST_WORDS))


def write_cues(folder: Path, options: Plain = None, second: str | None = None) -> None:
    """What the captions stage leaves, without its files."""
    asked = {"captions": {"formats": [], **(options or {})}, "translate": {"to": second}}
    (folder / "captions").mkdir(exist_ok=True)
    captions.run(StepContext(make_request("captions", folder, options=asked)))
