"""What a job may ask of the captions."""

from typing import Literal

from pipeline.captions.profile import OwnProfile, ProfileName
from pipeline.records import record

CaptionFormat = Literal["vtt", "srt", "words", "podcast"]
"""A row of `formats.FORMATS` each."""


@record
class CaptionOptions:
    """The `captions:` section: whose rules the cues obey, and which files are written.

    `profile` is a name, or a mapping with a `base` and the figures that differ from it.

    `breaks: keep` leaves the cues of a text that is WebVTT or SubRip as they are, breaks, tags and
    all, and only times them anew; what is not said in the recording goes.
    """

    profile: ProfileName | OwnProfile = "netflix-en"
    formats: tuple[CaptionFormat, ...] = ("vtt", "srt")
    breaks: Literal["auto", "keep"] = "auto"
