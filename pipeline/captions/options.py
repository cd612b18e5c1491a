"""What a job may ask of the captions."""

from typing import Literal

from pipeline.captions.profile import OwnProfile, ProfileName
from pipeline.records import record

TextFormat = Literal["vtt", "srt", "words", "ass", "txt", "json", "podcast"]
"""A row of `formats.FORMATS` each: one file."""

CaptionFormat = Literal[TextFormat, "hls"]
"""`hls` is a folder: segments and their playlist."""


@record
class CaptionOptions:
    """The `captions:` section: whose rules the cues obey, and which files are written.

    `profile` is a name, or a mapping with a `base` and the figures that differ from it; a standard
    has other figures for other languages, which are those of the item's.

    For those who can't hear: sounds stand in brackets, unless `sounds` is off; `names` are `tagged`
    (a WebVTT voice, an ASS name: players may show them), `shown` in brackets too where the speaker
    changes, or `none`.

    `breaks: keep` leaves the cues of a text that is WebVTT or SubRip as they are, breaks, tags and
    all, and only times them anew; what is not said in the recording goes.
    """

    profile: ProfileName | OwnProfile = "netflix-en"
    formats: tuple[CaptionFormat, ...] = ("vtt", "srt")
    breaks: Literal["auto", "keep"] = "auto"
    sounds: bool = True
    names: Literal["tagged", "shown", "none"] = "tagged"
