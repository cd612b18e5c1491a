"""Cut speech into the windows that Whisper decodes: stretches with the silence between cut out.

No model here. Windows are decoded independently of each other.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from pipeline.contracts import SAMPLE_RATE_HZ, Samples
from pipeline.records import Stretch, record
from pipeline.speech.excerpts import cut_out

LONGEST_MS = 30_000
"""Whisper's input length; shorter windows cost the same."""
SHORTEST_MS = 100
"""faster-whisper fails on less."""
MARGIN_MS = 250
"""Silence kept on each side of a stretch: without such pauses, an eighth more words are wrong."""


@record
class Window:
    """Stretches of speech in order, decoded as one sound without the silence between them."""

    stretches: tuple[Stretch, ...]

    @property
    def length_ms(self) -> int:
        """The length of its sound."""
        return sum(part.length_ms for part in self.stretches)

    def sound(self, samples: Samples) -> Samples:
        """Its sound, cut out of the recording's."""
        parts = [cut_out(samples, part.start_ms, part.end_ms) for part in self.stretches]
        return np.concatenate(parts)

    def locate(self, start_ms: int, end_ms: int) -> Stretch:
        """Map times in the window to times in the recording.

        The result is within the stretch of its middle: a word isn't spoken across a pause.
        """
        middle_ms = (start_ms + end_ms) // 2
        offset_ms = 0
        for part in self.stretches[:-1]:
            if middle_ms < offset_ms + part.length_ms:
                break
            offset_ms += part.length_ms
        else:
            part = self.stretches[-1]
        start_ms = min(max(part.start_ms, part.start_ms + start_ms - offset_ms), part.end_ms - 1)
        end_ms = min(max(start_ms + 1, part.start_ms + end_ms - offset_ms), part.end_ms)
        return Stretch(start_ms, end_ms)


def cut_windows(
    speech: Sequence[Stretch], n_samples: int, margin_ms: int = MARGIN_MS
) -> tuple[Window, ...]:
    """Windows as full as the order of the speech allows; stretches too short are left out."""
    windows: list[list[Stretch]] = []
    length_ms = LONGEST_MS
    end_ms = n_samples * 1000 // SAMPLE_RATE_HZ
    for stretch in _widen(list(_cut_long(speech, end_ms)), end_ms, margin_ms):
        if length_ms + stretch.length_ms > LONGEST_MS:
            windows.append([])
            length_ms = 0
        windows[-1].append(stretch)
        length_ms += stretch.length_ms
    made = (Window(tuple(stretches)) for stretches in windows)
    return tuple(window for window in made if window.length_ms >= SHORTEST_MS)


def spread(windows: Sequence[Window], n_most: int) -> tuple[Window, ...]:
    """At most so many of the windows, at even distances over the recording."""
    n = min(n_most, len(windows))
    return tuple(windows[(2 * number + 1) * len(windows) // (2 * n)] for number in range(n))


def _cut_long(speech: Sequence[Stretch], end_ms: int) -> Iterator[Stretch]:
    """Stretches inside the recording, each short enough for a window."""
    for stretch in speech:
        last_ms = min(stretch.end_ms, end_ms)
        for start_ms in range(stretch.start_ms, last_ms, LONGEST_MS):
            yield Stretch(start_ms, min(start_ms + LONGEST_MS, last_ms))


def _widen(speech: Sequence[Stretch], end_ms: int, margin_ms: int) -> Iterator[Stretch]:
    """Each stretch with silence around it, at most half of the pause to its neighbour."""
    if not speech:
        return
    middles = [(one.end_ms + other.start_ms) // 2 for one, other in pairwise(speech)]
    for stretch, first_ms, last_ms in zip(speech, [0, *middles], [*middles, end_ms], strict=True):
        room_ms = (LONGEST_MS - stretch.length_ms) // 2
        by_ms = min(margin_ms, room_ms)
        start_ms = max(first_ms, stretch.start_ms - by_ms)
        yield Stretch(start_ms, min(last_ms, stretch.end_ms + by_ms))
