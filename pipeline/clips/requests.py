"""One entry of `clips: {select: …}`, validated when made.

What it asks for is found in `select.py`.
"""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from pipeline.records import record
from pipeline.text.times import parse_time

Expand = Literal["none", "sentence", "answer"]

Seconds = Annotated[float, Field(gt=0, le=10_000_000)]
"""Up to 115 days, longer than any recording."""


def check_lengths(min_s: float | None, max_s: float | None) -> None:
    """Raise ValueError if no clip can have both lengths."""
    if min_s is not None and max_s is not None and min_s >= max_s:
        raise ValueError(f"min_s {min_s:g} leaves no room below max_s {max_s:g}")


@record
class ClipRequest:
    """A clip asked for by times, quotes or a query; or several highlights.

    Times are seconds or "[hours:]minutes:seconds[.fraction]". `from` and `to` are quotes, matched
    loosely; `query` is words that the clip is about; both may be limited to one `speaker`.
    `highlights` is the number of best passages to find.

    `expand` widens the clip to whole sentences (the default, except with times), or to the question
    and the whole answer; `none` cuts exactly at the quotes. `min_s` and `max_s` apply to clips
    whose length is not given by times or two quotes.
    """

    title: str | None = None
    start: str | float | None = None
    end: str | float | None = None
    first_quote: Annotated[str | None, Field(alias="from")] = None
    last_quote: Annotated[str | None, Field(alias="to")] = None
    query: str | None = None
    highlights: Annotated[int, Field(ge=1, le=50)] | None = None
    speaker: str | None = None
    expand: Expand | None = None
    min_s: Seconds | None = None
    max_s: Seconds | None = None

    def __post_init__(self) -> None:
        what = f"clip {self.title!r}" if self.title is not None else "a clip"
        self._check_kind(what)
        times_ms = [parse_time(time) for time in (self.start, self.end) if time is not None]
        if times_ms and times_ms[1] <= times_ms[0]:
            raise ValueError(f"{what} must end after it starts")
        for quote in (self.first_quote, self.last_quote, self.query):
            if quote is not None and not any(character.isalnum() for character in quote):
                raise ValueError(f"{what} has a quote without words")
        if times_ms and self.speaker is not None:
            raise ValueError(f"{what} has times and a speaker: give only one of them")
        if self.highlights is not None and (self.title is not None or self.expand is not None):
            raise ValueError("highlights take no title and no expand: both come from the text")
        check_lengths(self.min_s, self.max_s)

    def _check_kind(self, what: str) -> None:
        """Check that the clip is given in exactly one way, and has a title if none can be made."""
        has_times = self.start is not None or self.end is not None
        has_quotes = self.first_quote is not None or self.last_quote is not None
        ways = (has_times, has_quotes, self.query is not None, self.highlights is not None)
        both = self.first_quote is not None and self.last_quote is not None
        is_whole = (
            (not has_times or None not in (self.start, self.end))
            and (not has_quotes or both or (self.first_quote is not None and self.is_answer))
        )  # fmt: skip
        if sum(ways) != 1 or not is_whole:
            raise ValueError(
                f"{what} needs start and end, or from and to (with expand: answer, from alone),"
                " or query, or highlights"
            )
        if self.title is None and (has_times or has_quotes):
            raise ValueError(f"{what} needs a title")

    @property
    def is_answer(self) -> bool:
        """Whether the question and the whole answer are asked for."""
        return self.expand == "answer"


Select = Annotated[
    Annotated[Literal["topics", "highlights", "whole", "none"], Tag("name")]
    | Annotated[tuple[ClipRequest, ...], Tag("clips")],
    Discriminator(lambda value: "name" if isinstance(value, str) else "clips"),
]
"""Clips by topic, highlights, the whole recording, none, or a list of requests. The discriminator
keeps pydantic's errors to the form that was used."""
