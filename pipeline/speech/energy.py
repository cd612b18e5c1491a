"""Levels of a recording every 10 ms: silence, pauses, and sound that may be speech.

Thresholds are relative to the level of the recording's own speech; no words or models here.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.levels import measure_power
from pipeline.records import Stretch

FRAME_MS = 10
BELOW_SPEECH_DB = 15.0
"""A frame is loud if it is at most this far below the median level of the speech."""
ABOVE_BACKGROUND_DB = 6.0
"""And at least this far above the 10 % quantile of the recording's levels."""
SILENCE_BELOW_SPEECH_DB = 35.0
"""Below the median of the speech by more than this, nothing was spoken."""
PAUSE_BELOW_SPEECH_DB = 30.0
LEAST_PAUSE_BELOW_SPEECH_DB = 20.0
"""A pause is 30 dB below the speech, or if the background is louder, near that and 20 dB below."""
SHORTEST_PAUSE_MS = 100
"""Shortest pause between words; the closure of a stop inside a word is shorter."""
LONGEST_TAIL_MS = 80
SHORTEST_MS = 1_000
"""Shortest sound without words that may be speech; a breath, a laugh or word ends are shorter."""
LOUD_SHARE = 0.4
MOVES_BY_DB = 4.0
"""Least standard deviation of the level: speech has 8 or more, hum and noise less than 2."""
MARGIN_MS = 150
"""Margin left to the words on both sides, whose times are rough."""

_FLOOR_DB = -96.0
_FRAME_SAMPLES = SAMPLE_RATE_HZ * FRAME_MS // 1000


class Loudness:
    """Levels every 10 ms, in dB of full scale, and thresholds from the recording's speech."""

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
        """Whether it is too soft for anything to have been spoken in it."""
        levels = self._of(stretch)
        return not len(levels) or float(levels.max()) < self._silent_db

    def trim(self, stretch: Stretch) -> Stretch:
        """A word without the pauses before and after it; unchanged if all of it is a pause.

        A short sound before the first pause counts as the end of the word before.
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
        """Stretches that sound like speech and have none of the words, which are in time order."""
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
        """(n_frames,) whether each frame of 10 ms is no pause."""
        sounding: npt.NDArray[np.bool_] = self._of(stretch) >= self._pause_db
        return sounding

    def find_quietest(self, stretch: Stretch) -> int:
        """The quietest time (ms) in the middle half of a stretch, to cut it there."""
        quarter_ms = (stretch.end_ms - stretch.start_ms) // 4
        start_ms = stretch.start_ms + quarter_ms
        levels = self._of(Stretch(start_ms, max(start_ms + 1, stretch.end_ms - quarter_ms)))
        if not len(levels):
            return (stretch.start_ms + stretch.end_ms) // 2
        return start_ms + FRAME_MS * int(np.argmin(levels))

    def halve(self, stretch: Stretch) -> tuple[Stretch, Stretch]:
        """Both halves of a stretch, cut at its quietest moment near the middle."""
        cut_ms = self.find_quietest(stretch)
        return Stretch(stretch.start_ms, cut_ms), Stretch(cut_ms, stretch.end_ms)

    def cut_long(self, stretch: Stretch, longest_ms: int) -> Iterator[Stretch]:
        """Parts of a stretch that are short enough, cut at quiet moments."""
        if stretch.length_ms <= longest_ms:
            yield stretch
            return
        for half in self.halve(stretch):
            yield from self.cut_long(half, longest_ms)

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
        """From the first loud frame to the last, if that is not too short."""
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
    """The RMS level of every frame, in dB of full scale."""
    power = np.maximum(measure_power(samples, _FRAME_SAMPLES), np.float32(1e-12))
    levels: npt.NDArray[np.float32] = np.maximum(10 * np.log10(power), np.float32(_FLOOR_DB))
    return levels
