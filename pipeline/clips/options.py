"""The `clips:` section of a job file.

The forms of one request are in `requests.py`.
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
    """How captions burned into clips look; colours are `#rrggbb`, fonts are files beside the job.

    `karaoke` lights each word up while it is spoken; `word` shows one to three large words at a
    time. `ground` is the colour of the outline, or of the box; `size` a factor of the usual size.
    `fallback` fonts draw what `font` lacks: other scripts, emoji.
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


Style = Annotated[
    Annotated[StyleKind, Tag("name")] | Annotated[ClipStyle, Tag("style")],
    Discriminator(lambda value: "name" if isinstance(value, str) else "style"),
]
"""The name of a style, or a mapping that sets its figures."""


@record
class ClipOptions:
    """The `clips:` section: which clips, in which frames, with which captions and loudness.

    `captions`: burned into the picture, in a file beside it (sidecar), both, or soft: a track that
    players switch on, with chapters; `select: whole` with soft captions copies the picture.

    `fit`: a frame whose shape differs from the picture's shows its middle (crop), or all of it over
    a blurred copy (blur).

    `gain`: each clip is brought to `loudness_lufs` by itself, or all by the recording's one gain.
    `intro` and `outro` are short WAV files mixed under a clip's beginning and end. `audio` also
    makes a file of the sound alone, `preview` a small animated picture.

    `min_s` and `max_s` apply to clips that are chosen, not given: a shorter topic is left out, a
    longer one is cut after its beginning.
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
        """The style as a record, if only its name is given."""
        return ClipStyle(kind=self.style) if isinstance(self.style, str) else self.style
