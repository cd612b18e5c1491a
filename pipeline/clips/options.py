"""What a job may ask of the clips."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from pipeline.clips.times import parse_time
from pipeline.records import record

CaptionsOnClips = Literal["burned", "sidecar", "both", "none"]
Frame = Literal["source", "16:9", "9:16", "1:1"]


@record
class ClipRequest:
    """One clip asked for: by its times, or by quotes from its first and last words.

    Times are seconds or "[hours:]minutes:seconds[.fraction]"; quotes are matched loosely.
    """

    title: str
    start: str | float | None = None
    end: str | float | None = None
    first_quote: Annotated[str | None, Field(alias="from")] = None
    last_quote: Annotated[str | None, Field(alias="to")] = None

    def __post_init__(self) -> None:
        by_times = (self.start, self.end)
        by_quotes = (self.first_quote, self.last_quote)
        n_given = sum(None not in pair for pair in (by_times, by_quotes))
        if n_given != 1 or sum(value is not None for value in by_times + by_quotes) != 2:
            raise ValueError(f"clip {self.title!r} needs start and end, or from and to")
        times_ms = [parse_time(time) for time in by_times if time is not None]
        if times_ms and times_ms[1] <= times_ms[0]:
            raise ValueError(f"clip {self.title!r} must end after it starts")
        for quote in by_quotes:
            if quote is not None and not any(character.isalnum() for character in quote):
                raise ValueError(f"clip {self.title!r} has a quote without words")


def _kind_of_select(value: object) -> str:
    return "name" if isinstance(value, str) else "clips"


Select = Annotated[
    Annotated[Literal["topics", "whole", "none"], Tag("name")]
    | Annotated[tuple[ClipRequest, ...], Tag("clips")],
    Discriminator(_kind_of_select),
]
"""A word for a clip a topic, the whole or nothing, or the clips themselves. Told apart first, so
that what is wrong with one is said of that one."""


@record
class ClipOptions:
    """The `clips:` section: which clips, in which shapes, with captions where."""

    captions: CaptionsOnClips = "both"
    frames: Annotated[tuple[Frame, ...], Field(min_length=1)] = ("source",)
    select: Select = "topics"

    def __post_init__(self) -> None:
        if len(set(self.frames)) < len(self.frames):
            raise ValueError("a frame is asked for twice")
