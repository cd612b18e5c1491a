"""How loud a recording is from moment to moment: where it sounds like speech, where there is none.

What loud is, the recording's own speech says; nothing here knows words or models.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.power import measure_power
from pipeline.records import Stretch

FRAME_MS = 10
BELOW_SPEECH_DB = 15.0
"""Speech is no softer than this below its own median."""
ABOVE_BACKGROUND_DB = 6.0
"""And no nearer to the softest tenth of the recording."""
SILENCE_BELOW_SPEECH_DB = 35.0
"""What is softer was not said."""
PAUSE_BELOW_SPEECH_DB = 30.0
LEAST_PAUSE_BELOW_SPEECH_DB = 20.0
"""A pause between words is so soft, or no louder than the background if that is no louder yet."""
SHORTEST_PAUSE_MS = 100
"""Inside a word, where a stop is closed, it is silent for less."""
LONGEST_TAIL_MS = 80
SHORTEST_MS = 1_000
"""Unheard sound that is shorter is a breath or a laugh, or belongs to the words beside it."""
LOUD_SHARE = 0.4
MOVES_BY_DB = 4.0
"""Standard deviation of its level: speech moves by 8 and more, hum and noise by less than 2."""
MARGIN_MS = 150
"""Left to the words on both sides, whose times are rough."""

_FLOOR_DB = -96.0
_FRAME_SAMPLES = SAMPLE_RATE_HZ * FRAME_MS // 1000


class Loudness:
    """Levels every 10 ms, in dB of full scale, and what the recording's speech is like."""

    def __init__(self, samples: Samples, speech: Sequence[Stretch]) -> None:
        self._levels = _measure(samples)
        spoken = [self._of(stretch) for stretch in speech]
        in_speech = np.concatenate(spoken) if spoken else self._levels
        sounding = in_speech[in_speech > _FLOOR_DB]
        self._speech_db = float(np.median(sounding)) if len(sounding) else 0.0
        background = float(np.percentile(self._levels, 10)) if len(self._levels) else _FLOOR_DB
        over_background_db = background + ABOVE_BACKGROUND_DB
        self._loud_db = max(self._speech_db - BELOW_SPEECH_DB, over_background_db)
        self._silent_db = self._speech_db - SILENCE_BELOW_SPEECH_DB
        self._pause_db = min(
            max(self._speech_db - PAUSE_BELOW_SPEECH_DB, over_background_db),
            self._speech_db - LEAST_PAUSE_BELOW_SPEECH_DB,
        )

    def is_silent(self, stretch: Stretch) -> bool:
        """Whether nothing can have been said in it."""
        levels = self._of(stretch)
        return not len(levels) or float(levels.max()) < self._silent_db

    def trim(self, stretch: Stretch) -> Stretch:
        """A word without the pause before it and behind it; all of it if nothing sounds.

        What sounds before the pause, and shortly, is the end of the word before.
        """
        sounding = np.flatnonzero(self._of(stretch) >= self._pause_db)
        if not len(sounding):
            return stretch
        first = int(sounding[0])
        for last, next_one in pairwise(sounding.tolist()):
            if (last + 1 - first) * FRAME_MS > LONGEST_TAIL_MS:
                break
            if (next_one - last - 1) * FRAME_MS >= SHORTEST_PAUSE_MS:
                first = next_one
        from_ms = stretch.start_ms // FRAME_MS * FRAME_MS
        start_ms = max(stretch.start_ms, from_ms + FRAME_MS * first)
        return Stretch(start_ms, min(stretch.end_ms, from_ms + FRAME_MS * int(sounding[-1] + 1)))

    def find_unheard(self, words: Sequence[Stretch]) -> tuple[Stretch, ...]:
        """Where there is sound like speech, and none of the words, which are in order of time."""
        return tuple(
            Stretch(
                max(gap.start_ms, loud.start_ms - MARGIN_MS),
                min(gap.end_ms, loud.end_ms + MARGIN_MS),
            )
            for gap in self._find_gaps(words)
            for loud in self._trim(gap)
            if self._is_like_speech(loud)
        )

    def find_sounding(self, stretch: Stretch) -> npt.NDArray[np.bool_]:
        """Which of its frames are no pause: (n_frames,), 10 ms each."""
        sounding: npt.NDArray[np.bool_] = self._of(stretch) >= self._pause_db
        return sounding

    def find_quietest(self, stretch: Stretch) -> int:
        """The quietest moment (ms) in the middle half of a stretch: where to cut it."""
        quarter_ms = (stretch.end_ms - stretch.start_ms) // 4
        start_ms = stretch.start_ms + quarter_ms
        levels = self._of(Stretch(start_ms, max(start_ms + 1, stretch.end_ms - quarter_ms)))
        if not len(levels):
            return (stretch.start_ms + stretch.end_ms) // 2
        return start_ms + FRAME_MS * int(np.argmin(levels))

    def _of(self, stretch: Stretch) -> npt.NDArray[np.float32]:
        return self._levels[stretch.start_ms // FRAME_MS : -(-stretch.end_ms // FRAME_MS)]

    def _find_gaps(self, words: Sequence[Stretch]) -> Iterator[Stretch]:
        end_ms = len(self._levels) * FRAME_MS
        before_ms = 0
        for start_ms, next_ms in [*((word.start_ms, word.end_ms) for word in words), (end_ms, 0)]:
            first_ms = before_ms + MARGIN_MS if before_ms else 0
            last_ms = start_ms - MARGIN_MS if start_ms < end_ms else end_ms
            if last_ms - first_ms >= SHORTEST_MS:
                yield Stretch(first_ms, last_ms)
            before_ms = max(before_ms, next_ms)

    def _trim(self, gap: Stretch) -> Iterator[Stretch]:
        """From the first loud moment to the last, if that is not too short."""
        loud = np.flatnonzero(self._of(gap) >= self._loud_db)
        if len(loud) and int(loud[-1] - loud[0]) * FRAME_MS >= SHORTEST_MS:
            first_ms = gap.start_ms // FRAME_MS * FRAME_MS
            start_ms = first_ms + FRAME_MS * int(loud[0])
            yield Stretch(start_ms, first_ms + FRAME_MS * int(loud[-1] + 1))

    def _is_like_speech(self, stretch: Stretch) -> bool:
        levels = self._of(stretch)
        is_loud = float(np.mean(levels >= self._loud_db)) >= LOUD_SHARE
        return is_loud and float(np.std(levels)) >= MOVES_BY_DB


def _measure(samples: Samples) -> npt.NDArray[np.float32]:
    """RMS of every frame in dB."""
    power = np.maximum(measure_power(samples, _FRAME_SAMPLES), np.float32(1e-12))
    levels: npt.NDArray[np.float32] = np.maximum(10 * np.log10(power), np.float32(_FLOOR_DB))
    return levels
