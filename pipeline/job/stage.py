"""The records `Stage`, `Item`, `Job`, `StepRequest` (identity, paths, limits), `StepOutcome`.

`plan.py` decides what to run, `step.py` runs one step, `runner.py` runs them all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.codec import digest, to_plain
from pipeline.errors import CuecastError
from pipeline.job.options import RunOptions
from pipeline.records import Plain, record

LOGS_NAME = "logs"


@dataclass(frozen=True, slots=True)
class Resources:
    """What a stage can make use of: so many CPU threads, or with None all that there are."""

    cpus: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One row of the stage table.

    Args:
        name: also the name of the stage's folder.
        after: the stages whose sealed files it reads.
        options: the keys of the item's options it reads, or "section.key" if it reads only that
            key of a section; a change of one of them redoes the stage.
        run: "module:function", called with a `StepContext` in a worker.
        version: raised whenever the stage's output changes for the same request.
        sources: the keys of the item's source files it reads.
        large_inputs: files of stages before it, as "stage/file", that `keep: outputs` deletes when
            the item is done; they are made again if this stage has to run again.
        check: "module:function", called with an `Item`; yields the questions of `preflight.py`
            to ask before anything runs.
        when: the source ("text"), or the option as "section.key", that an item must have for this
            stage; an item without it has no such stage, and no folder of it.
        resources: what it can make use of; a step is given no more.
    """

    name: str
    after: tuple[str, ...]
    options: tuple[str, ...]
    run: str
    version: int
    sources: tuple[str, ...] = ()
    large_inputs: tuple[str, ...] = ()
    check: str = ""
    when: str = ""
    resources: Resources = field(default_factory=Resources)

    def is_for(self, item: "Item") -> bool:
        """Whether the item has what `when` names."""
        section, _, key = self.when.partition(".")
        if key:
            return item.options.get(section, {}).get(key) is not None
        return not self.when or self.when in item.sources

    def choose_options(self, options: Mapping[str, Plain]) -> dict[str, Plain]:
        """The part of an item's options that the stage reads."""
        chosen: dict[str, Plain] = {}
        for name in self.options:
            section, _, key = name.partition(".")
            if not key and section in options:
                chosen[section] = options[section]
            elif key in options.get(section, {}):
                chosen[section] = {**chosen.get(section, {}), key: options[section][key]}
        return chosen


@dataclass(frozen=True, slots=True)
class Item:
    """One recording with its text and options: what the stages process.

    Args:
        id: unique in its job, safe as a file name.
        folder: where its stage folders go.
        sources: absolute paths of its source files by key ("media", "text").
        options: plain JSON values by key ("language", "align", …).
    """

    id: str
    folder: Path
    sources: Mapping[str, Path]
    options: Mapping[str, Plain]


def choose_stages(stages: Sequence[Stage], item: Item) -> tuple[Stage, ...]:
    """The stages that an item goes through, each after those before it that the item has."""
    chosen = [stage for stage in stages if stage.is_for(item)]
    names = {stage.name for stage in chosen}
    return tuple(
        replace(stage, after=tuple(name for name in stage.after if name in names))
        for stage in chosen
    )


@dataclass(frozen=True, slots=True)
class Job:
    """The items to process, and how.

    Args:
        output: the folder of `run.json`, `logs/` and the digest cache; for a job of one item
            without a job file it is the item's own folder.
        items: in the order they are run; no two share an id or a folder.
        only: the ids of the items to run this time; None is all items.
        redo: stages to run even if they are done, with the stages that follow them.
        is_verified: sealed files are hashed first; a stage whose files were altered runs again.
        refused: errors that the checks before the run found, by item and stage: that item fails
            before any of its steps.
    """

    output: Path
    items: tuple[Item, ...]
    run: RunOptions = field(default_factory=RunOptions)
    only: frozenset[str] | None = None
    redo: frozenset[str] = frozenset()
    is_verified: bool = False
    refused: Mapping[tuple[str, str], CuecastError] = field(default_factory=dict)

    @property
    def chosen(self) -> tuple[Item, ...]:
        """The items to run this time."""
        return tuple(item for item in self.items if self.only is None or item.id in self.only)

    def log_path(self, item: Item, stage: str) -> Path:
        """The log file of a step of this item, outside every sealed folder."""
        logs = self.output / LOGS_NAME
        return (logs if item.folder == self.output else logs / item.id) / f"{stage}.log"


@record
class StepIdentity:
    """Everything that a step's sealed files depend on; equal identities give equal bytes.

    Args:
        after: fingerprints of the stages before it, by name.
        sources: sha256 of the item's source files it reads, by key.
    """

    stage: str = ""
    version: int = 0
    options: Mapping[str, Plain] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The identity as one SHA-256 (hex)."""
        return digest(to_plain(self))


@dataclass(frozen=True, slots=True)
class StepPaths:
    """Where a step reads and writes.

    Args:
        folder: where its files are sealed.
        scratch: where it writes them.
        inputs: the folders of the stages before it, by name.
        sources: the item's source files it reads, by key.
        traits: their sizes, times and inodes when they were hashed, by key.
    """

    folder: Path
    scratch: Path
    log: Path
    inputs: Mapping[str, Path] = field(default_factory=dict)
    sources: Mapping[str, Path] = field(default_factory=dict)
    traits: Mapping[str, tuple[int, int, int] | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepLimits:
    """What a step may use: CPU threads, and seconds (None: as many as it takes)."""

    cpus: int = 1
    timeout_s: float | None = None


@dataclass(frozen=True, slots=True)
class StepRequest:
    """One stage of one item, as sent to a worker: picklable plain data.

    `run` is the stage's "module:function". `identity` goes into the seal, so that a later plan can
    say what changed. A step without `has_seal` writes no files; its outcome is in
    `StepOutcome.used`.
    """

    item: str
    run: str
    identity: StepIdentity
    paths: StepPaths
    limits: StepLimits = field(default_factory=StepLimits)
    has_seal: bool = True

    @property
    def stage(self) -> str:
        """The stage's name."""
        return self.identity.stage


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What a worker returns when a step was sealed.

    `used` is what the step chose where the request left it open (engine, model, device); `notes`
    are the warnings it logged, shown to the user. `cpu_seconds` includes child processes.
    """

    item: str
    stage: str
    seconds: float
    cpu_seconds: float
    used: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
