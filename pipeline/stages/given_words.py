"""Stage align of an item whose words are given with their times: they are taken as they are.

The library uses it in place of the table's row. It reads a file in words.json's own format.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.codec import read_record
from pipeline.job.context import StepContext
from pipeline.job.stage import Stage
from pipeline.records import TimedText

WORDS = "words"
"""The key of the item's source file with its words."""

_RECOGNITION = ("transcribe", "translate")


def replace_alignment(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """The table of stages with the words given: nothing is recognised, aligned or translated."""
    given = Stage("align", ("ingest",), (), f"{__name__}:run", version=1, sources=(WORDS,))
    left = (stage for stage in stages if stage.name not in _RECOGNITION)
    return tuple(
        given
        if stage.name == given.name
        else replace(stage, after=tuple(name for name in stage.after if name not in _RECOGNITION))
        for stage in left
    )


def run(context: StepContext) -> None:
    """Write words.json."""
    context.save("words.json", read_record(context.source(WORDS), TimedText))
