"""What a job may ask of the clips."""

import re
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from pipeline.clips.times import parse_time
from pipeline.records import record

CaptionsOnClips = Literal["burned", "sidecar", "soft", "both", "none"]
Frame = Literal["source", "16:9", "9:16", "1:1"]
StyleKind = Literal["plain", "box", "karaoke", "word"]

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
QUIETEST_LUFS, LOUDEST_LUFS = -40.0, -8.0
SMALLEST, LARGEST = 0.5, 2.0
MOST_FALLBACKS = 3


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


@record
class ClipStyle:
    """How captions burned into clips look; colours are `#rrggbb`, fonts files beside the job.

    `karaoke` lights each word up while it is said; `word` shows one to three words at a time,
    large. `ground` is the colour of the outline, or of the box; `size` a share of the usual one.
    `fallback` draws what `font` lacks: other scripts, emoji.
    """

    kind: StyleKind = "plain"
    color: str = "#ffffff"
    lit: str = "#ffd54a"
    ground: str = "#000000"
    position: Literal["bottom", "middle", "top"] = "bottom"
    size: float = 1.0
    font: str | None = None
    fallback: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for color in (self.color, self.lit, self.ground):
            if not _COLOR.fullmatch(color):
                raise ValueError(f"not a colour: {color!r}; write '#rrggbb'")
        if not SMALLEST <= self.size <= LARGEST:
            raise ValueError(f"size must lie between {SMALLEST} and {LARGEST:g}")
        if len(self.fallback) > MOST_FALLBACKS:
            raise ValueError(f"fallback: {MOST_FALLBACKS} fonts at most")


def _kind_of_style(value: object) -> str:
    return "name" if isinstance(value, str) else "style"


Style = Annotated[
    Annotated[StyleKind, Tag("name")] | Annotated[ClipStyle, Tag("style")],
    Discriminator(_kind_of_style),
]
"""The name of a style, or one with figures of its own."""


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
    """The `clips:` section: which clips, in which shapes, with captions where, how they sound.

    `captions`: burned into the picture, beside it (sidecar), both, or soft: a track that players
    switch on, beside chapters; `select: whole` with soft captions copies the picture as it is.

    `fit`: a frame of another shape than the picture's shows its middle (crop), or all of it before
    itself, blurred.

    `gain`: each clip is brought to `loudness_lufs` by itself, or all by the recording's one gain.
    `intro` and `outro` are short WAV files that lie under a clip's beginning and end. `audio` makes
    a file of the sound alone as well, `preview` a small moving picture.
    """

    captions: CaptionsOnClips = "both"
    frames: Annotated[tuple[Frame, ...], Field(min_length=1)] = ("source",)
    fit: Literal["crop", "blur"] = "crop"
    style: Style = "plain"
    select: Select = "topics"
    gain: Literal["clip", "recording"] = "clip"
    loudness_lufs: float = -16.0
    intro: str | None = None
    outro: str | None = None
    audio: Literal["none", "m4a", "mp3"] = "none"
    preview: Literal["none", "gif", "webp"] = "none"
    encoder: Literal["auto", "x264", "nvenc"] = "auto"

    def __post_init__(self) -> None:
        if len(set(self.frames)) < len(self.frames):
            raise ValueError("a frame is asked for twice")
        if not QUIETEST_LUFS <= self.loudness_lufs <= LOUDEST_LUFS:
            raise ValueError(
                f"loudness_lufs must lie between {QUIETEST_LUFS:g} and {LOUDEST_LUFS:g}"
            )

    @property
    def look(self) -> ClipStyle:
        """The style, its name spelt out."""
        return ClipStyle(kind=self.style) if isinstance(self.style, str) else self.style
