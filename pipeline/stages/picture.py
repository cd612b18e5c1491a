"""Stage picture: a small copy of the video, which the page plays.

It is rendered in `pipeline/media/small_copy.py`.
"""

import logging

from pipeline.job.context import StepContext
from pipeline.media.small_copy import render_small_copy
from pipeline.preview.options import ReportOptions
from pipeline.records import Media

log = logging.getLogger(__name__)

PICTURE_NAME = "picture.mp4"


def run(context: StepContext) -> None:
    """Write picture.mp4; of a recording without video nothing, and a note."""
    media = context.load("ingest", "media.json", Media)
    height = context.option("report", ReportOptions).picture
    assert height is not None  # or the item has no such stage
    if media.video is None:
        log.warning("%s: report.picture is ignored: the recording is sound only", context.item)
        return
    made = context.path(PICTURE_NAME)
    side_px = int(height.removesuffix("p"))
    render_small_copy(context.source("media"), media, side_px, made, context.progress)
    log.info("%s bytes", made.stat().st_size)
