"""What a job may ask of the clips.

What one clip may be asked for by is `requests.py`'s.
"""

from typing import Annotated, Literal

from pydantic import Field

from pipeline.clips.requests import Seconds, Select, check_lengths
from pipeline.records import record

CaptionsOnClips = Literal["burned", "sidecar", "both", "none"]
Frame = Literal["source", "16:9", "9:16", "1:1"]


@record
class ClipOptions:
    """The `clips:` section: which clips, in which shapes, with captions where.

    `min_s` and `max_s` hold for clips that are chosen, not given: a topic that is shorter is left
    out, of one that is longer its beginning is taken.
    """

    captions: CaptionsOnClips = "both"
    frames: Annotated[tuple[Frame, ...], Field(min_length=1)] = ("source",)
    select: Select = "topics"
    min_s: Seconds | None = None
    max_s: Seconds | None = None

    def __post_init__(self) -> None:
        if len(set(self.frames)) < len(self.frames):
            raise ValueError("a frame is asked for twice")
        check_lengths(self.min_s, self.max_s)
