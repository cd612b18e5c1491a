"""An episode's sound written as it comes: speech and pauses one after the other, then the room.

Knows where each token lies; not what it says.
"""

import wave
from collections.abc import Sequence

import numpy as np
import sounds

from episodes.rooms import StreamFilter, make_pink, make_room
from episodes.script import Pause
from episodes.speakers import EDGE_MS, RATE_HZ, SpokenPart

LEAD_IN_MS, LEAD_OUT_MS = 500, 900
SHORTEST_PAUSE_MS = 2 * EDGE_MS
"""The edges of two utterances never overlap."""
PAUSES_MS: dict[Pause, tuple[float, float]] = {
    "turn": (200, 0.6),
    "sentence": (300, 0.45),
    "clause": (150, 0.4),
}
"""Median and spread (of the logarithm) of each kind of pause."""
PART_PAUSE_MS = 60
LONG_PAUSE_SHARE, LONG_PAUSE_MS = 0.03, (800, 2500)
LONGEST_COMMON_PAUSE_MS = 600
LAUGH_PAUSE_MS, LAUGH_PITCH_HZ = 130, 185.0


class Tape:
    """A WAV file that grows; `spans_ms` has the time of every token laid down so far.

    The direct sound is never delayed by the room, so times are those of the dry speech.
    """

    def __init__(
        self,
        target: wave.Wave_write,
        rng: np.random.Generator,
        *,
        has_room: bool,
        noise_db: float | None,
    ) -> None:
        """`noise_db` is how far pink noise lies below speech; None: a quiet noise floor only."""
        self.spans_ms: dict[int, tuple[int, int]] = {}
        self._rng = rng
        self._room = StreamFilter(make_room(RATE_HZ, rng)) if has_room else None
        self._pink = StreamFilter(make_pink(RATE_HZ)) if noise_db is not None else None
        self._noise_gain = 10 ** ((sounds.SPEECH_DB - (noise_db or 0)) / 20)
        self._file = target
        self._file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        self._pending: list[sounds.Samples] = []
        self._n_samples = 0
        self.add_silence(LEAD_IN_MS)

    @property
    def clock_ms(self) -> int:
        """Where the tape has got to."""
        return _to_ms(self._n_samples)

    def pause(self, kind: Pause) -> None:
        """Be silent as long as a speaker would be, and longer now and then."""
        median_ms, spread = PAUSES_MS[kind]
        common_ms = median_ms * np.exp(self._rng.normal(0, spread))
        long_ms = self._rng.uniform(*LONG_PAUSE_MS)
        is_long = kind != "clause" and self._rng.random() < LONG_PAUSE_SHARE
        chosen_ms = long_ms if is_long else min(common_ms, LONGEST_COMMON_PAUSE_MS)
        self.add_silence(max(chosen_ms, SHORTEST_PAUSE_MS) - SHORTEST_PAUSE_MS)

    def add_parts(self, parts: Sequence[SpokenPart]) -> None:
        """Lay an utterance down."""
        for number, part in enumerate(parts):
            if number:
                self.add_silence(PART_PAUSE_MS)
            for index, (start, end) in zip(part.tokens, part.spans, strict=True):
                at = self._n_samples
                self.spans_ms[index] = (_to_ms(at + start), _to_ms(at + end))
            self._add(part.samples)

    def add_laugh(self) -> None:
        """A laugh between two utterances."""
        self.add_silence(LAUGH_PAUSE_MS)
        self._add(sounds.laugh(RATE_HZ, LAUGH_PITCH_HZ, self._rng))
        self.add_silence(LAUGH_PAUSE_MS)

    def add_music(self, samples: sounds.Samples) -> None:
        """Music by itself."""
        self._add(samples)

    def add_silence(self, duration_ms: float) -> None:
        self._add(np.zeros(round(duration_ms * RATE_HZ / 1000), np.float32))

    def flush(self) -> None:
        """Write what was laid down, through the room and with the noise."""
        if not self._pending:
            return
        block = np.concatenate(self._pending)
        self._pending = []
        if self._room:
            block = self._room.apply(block)
        block = sounds.add_noise_floor(block, self._rng)
        if self._pink:
            noise = self._pink.apply(self._rng.standard_normal(len(block)))
            block = block + noise * np.float32(self._noise_gain)
        pcm = np.clip(sounds.round_peaks(block), -1, 1) * 32767
        self._file.writeframes(pcm.round().astype("<i2").tobytes())

    def end(self) -> None:
        """Write the rest."""
        self.add_silence(LEAD_OUT_MS)
        self.flush()

    def _add(self, samples: sounds.Samples) -> None:
        self._pending.append(samples)
        self._n_samples += len(samples)


def _to_ms(sample: int) -> int:
    return round(sample * 1000 / RATE_HZ)
