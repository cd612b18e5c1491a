"""Choosing what to run: for every stage of an item, whether it is done already, and why not.

Runs nothing and writes nothing but the cache of source digests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pipeline.errors import CuecastError
from pipeline.job.sources import SourceDigests
from pipeline.job.stage import Item, Job, Stage, StepIdentity, StepRequest
from pipeline.job.store import SEAL_NAME, read_seal, scratch_path
from pipeline.records import Plain

Decision = Literal["reuse", "run", "fail"]

NEVER_DONE = "not done yet"
DAMAGED = "its files are no longer whole"
FORCED = "forced"


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """What is to become of one stage of one item.

    `fail` means that it can't even begin: `error` says why. `request` lacks CPUs and a time limit;
    the runner gives them.
    """

    stage: str
    after: tuple[str, ...]
    decision: Decision
    reason: str
    request: StepRequest | None = None
    error: CuecastError | None = None


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """Every stage of one item, in the order of the table."""

    item: Item
    steps: tuple[PlannedStep, ...]

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to run."""
        return all(step.decision == "reuse" for step in self.steps)


def plan_item(job: Job, item: Item, stages: Sequence[Stage], digests: SourceDigests) -> ItemPlan:
    """Decide for every stage of an item: reuse, run (and why), or fail (and why).

    Cost: reads the sources that changed since their digest was taken.
    """
    planned: dict[str, PlannedStep] = {}
    fingerprints: dict[str, str] = {}
    for stage in stages:
        try:
            identity = _identify(stage, item, fingerprints, digests)
        except CuecastError as error:
            planned[stage.name] = PlannedStep(
                stage.name, stage.after, "fail", str(error), None, error
            )
            fingerprints[stage.name] = ""
            continue
        fingerprints[stage.name] = identity.fingerprint
        found = _find_reason(item.folder / stage.name, identity, planned)
        reason = FORCED if stage.name in job.redo else found
        planned[stage.name] = PlannedStep(
            stage.name,
            stage.after,
            "run" if reason else "reuse",
            reason or "done",
            _make_request(job, item, stage, identity),
        )
    _bring_back_dropped(item, stages, planned)
    return ItemPlan(item, tuple(planned.values()))


def plan_job(job: Job, stages: Sequence[Stage]) -> tuple[ItemPlan, ...]:
    """Plan the chosen items of a job; digests are kept where the output folder is there already."""
    digests = SourceDigests(job.output)
    plans = tuple(plan_item(job, item, stages, digests) for item in job.chosen)
    if job.output.is_dir():
        digests.save()
    return plans


def _identify(
    stage: Stage, item: Item, fingerprints: Mapping[str, str], digests: SourceDigests
) -> StepIdentity:
    sources = {key: item.sources[key] for key in stage.sources if key in item.sources}
    return StepIdentity(
        stage=stage.name,
        version=stage.version,
        options=stage.choose_options(item.options),
        after={name: fingerprints[name] for name in stage.after},
        sources={key: digests.digest(path) for key, path in sources.items()},
    )


def _find_reason(
    folder: Path, identity: StepIdentity, planned: Mapping[str, PlannedStep]
) -> str | None:
    """Why a stage has to run, its own reasons before those of the stages before it."""
    upstream = next((name for name in identity.after if planned[name].decision != "reuse"), None)
    seal = read_seal(folder)
    if seal is None:
        return DAMAGED if (folder / SEAL_NAME).exists() else NEVER_DONE
    if seal.fingerprint == identity.fingerprint and upstream is None:
        return None
    return _describe_change(seal.identity, identity) or f"follows {upstream}"


def _bring_back_dropped(
    item: Item, stages: Sequence[Stage], planned: dict[str, PlannedStep]
) -> None:
    """Redo a stage that is done where a file of it was dropped and one that has to run reads it.

    The same request gives the same bytes, so what else follows stays as it is.
    """
    for stage in reversed(stages):
        for path in stage.large_inputs if planned[stage.name].decision == "run" else ():
            name, _, file = path.partition("/")
            seal = read_seal(item.folder / name)
            if planned[name].decision == "reuse" and seal and file in seal.dropped:
                reason = f"{stage.name} needs {file} again"
                planned[name] = replace(planned[name], decision="run", reason=reason)


def _describe_change(old: StepIdentity, new: StepIdentity) -> str | None:
    """What differs between two identities of one stage, as a person would say it."""
    if old.version != new.version:
        return f"{new.stage} works differently since version {new.version}"
    for key in {**new.options, **old.options}:
        if key not in old.options:
            return f"{key} is new"
        if old.options[key] != new.options.get(key):
            return f"{_find_key(key, old.options[key], new.options.get(key))} changed"
    for key in {**new.sources, **old.sources}:
        if old.sources.get(key) != new.sources.get(key):
            return f"{key} changed"
    return next(
        (f"follows {name}" for name in new.after if old.after.get(name) != new.after[name]), None
    )


def _find_key(key: str, old: Plain, new: Plain) -> str:
    """The option that differs, as "section.key" where both values are sections."""
    if isinstance(old, dict) and isinstance(new, dict):
        for inner in {**new, **old}:
            if old.get(inner) != new.get(inner) or (inner in old) != (inner in new):
                return f"{key}.{inner}"
    return key


def _make_request(job: Job, item: Item, stage: Stage, identity: StepIdentity) -> StepRequest:
    return StepRequest(
        item=item.id,
        stage=stage.name,
        run=stage.run,
        fingerprint=identity.fingerprint,
        folder=item.folder / stage.name,
        scratch=scratch_path(item, stage.name, identity.fingerprint),
        log=job.log_path(item, stage.name),
        inputs={name: item.folder / name for name in stage.after},
        sources={key: item.sources[key] for key in stage.sources if key in item.sources},
        options=stage.choose_options(item.options),
        timeout_s=job.run.timeout_s,
        identity=identity,
    )
