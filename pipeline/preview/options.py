"""The `report:` section of a job file."""

from typing import Literal

from pipeline.records import record


@record
class ReportOptions:
    """The `report:` section: `picture` is the short side of a small copy of the video, which the
    page plays from a disk; without it the page plays the sound."""

    picture: Literal["360p", "480p", "720p"] | None = None
