"""Checks a job before anything runs, in a child process: for `plan` and all commands that run."""

from collections.abc import Sequence

from pipeline.cli.child import call_in_child
from pipeline.errors import CuecastError
from pipeline.job.preflight import CheckedJob, Finding, Question, check_job
from pipeline.job.stage import Job, Stage

ANSWER = "pipeline.job.preflight:answer_alone"
START_TIMEOUT_S = 120.0
"""Time for the child process to start and import, on a busy machine."""
LOOK_TIMEOUT_S = 5.0
"""Time for each question: a recording's first frames may lie on a slow disk."""


def check_before_running(job: Job, stages: Sequence[Stage]) -> CheckedJob:
    """The checked job, with items that can't run marked.

    Raises:
        ConfigError: something that the job needs is missing or impossible.
    """
    return check_job(job, stages, _ask)


def _ask(questions: tuple[Question, ...]) -> tuple[Sequence[Finding], ...]:
    """Answer questions in a child process; if it crashes, bisect to find the question at fault."""
    timeout_s = START_TIMEOUT_S + LOOK_TIMEOUT_S * len(questions)
    try:
        return tuple(call_in_child(ANSWER, questions, timeout_s=timeout_s))
    except CuecastError as error:
        if len(questions) == 1:
            return ((error,),)
    half = len(questions) // 2
    return (*_ask(questions[:half]), *_ask(questions[half:]))
