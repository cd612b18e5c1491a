"""Checks of a job before anything runs, the same for `plan` and `run`.

A stage's `check` yields the questions; they are answered in a child process, since native code is
involved.
"""

import importlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

from pipeline.errors import ConfigError, CuecastError, join_errors
from pipeline.job.executors.process import call_in_child
from pipeline.job.select import find_followers
from pipeline.job.sources import SourceDigests
from pipeline.job.stage import Item, Job, Stage, choose_stages
from pipeline.job.store import read_seal

MOST_ITEMS_NAMED = 3
"""An error names this many of the items that share it, and counts the rest."""

IMPORT_TIMEOUT_S = 120.0
"""Time for the child process to import what the questions need, on a busy machine."""
LOOK_TIMEOUT_S = 5.0
"""Time for each question: a recording's first frames may lie on a slow disk."""


@dataclass(frozen=True, slots=True)
class Question:
    """One check to make before anything runs; equal questions are asked once.

    Args:
        function: "module:function"; yields its findings: errors, or notes about what the run will
            do that the user may not expect. A CuecastError that it raises is a finding too.
        arguments: hashable and picklable.
        fails: what an error stops: the whole job, or the item alone.
    """

    function: str
    arguments: tuple[Any, ...]
    fails: Literal["job", "item"] = "job"


Finding = CuecastError | str
Ask = Callable[[tuple[Question, ...]], Sequence[Sequence[Finding]]]


@dataclass(frozen=True, slots=True)
class CheckedJob:
    """A job that may run; items that can't are marked in `job.refused`."""

    job: Job
    notes: tuple[str, ...]


def ask_in_child(questions: tuple[Question, ...]) -> tuple[Sequence[Finding], ...]:
    """Answer questions in a child process; if it crashes, bisect to find the question at fault."""
    timeout_s = IMPORT_TIMEOUT_S + LOOK_TIMEOUT_S * len(questions)
    try:
        return tuple(call_in_child(f"{__name__}:answer_alone", questions, timeout_s=timeout_s))
    except CuecastError as error:
        if len(questions) == 1:
            return ((error,),)
    half = len(questions) // 2
    return (*ask_in_child(questions[:half]), *ask_in_child(questions[half:]))


def check_job(job: Job, stages: Sequence[Stage], ask: Ask = ask_in_child) -> CheckedJob:
    """Ask the questions of every stage of the chosen items that may have to run.

    Raises:
        ConfigError: what the job needs is missing or impossible; lists every problem once.
    Cost: nothing for an item whose stages have no questions.
    """
    digests = SourceDigests(job.output)
    places_by_question: dict[Question, list[tuple[str, str]]] = {}
    for item in job.chosen:
        checked = (stage for stage in choose_stages(stages, item) if stage.check)
        asked = {stage.name: tuple(_ask_of(stage, item)) for stage in checked}
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
    """Answer questions, in a child process of its own.

    Nothing is logged: the step will make the same choices and log them.
    """
    logging.captureWarnings(True)
    logging.getLogger().addHandler(logging.NullHandler())
    return answer(questions)


def answer(questions: tuple[Question, ...]) -> tuple[tuple[Finding, ...], ...]:
    """The findings of each question."""
    return tuple(tuple(_look(question)) for question in questions)


def _look(question: Question) -> Iterator[Finding]:
    try:
        yield from _resolve(question.function)(*question.arguments)
    except CuecastError as error:
        # A traceback may hold objects that can't be pickled.
        yield error.with_traceback(None)


def _resolve(name: str) -> Callable[..., Iterable[Any]]:
    module, _, function = name.partition(":")
    return cast(Callable[..., Iterable[Any]], getattr(importlib.import_module(module), function))


def _ask_of(stage: Stage, item: Item) -> Iterable[Question]:
    return _resolve(stage.check)(item)


def _find_due(
    job: Job, item: Item, stages: Sequence[Stage], digests: SourceDigests
) -> tuple[str, ...]:
    """The stages of an item that may have to run: all but those sealed with the same inputs.

    A source that changed, or has no digest yet, counts as different.
    """
    stages = choose_stages(stages, item)
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
    """An error if the output folder can't be made or written and a stage has to run."""
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
    """The error for the job; if it concerns only some of its items, they are named."""
    ids = list(dict.fromkeys(items))
    where = error.where
    if len(ids) < len(job.chosen):
        rest = f" and {len(ids) - MOST_ITEMS_NAMED} more" if len(ids) > MOST_ITEMS_NAMED else ""
        where = f"{', '.join(ids[:MOST_ITEMS_NAMED])}{rest}: {where}"
    return ConfigError(where, error.problem, error.remedy)
