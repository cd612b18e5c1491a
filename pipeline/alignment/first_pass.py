"""Which parts of the speech the first pass must decode: every other one, and those in between
beside which it recognised something else than the text (docs/decisions/0026).

Recognition itself is in `pipeline/recognizers/`; alignment in `aligner.py`.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from pipeline.alignment.anchors import MS_PER_LETTER, find_anchors
from pipeline.levels import Levels
from pipeline.records import RecognizedWord, Stretch
from pipeline.verbalization.spoken_text import SpokenText, spell_out

PART_MS = 7_000
"""Longer stretches of speech are cut into parts of about this length."""
CUT_REACH_MS = 1_500
"""How far from an even division a cut may move to a quieter moment."""
_QUIET_MS = 50
CLEAR_SHARE = 0.9
"""Least share of recognised words in anchors for a clear recording. Clear talks with their own text
have .97, noisy ones with every tenth word wrong .75."""
N_NEAR = 8
"""Recognised words on each side of a part that decide whether it is skipped."""
SETTLED_SHARE = 0.74
"""Least share of these words in anchors on each side."""
SLACK_SHARE, SLACK_MS = 0.35, 1_500
"""The words between may take this share of the time, plus SLACK_MS, more or less than average."""


def is_clear(text: SpokenText, recognized: Sequence[RecognizedWord]) -> bool:
    """Whether nearly all words recognised in a sample of the speech are in the text.

    Where they are not, sound or text are poor: then all speech is decoded, in whole stretches, as
    these are recognised better than parts.
    """
    spoken = spell_out(recognized, text)
    n_anchored = sum(run.n_words for run in find_anchors(text.words, spoken))
    return n_anchored >= CLEAR_SHARE * max(1, len(spoken))


def cut_parts(speech: Sequence[Stretch], levels: Levels) -> tuple[Stretch, ...]:
    """Speech in parts of about `PART_MS` at most, cut at quiet moments."""
    return tuple(part for stretch in speech for part in _cut(stretch, levels))


def find_doubtful(
    text: SpokenText, recognized: Sequence[RecognizedWord], parts: Sequence[Stretch]
) -> tuple[Stretch, ...]:
    """The parts not decoded yet that have to be.

    A part may be skipped where the words recognised just before and after it are anchored, and the
    text between them takes about as long as the sound between them.

    Args:
        recognized: words in order of time, none of them in `parts`.
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
    """A stretch in parts of about equal length."""
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
    return round(middle * 1000 / levels.per_s)
