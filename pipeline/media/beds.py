"""Music under the beginning and the end of a clip: short WAV files, brought to length and level.

Where it lies in the clip is `mastering.py`'s matter.
"""

import math
from pathlib import Path
from typing import Any

from pipeline.errors import MediaError
from pipeline.media.sound import SAMPLE_RATE_HZ

LONGEST_S = 15.0
"""A bed goes on no longer than this, and no further than the middle of the clip."""

FADE_MS = 2_000
QUIETER_DB = 16.0
"""How far under the speech a bed lies: heard, and never in the way."""

LEVEL_MS, GATE_DB = 400, 20.0
"""A bed's level is measured over so long, and where it is so far under its loudest not at all."""

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
    sound = sound.apply_gain(target_db - QUIETER_DB - _measure_db(sound))
    fade_ms = max(1, min(FADE_MS, length_ms // 2))
    sound = sound.fade_out(fade_ms) if is_intro else sound.fade_in(fade_ms)
    sound.export(str(made), format="wav").close()
    return len(sound) / 1000


def _measure_db(sound: Any) -> float:
    """The level of where it sounds: a jingle before silence is no quieter than one without."""
    powers = [piece.rms**2 for piece in sound[::LEVEL_MS]]
    loudest = max(powers)
    loud = [power for power in powers if power * 10 ** (GATE_DB / 10) >= loudest]
    return 10 * math.log10(max(1, sum(loud) / len(loud)) / sound.max_possible_amplitude**2)


def _read_wav(path: Path) -> Any:
    """The sound; given as bytes, pydub never looks for another program to read it with."""
    from pydub import AudioSegment

    try:
        if path.stat().st_size > MAX_BYTES:
            raise MediaError(str(path), "too large to lie under a clip", "give a short WAV file")
        sound = AudioSegment(data=path.read_bytes())
        is_silent = sound.max == 0 or not len(sound)
        sound = sound.set_frame_rate(SAMPLE_RATE_HZ).set_channels(2)
    except OSError as error:
        problem = error.strerror or "unreadable"
        raise MediaError(str(path), problem, "check the path") from error
    except MediaError:
        raise
    except Exception as error:  # in a damaged file pydub stumbles in any way
        raise MediaError(str(path), "not a WAV file of samples", "convert it to WAV") from error
    if is_silent:
        raise MediaError(str(path), "silent", "give a short WAV file with sound in it")
    return sound
