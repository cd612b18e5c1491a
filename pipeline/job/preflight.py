"""What can be known of a job before anything runs: asked once, for `plan` and for `run` alike.

What has to be looked at, a stage's `check` says; native code looks, so it does in a process of its
own, which the caller provides.
"""

import importlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

from pipeline.errors import ConfigError, CuecastError, join_errors
from pipeline.job.select import find_followers
from pipeline.job.sources import SourceDigests
from pipeline.job.stage import Item, Job, Stage
from pipeline.job.store import read_seal

MOST_ITEMS_NAMED = 3
"""Of more items than these that share a problem, a message counts the rest."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something to look at before anything runs; equal questions are asked once.

    Args:
        function: "module:function"; yields what it finds: an error, or a line about what will be
            done that a person may not expect. What it raises is found too.
        arguments: hashable, and able to travel to another process.
        fails: what an error is about: the job, of which nothing then runs, or the item alone.
    """

    function: str
    arguments: tuple[Any, ...]
    fails: Literal["job", "item"] = "job"


Finding = CuecastError | str
Ask = Callable[[tuple[Question, ...]], Sequence[Sequence[Finding]]]


@dataclass(frozen=True, slots=True)
class CheckedJob:
    """A job of which something may run: items that can't begin are marked in it."""

    job: Job
    notes: tuple[str, ...]


def check_job(job: Job, stages: Sequence[Stage], ask: Ask) -> CheckedJob:
    """Look at all that the chosen items name, where a step that reads it may have to run.

    Args:
        ask: answers questions in a process of its own, with `answer_alone`.
    Raises:
        ConfigError: something can't be had or done; every such problem is told, each once.
    Cost: nothing is asked of an item that names nothing but its files.
    """
    digests = SourceDigests(job.output)
    places_by_question: dict[Question, list[tuple[str, str]]] = {}
    for item in job.chosen:
        asked = {stage.name: tuple(_ask_of(stage, item)) for stage in stages if stage.check}
        due = _find_due(job, item, stages, digests) if any(asked.values()) else ()
        for stage in due:
            for question in asked.get(stage, ()):
                places_by_question.setdefault(question, []).append((item.id, stage))
    problems: dict[str, tuple[CuecastError, list[str]]] = {}
    refused: dict[tuple[str, str], CuecastError] = {}
    notes: list[str] = []
    answers = ask(tuple(places_by_question)) if places_by_question else ()
    for (question, places), found in zip(places_by_question.items(), answers, strict=True):
        for finding in found:
            if isinstance(finding, str):
                notes.append(finding)
            elif question.fails == "item":
                refused |= dict.fromkeys(places, finding)
            else:
                _, ids = problems.setdefault(str(finding), (finding, []))
                ids += (item for item, _ in places)
    wrong = [
        *_find_unwritable(job, stages, digests),
        *(_tell_of(job, ids, error) for error, ids in problems.values()),
    ]
    if wrong:
        raise join_errors(wrong)
    return CheckedJob(replace(job, refused=refused), tuple(dict.fromkeys(notes)))


def answer_alone(questions: tuple[Question, ...]) -> tuple[tuple[Finding, ...], ...]:
    """What is found of each question, in a process that does nothing else.

    Nothing is logged or warned of: what is chosen here is chosen by the step again.
    """
    logging.captureWarnings(True)
    logging.getLogger().addHandler(logging.NullHandler())
    return answer(questions)


def answer(questions: tuple[Question, ...]) -> tuple[tuple[Finding, ...], ...]:
    """What is found of each question, by looking."""
    return tuple(tuple(_look(question)) for question in questions)


def _look(question: Question) -> Iterator[Finding]:
    try:
        yield from _resolve(question.function)(*question.arguments)
    except CuecastError as error:
        # Where it came from may hold what can't travel.
        yield error.with_traceback(None)


def _resolve(name: str) -> Callable[..., Iterable[Any]]:
    module, _, function = name.partition(":")
    return cast(Callable[..., Iterable[Any]], getattr(importlib.import_module(module), function))


def _ask_of(stage: Stage, item: Item) -> Iterable[Question]:
    return _resolve(stage.check)(item)


def _find_due(
    job: Job, item: Item, stages: Sequence[Stage], digests: SourceDigests
) -> tuple[str, ...]:
    """The stages of an item that may have to run: all but those that are done as asked.

    A source that changed, or was never read, counts as another.
    """
    redone = find_followers(stages, job.redo)
    done: set[str] = set()
    for stage in stages:
        if stage.name in redone or not done.issuperset(stage.after):
            continue
        seal = read_seal(item.folder / stage.name)
        if seal is None or seal.identity.version != stage.version:
            continue
        sources = {key: item.sources[key] for key in stage.sources if key in item.sources}
        has_same_options = seal.identity.options == stage.choose_options(item.options)
        if has_same_options and _are_same(sources, seal.identity.sources, digests):
            done.add(stage.name)
    return tuple(stage.name for stage in stages if stage.name not in done)


def _are_same(paths: Mapping[str, Path], sealed: Mapping[str, str], digests: SourceDigests) -> bool:
    try:
        return {key: digests.find(path) for key, path in paths.items()} == dict(sealed)
    except CuecastError:
        return False


def _find_unwritable(
    job: Job, stages: Sequence[Stage], digests: SourceDigests
) -> Iterator[ConfigError]:
    """Whether the output folder can't be made or written, if anything is to be written there."""
    problem = _why_unwritable(job.output)
    if problem and any(_find_due(job, item, stages, digests) for item in job.chosen):
        where = str(job.output)
        yield ConfigError(where, f"can't be written ({problem})", "choose another output folder")


def _why_unwritable(folder: Path) -> str | None:
    for path in (folder, *folder.parents):
        try:
            is_folder = path.stat() and path.is_dir()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            return error.strerror or "unreadable"
        if not is_folder:
            return "Not a directory"
        return None if os.access(path, os.W_OK | os.X_OK) else "Permission denied"
    return None


def _tell_of(job: Job, items: Sequence[str], error: CuecastError) -> ConfigError:
    """An error of the job; where it is not that of all items, theirs by name."""
    ids = list(dict.fromkeys(items))
    where = error.where
    if len(ids) < len(job.chosen):
        rest = f" and {len(ids) - MOST_ITEMS_NAMED} more" if len(ids) > MOST_ITEMS_NAMED else ""
        where = f"{', '.join(ids[:MOST_ITEMS_NAMED])}{rest}: {where}"
    return ConfigError(where, error.problem, error.remedy)
