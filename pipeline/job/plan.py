"""Decides for every stage of an item whether it is done, has to run (and why), or can't run.

Runs nothing and writes only the cache of source digests.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pipeline.errors import CuecastError
from pipeline.job.disk import hash_file
from pipeline.job.hashing import find_altered, list_sealed
from pipeline.job.ownership import CACHE_NAME, SEAL_NAME, check_output, find_item_obstacle
from pipeline.job.scratch import scratch_path
from pipeline.job.sources import SourceDigests
from pipeline.job.stage import (
    Item,
    Job,
    Stage,
    StepIdentity,
    StepLimits,
    StepPaths,
    StepRequest,
    choose_stages,
)
from pipeline.job.store import read_seal
from pipeline.records import Plain

Decision = Literal["reuse", "run", "fail"]

NEVER_DONE = "not done yet"
DAMAGED = "its files are no longer whole"
ALTERED = "its files were altered"
FORCED = "forced"


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """The decision about one stage of one item.

    `fail`: it can't start, `error` says why. `request` has one CPU thread (the runner gives it its
    share); it is None on `fail`, and where a source has not been hashed yet.
    """

    stage: str
    after: tuple[str, ...]
    decision: Decision
    reason: str
    request: StepRequest | None = None
    error: CuecastError | None = None

    @property
    def can_begin(self) -> bool:
        """Whether it is done or has all that it needs to run."""
        return self.decision == "reuse" or self.request is not None


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """Every stage of one item, in the order of the table."""

    item: Item
    steps: tuple[PlannedStep, ...]

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to run."""
        return all(step.decision == "reuse" for step in self.steps)

    def find_broken(self) -> PlannedStep | None:
        """The step that keeps the item from running: it fails, or its source has no digest."""
        failed = (step for step in self.steps if step.error is not None)
        return next(failed, None) or next((one for one in self.steps if not one.can_begin), None)


def plan_item(
    job: Job,
    item: Item,
    stages: Sequence[Stage],
    digests: SourceDigests,
    altered: Collection[str] = (),
) -> ItemPlan:
    """Decide for every stage of an item: reuse, run (and why), or fail (and why).

    Args:
        stages: the whole table; the plan has only those that the item goes through.
        altered: stages whose sealed files no longer have the sealed digests.
    Cost: hashes sources that changed since their last digest, if the stage has a seal to compare
        with; without a seal they are not read, and the step has no request.
    """
    planned: dict[str, PlannedStep] = {}
    fingerprints: dict[str, str] = {}
    obstacle = find_item_obstacle(job, item, stages)
    stages = choose_stages(stages, item)
    for stage in stages:
        try:
            if obstacle is not None and obstacle[0] == stage.name:
                raise obstacle[1]
            identity = _identify(stage, item, fingerprints, digests)
            if refusal := job.refused.get((item.id, stage.name)):
                raise refusal
        except CuecastError as error:
            planned[stage.name] = PlannedStep(
                stage.name, stage.after, "fail", str(error), None, error
            )
            fingerprints[stage.name] = ""
            continue
        fingerprints[stage.name] = identity.fingerprint if identity else ""
        reason: str | None = NEVER_DONE
        if identity is not None:
            reason = _find_reason(item.folder / stage.name, identity, planned)
        if stage.name in altered:
            reason = ALTERED
        if stage.name in job.redo:
            reason = FORCED
        planned[stage.name] = PlannedStep(
            stage.name,
            stage.after,
            "run" if reason else "reuse",
            reason or "done",
            _make_request(job, item, stage, identity, digests) if identity else None,
        )
    _bring_back_dropped(item, stages, planned)
    return ItemPlan(item, tuple(planned.values()))


def plan_job(job: Job, stages: Sequence[Stage]) -> tuple[ItemPlan, ...]:
    """Plan the chosen items of a job; digests are saved if a run has used the folder before.

    Raises:
        ConfigError: the output folder can't be used.
    """
    check_output(job, stages)
    digests = SourceDigests(job.output)
    plans = []
    for item in job.chosen:
        altered: frozenset[str] = frozenset()
        if job.is_verified:
            names = tuple(stage.name for stage in choose_stages(stages, item))
            found = {key: hash_file(path) for key, path in list_sealed(item, names).items()}
            altered = find_altered(item, names, found)
        plans.append(plan_item(job, item, stages, digests, altered))
    if os.access(job.output / CACHE_NAME, os.W_OK):
        digests.save()
    return tuple(plans)


def _identify(
    stage: Stage, item: Item, fingerprints: Mapping[str, str], digests: SourceDigests
) -> StepIdentity | None:
    """What a stage's files depend on; None if a source has no digest yet and there is no seal to
    compare with."""
    paths = {key: item.sources[key] for key in stage.sources if key in item.sources}
    is_sealed = os.path.lexists(item.folder / stage.name / SEAL_NAME)
    sources: dict[str, str] = {}
    for key, path in paths.items():
        sha256 = digests.digest(path) if is_sealed else digests.find(path)
        if sha256 is None:
            return None
        sources[key] = sha256
    return StepIdentity(
        stage=stage.name,
        version=stage.version,
        options=stage.choose_options(item.options),
        after={name: fingerprints[name] for name in stage.after},
        sources=sources,
    )


def _find_reason(
    folder: Path, identity: StepIdentity, planned: Mapping[str, PlannedStep]
) -> str | None:
    """Why a stage has to run, or None; its own changes come before those of earlier stages."""
    upstream = next((name for name in identity.after if planned[name].decision != "reuse"), None)
    seal = read_seal(folder)
    if seal is None:
        return DAMAGED if os.path.lexists(folder / SEAL_NAME) else NEVER_DONE
    if seal.fingerprint == identity.fingerprint and upstream is None:
        return None
    return _describe_change(seal.identity, identity) or f"follows {upstream}"


def _bring_back_dropped(
    item: Item, stages: Sequence[Stage], planned: dict[str, PlannedStep]
) -> None:
    """Rerun a done stage if its large file was dropped (`keep: outputs`) and is needed again.

    The same request gives the same bytes, so the stages that follow it stay done.
    """
    for stage in reversed(stages):
        for path in stage.large_inputs if planned[stage.name].decision == "run" else ():
            name, _, file = path.partition("/")
            seal = read_seal(item.folder / name)
            if planned[name].decision == "reuse" and seal and file in seal.dropped:
                reason = f"{stage.name} needs {file} again"
                planned[name] = replace(planned[name], decision="run", reason=reason)


def _describe_change(old: StepIdentity, new: StepIdentity) -> str | None:
    """What differs between two identities of one stage, in words for the user."""
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


def _make_request(
    job: Job, item: Item, stage: Stage, identity: StepIdentity, digests: SourceDigests
) -> StepRequest:
    sources = {key: item.sources[key] for key in identity.sources}
    return StepRequest(
        item=item.id,
        run=stage.run,
        identity=identity,
        paths=StepPaths(
            folder=item.folder / stage.name,
            scratch=scratch_path(item, stage.name, identity.fingerprint),
            log=job.log_path(item, stage.name),
            inputs={name: item.folder / name for name in stage.after},
            sources=sources,
            traits={key: digests.traits(path) for key, path in sources.items()},
        ),
        limits=StepLimits(timeout_s=job.run.timeout_s),
    )
