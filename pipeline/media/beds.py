"""Music under the beginning and the end of a clip: short WAV files, brought to length and level.

Where it lies in the clip is `mastering.py`'s matter.
"""

import struct
from pathlib import Path
from typing import Any

from pipeline.errors import MediaError
from pipeline.media.sound import SAMPLE_RATE_HZ

LONGEST_S = 15.0
"""A bed goes on no longer than this, and no further than the middle of the clip."""

FADE_MS = 2_000
QUIETER_DB = 16.0
"""How far under the speech a bed lies: heard, and never in the way."""

MAX_BYTES = 200_000_000
"""A quarter of an hour in stereo: more is no bed, and all of it is read into memory."""


def make_bed(path: Path, longest_s: float, target_db: float, is_intro: bool, made: Path) -> float:
    """Write a bed as it is to be mixed in: at its level, 48 kHz, its inner end faded.

    Args:
        target_db: the level of the speech that it lies under.
        is_intro: fades out at its end; otherwise in at its beginning.
    Returns:
        How long it is, in seconds.
    Raises:
        MediaError: missing, silent, too large, or not a WAV file.
    """
    sound = _read_wav(path)
    length_ms = round(min(longest_s, LONGEST_S, len(sound) / 1000) * 1000)
    sound = sound[:length_ms] if is_intro else sound[-length_ms:]
    sound = sound.apply_gain(target_db - QUIETER_DB - sound.dBFS)
    fade_ms = min(FADE_MS, length_ms // 2)
    sound = sound.fade_out(fade_ms) if is_intro else sound.fade_in(fade_ms)
    sound.set_frame_rate(SAMPLE_RATE_HZ).set_channels(2).export(str(made), format="wav").close()
    return len(sound) / 1000


def _read_wav(path: Path) -> Any:
    """The sound; given as bytes, pydub never looks for another program to read it with."""
    from pydub import AudioSegment
    from pydub.exceptions import CouldntDecodeError

    try:
        if path.stat().st_size > MAX_BYTES:
            raise MediaError(str(path), "too large to lie under a clip", "give a short WAV file")
        sound = AudioSegment(data=path.read_bytes())
    except OSError as error:
        problem = error.strerror or "unreadable"
        raise MediaError(str(path), problem, "check the path") from error
    except (CouldntDecodeError, struct.error, ValueError, KeyError) as error:
        raise MediaError(str(path), "not a WAV file of samples", "convert it to WAV") from error
    if sound.max == 0:
        raise MediaError(str(path), "silent", "give a short WAV file with sound in it")
    return sound
