"""The `captions:` section of a job file."""

from typing import TYPE_CHECKING, Literal

from pipeline.captions.formats import FORMATS
from pipeline.captions.profile import OwnProfile, ProfileName
from pipeline.records import record

if TYPE_CHECKING:
    CaptionFormat = str
else:
    CaptionFormat = Literal[(*FORMATS, "hls")]
    """`hls` writes a folder: WebVTT segments and their playlist."""


@record
class CaptionOptions:
    """The `captions:` section: which profile the cues keep, and which files are written.

    `profile` is a name, or a mapping with a `base` and the figures that differ from it; those of
    the item's language are used.

    `sounds`: whether sounds stand in brackets. `names` of speakers are `tagged` (a WebVTT voice, an
    ASS name, which players may show), `shown` in brackets where the speaker changes, or `none`.

    `breaks: keep` retimes the cues of a WebVTT or SubRip text and leaves their breaks and tags as
    they are; cues that are not spoken in the recording are left out.
    """

    profile: ProfileName | OwnProfile = "netflix-en"
    formats: tuple[CaptionFormat, ...] = ("vtt", "srt")
    breaks: Literal["auto", "keep"] = "auto"
    sounds: bool = True
    names: Literal["tagged", "shown", "none"] = "tagged"
