"""What a job may ask of the clips.

What one clip may be asked for by is `requests.py`'s.
"""

import re
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from pipeline.clips.requests import Seconds, Select, check_lengths
from pipeline.records import record

CaptionsOnClips = Literal["burned", "sidecar", "soft", "both", "none"]
Frame = Literal["source", "16:9", "9:16", "1:1"]
StyleKind = Literal["plain", "box", "karaoke", "word"]

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
QUIETEST_LUFS, LOUDEST_LUFS = -40.0, -8.0
SMALLEST, LARGEST = 0.5, 2.0
MOST_FALLBACKS = 3


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

    `min_s` and `max_s` hold for clips that are chosen, not given: a topic that is shorter is left
    out, of one that is longer its beginning is taken.
    """

    captions: CaptionsOnClips = "both"
    frames: Annotated[tuple[Frame, ...], Field(min_length=1)] = ("source",)
    fit: Literal["crop", "blur"] = "crop"
    style: Style = "plain"
    select: Select = "topics"
    min_s: Seconds | None = None
    max_s: Seconds | None = None
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
        check_lengths(self.min_s, self.max_s)
        if not QUIETEST_LUFS <= self.loudness_lufs <= LOUDEST_LUFS:
            raise ValueError(
                f"loudness_lufs must lie between {QUIETEST_LUFS:g} and {LOUDEST_LUFS:g}"
            )

    @property
    def look(self) -> ClipStyle:
        """The style, its name spelt out."""
        return ClipStyle(kind=self.style) if isinstance(self.style, str) else self.style
