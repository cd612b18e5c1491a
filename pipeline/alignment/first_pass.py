"""Which speech the first pass must hear: every other part, and those between where it heard
something else than the text.

How it is heard is an engine's matter, and where words then lie `aligner.py`'s.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from pipeline.alignment.anchors import MS_PER_LETTER, find_anchors
from pipeline.alignment.onsets import Levels
from pipeline.records import RecognizedWord, Stretch
from pipeline.verbalization.spoken_text import SpokenText, spell_out

PART_MS = 7_000
"""Longer stretches of speech are cut: two parts and what lies between make a few windows."""
CUT_REACH_MS = 1_500
"""So far from an even cut it may be made where it is quieter."""
_QUIET_MS = 50
CLEAR_SHARE = 0.9
"""Words heard in anchors: of clear talks with their own text .97, of noisy ones with every tenth
word wrong .75."""
N_NEAR = 8
"""Words heard on each side that tell whether the text holds there."""
SETTLED_SHARE = 0.74
"""Of them, in anchors."""
SLACK_SHARE, SLACK_MS = 0.35, 1_500
"""What the words between may take more or less than on average."""


def is_clear(text: SpokenText, recognized: Sequence[RecognizedWord]) -> bool:
    """Whether what was heard here and there is nearly all in the text.

    Where it is not, sound or text are poor: then each word heard helps, and whole stretches are
    heard better than parts of them.
    """
    spoken = spell_out(recognized, text)
    n_anchored = sum(run.n_words for run in find_anchors(text.words, spoken))
    return n_anchored >= CLEAR_SHARE * max(1, len(spoken))


def cut_parts(speech: Sequence[Stretch], levels: Levels) -> tuple[Stretch, ...]:
    """Speech in parts of about `PART_MS` at most, cut where it is quiet."""
    return tuple(part for stretch in speech for part in _cut(stretch, levels))


def find_doubtful(
    text: SpokenText, recognized: Sequence[RecognizedWord], parts: Sequence[Stretch]
) -> tuple[Stretch, ...]:
    """Those of the parts not listened to that have to be.

    A part is settled where the text was heard just before and just behind it, and what of the text
    lies between takes about as long as what lies between there of the sound.

    Args:
        heard: in order of time; nothing of the `parts`.
    """
    spoken = spell_out(recognized, text)
    spoken_of: list[int | None] = [None] * len(spoken)
    for run in find_anchors(text.words, spoken):
        for step in range(run.n_words):
            spoken_of[run.first_recognized + step] = run.first_spoken + step
    letters = np.concatenate([[0], np.cumsum([len(word) + 1 for word in text.words])])
    starts = [word.start_ms for word in spoken]

    def is_settled(part: Stretch) -> bool:
        place = bisect_left(starts, part.start_ms)
        before = range(place - 1, max(-1, place - 1 - N_NEAR), -1)
        after = range(place, min(len(spoken), place + N_NEAR))
        nearest = []
        for near in (before, after):
            known = [index for index in near if spoken_of[index] is not None]
            if not known or len(known) < SETTLED_SHARE * len(near):
                return False
            nearest.append(known[0])
        first, last = (spoken_of[index] or 0 for index in nearest)
        needed_ms = float(letters[last] - letters[first + 1]) * MS_PER_LETTER
        there_ms = spoken[nearest[1]].start_ms - spoken[nearest[0]].end_ms
        return abs(there_ms - needed_ms) <= SLACK_MS + SLACK_SHARE * there_ms

    return tuple(part for part in parts if not is_settled(part))


def _cut(stretch: Stretch, levels: Levels) -> Iterator[Stretch]:
    """A stretch in equal parts, more or less."""
    n_parts = -(-(stretch.end_ms - stretch.start_ms) // PART_MS)
    length_ms = (stretch.end_ms - stretch.start_ms) / n_parts
    reach_ms = min(CUT_REACH_MS, length_ms / 3)
    even = (stretch.start_ms + length_ms * number for number in range(1, n_parts))
    cuts = [_find_quiet(levels, at_ms - reach_ms, at_ms + reach_ms) for at_ms in even]
    for start_ms, end_ms in pairwise([stretch.start_ms, *cuts, stretch.end_ms]):
        yield Stretch(start_ms, end_ms)


def _find_quiet(levels: Levels, start_ms: float, end_ms: float) -> int:
    """The middle of the quietest moment between two times."""
    first, after = levels.frame(start_ms), levels.frame(end_ms)
    n_quiet = levels.per_s * _QUIET_MS // 1000
    if after - first <= n_quiet:
        return round((start_ms + end_ms) / 2)
    sums = np.cumsum(levels.db[first:after], dtype=np.float64)
    quietest = int((sums[n_quiet:] - sums[:-n_quiet]).argmin())
    middle = first + quietest + n_quiet / 2
    return round(levels.start_ms + middle * 1000 / levels.per_s)
