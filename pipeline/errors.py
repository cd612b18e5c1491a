"""All exceptions that cuecast raises; no other module defines one.

CuecastError
├── ConfigError      the job file or the command line is wrong: nothing was run (exit code 2)
├── MediaError       a recording or its text is missing, empty, unreadable or without sound
├── EngineError      an engine or its model is missing, or failed on this input
├── AlignmentError   text and audio could not be brought together
└── StepError        a step crashed, ran out of time or was interrupted

A message reads "where: what is wrong; what to do".
"""

import difflib
import unicodedata
from collections.abc import Sequence

_NOT_SHOWN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories that are escaped: controls, surrogates, line and paragraph separators."""

MOST_NAMED = 12
"""The most names that a message lists."""


class CuecastError(Exception):
    """An error a person can act on.

    All three parts travel in `args`, so that the exception survives pickling between processes.
    """

    def __init__(self, where: str, problem: str, remedy: str) -> None:
        super().__init__(where, problem, remedy)
        self.where = to_printable(where)
        self.problem = to_printable(problem)
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}; {self.remedy}"

    @property
    def each(self) -> "tuple[CuecastError, ...]":
        """This error, and others that were found with it."""
        return (self,)


class ConfigError(CuecastError):
    """The job file or the command line is wrong; nothing was run.

    `others`: further errors, a line each, so that all can be corrected at once.
    """

    def __init__(
        self, where: str, problem: str, remedy: str, others: tuple[CuecastError, ...] = ()
    ) -> None:
        super().__init__(where, problem, remedy)
        self.args = (where, problem, remedy, others)
        self.others = others

    @property
    def each(self) -> tuple[CuecastError, ...]:
        return (ConfigError(self.where, self.problem, self.remedy), *self.others)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *map(str, self.others)])


class MediaError(CuecastError):
    """A recording or its text is missing, empty, unreadable or without sound."""


class EngineError(CuecastError):
    """An engine or its model is missing, or failed on this input."""


class AlignmentError(CuecastError):
    """Text and audio could not be brought together."""


class StepError(CuecastError):
    """A step crashed, ran out of time or was interrupted."""


def join_errors(errors: Sequence[CuecastError]) -> ConfigError:
    """One or more errors as a single one that reports them all; nothing was run."""
    first, *others = (one for error in errors for one in error.each)
    return ConfigError(first.where, first.problem, first.remedy, tuple(others))


def did_you_mean(name: str, known: Sequence[str], kind: str) -> str:
    """Remedy for an unknown name: the known name closest to it, else all known names."""
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"did you mean {close[0]}?"
    rest = ", …" if len(known) > MOST_NAMED else ""
    return f"the {kind} are {', '.join(known[:MOST_NAMED])}{rest}"


def to_printable(text: str) -> str:
    r"""The text as one line that can be printed anywhere; nothing else of it changes.

    A byte of a file name that is not UTF-8 becomes `\xff`, a line break `\n`.
    """
    return "".join(
        _escape(char) if unicodedata.category(char) in _NOT_SHOWN else char for char in text
    )


def _escape(char: str) -> str:
    # PEP 383: Python represents undecodable bytes as U+DC80 to U+DCFF.
    is_byte = "\udc80" <= char <= "\udcff"
    return f"\\x{ord(char) - 0xDC00:02x}" if is_byte else ascii(char)[1:-1]
