"""Music beds under the beginning and end of a clip: WAV files, trimmed, levelled and faded.

`mastering.py` places them in the clip.
"""

import math
from pathlib import Path
from typing import Any

from pipeline.errors import MediaError
from pipeline.media.sound import SAMPLE_RATE_HZ

LONGEST_S = 15.0
"""The longest bed; it also ends at the middle of the clip."""

FADE_MS = 2_000
QUIETER_DB = 16.0
"""How far below the speech's loudness a bed is mixed in: audible, but not in its way."""

LEVEL_MS, GATE_DB = 400, 20.0
"""A bed's level is the mean of blocks this long, less those this far below the loudest."""

MAX_BYTES = 200_000_000
"""The largest bed file, about 17 minutes of 48 kHz stereo: it is read into memory whole."""


def make_bed(path: Path, longest_s: float, target_db: float, is_intro: bool, made: Path) -> float:
    """Write a bed as it is mixed in: at its level, 48 kHz stereo, faded at its inner end.

    Args:
        target_db: the loudness of the speech that it is mixed under.
        is_intro: fades out at its end; otherwise in at its beginning.
    Returns:
        Its length in seconds.
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
    """The gated level in dBFS, so that silence after a jingle doesn't lower it."""
    powers = [piece.rms**2 for piece in sound[::LEVEL_MS]]
    loudest = max(powers)
    loud = [power for power in powers if power * 10 ** (GATE_DB / 10) >= loudest]
    return 10 * math.log10(max(1, sum(loud) / len(loud)) / sound.max_possible_amplitude**2)


def _read_wav(path: Path) -> Any:
    """The sound of a WAV file; given as bytes, so that pydub doesn't call another program."""
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
    except Exception as error:  # pydub raises anything on a damaged file
        raise MediaError(str(path), "not a WAV file of samples", "convert it to WAV") from error
    if is_silent:
        raise MediaError(str(path), "silent", "give a short WAV file with sound in it")
    return sound
