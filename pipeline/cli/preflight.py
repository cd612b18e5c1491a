"""Looks at what a job names before anything runs: for `plan`, and for all that run one, alike."""

from collections.abc import Sequence

from pipeline.cli.child import call_in_child
from pipeline.errors import CuecastError
from pipeline.job.preflight import CheckedJob, Finding, Question, check_job
from pipeline.job.stage import Job, Stage

ANSWER = "pipeline.job.preflight:answer_alone"
START_TIMEOUT_S = 120.0
"""For a process to start and import what it looks with, on a busy machine."""
LOOK_TIMEOUT_S = 5.0
"""For each thing looked at: a recording's first frames may lie on a slow disk."""


def check_before_running(job: Job, stages: Sequence[Stage]) -> CheckedJob:
    """The job, with what is known of it before anything runs.

    Raises:
        ConfigError: something that it names can't be had.
    """
    return check_job(job, stages, _ask)


def _ask(questions: tuple[Question, ...]) -> tuple[Sequence[Finding], ...]:
    """Have questions answered in a child process; what makes it crash is found by halves."""
    timeout_s = START_TIMEOUT_S + LOOK_TIMEOUT_S * len(questions)
    try:
        return tuple(call_in_child(ANSWER, questions, timeout_s=timeout_s))
    except CuecastError as error:
        if len(questions) == 1:
            return ((error,),)
    half = len(questions) // 2
    return (*_ask(questions[:half]), *_ask(questions[half:]))
