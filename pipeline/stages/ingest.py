"""Stage ingest: a recording to audio.wav and media.json.

Decoding is in `pipeline/media/`.
"""

import logging

from pipeline.job.context import StepContext
from pipeline.media.decode import ingest_media
from pipeline.media.options import AudioOptions

log = logging.getLogger(__name__)


def run(context: StepContext) -> None:
    """Decode the chosen sound, and write the properties of the recording."""
    options = context.option("audio", AudioOptions)
    wav = context.path("audio.wav")
    media = ingest_media(context.source("media"), options, wav, context.progress)
    context.save("media.json", media)
    picture = f"{media.video.width_px} × {media.video.height_px}" if media.video else "no picture"
    log.info(
        "%s: %.1f s, sound from %s ms, %s LUFS, %s",
        media.name, media.duration_ms / 1000, media.sound_start_ms, media.loudness_lufs, picture,
    )  # fmt: skip
