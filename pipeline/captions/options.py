"""What a job may ask of the captions."""

from typing import Literal

from pipeline.records import record

CaptionFormat = Literal["vtt", "srt", "words", "podcast"]
"""A row of `formats.FORMATS` each."""


@record
class CaptionOptions:
    """The `captions:` section: whose rules the cues obey, and which files are written."""

    profile: Literal["netflix-en"] = "netflix-en"
    formats: tuple[CaptionFormat, ...] = ("vtt", "srt")
