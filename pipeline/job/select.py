"""Selects a part of a job: which items, which stages, which stages to redo.

`plan.py` decides which of them are done already.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from pipeline.errors import ConfigError, did_you_mean
from pipeline.job.report import read_item_reports
from pipeline.job.stage import Job, Stage


@dataclass(frozen=True, slots=True)
class Selection:
    """The selection made on the command line.

    Args:
        only: ids of items, or patterns such as `talk-*`; none means every item.
        is_failed_only: of those, only the ones that failed in the last run.
        redo: names of stages to run even if they are done.
        is_verified: whether sealed files are hashed first.
    """

    only: tuple[str, ...] = ()
    is_failed_only: bool = False
    redo: tuple[str, ...] = ()
    is_verified: bool = False


def narrow_job(job: Job, stages: Sequence[Stage], selection: Selection) -> Job:
    """The job, limited to the selection.

    Raises:
        ConfigError: there is no item or stage of that name.
    """
    names = [stage.name for stage in stages]
    for name in selection.redo:
        if name not in names:
            remedy = did_you_mean(name, names, "stages")
            raise ConfigError("--force", f"there is no stage {name!r}", remedy)
    chosen = _match_items(job, selection.only)
    if selection.is_failed_only:
        reports = read_item_reports(job.output)
        chosen &= {item_id for item_id, report in reports.items() if report.state == "failed"}
    return replace(
        job,
        only=frozenset(chosen),
        redo=frozenset(selection.redo),
        is_verified=selection.is_verified,
    )


def select_stages(
    stages: Sequence[Stage], names: Sequence[str], last: str = ""
) -> tuple[Stage, ...]:
    """The named stages and every stage before them, in the order of the table.

    Args:
        last: a stage that makes do with those of the stages before it that are selected.
    """
    after_by_name = {stage.name: stage.after for stage in stages}
    wanted = {last}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        wanted.add(name)
        waiting.extend(after_by_name[name])
    return tuple(stage for stage in stages if stage.name in wanted)


def find_followers(stages: Sequence[Stage], names: Collection[str]) -> frozenset[str]:
    """The named stages and all that depend on them, directly or through others."""
    found = set(names)
    for stage in stages:
        if found.intersection(stage.after):
            found.add(stage.name)
    return frozenset(found)


def _match_items(job: Job, patterns: Sequence[str]) -> set[str]:
    ids = [item.id for item in job.items]
    chosen: set[str] = set()
    for pattern in patterns:
        found = {item_id for item_id in ids if fnmatchcase(item_id, pattern)}
        if not found:
            remedy = did_you_mean(pattern, ids, "items")
            raise ConfigError("--only", f"there is no item {pattern!r}", remedy)
        chosen |= found
    return chosen if patterns else set(ids)
