"""Roll-up and paint-on captions, which repeat most words: each word is taken once.

Live captioning and YouTube make such files; they are detected here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.captions.parsed_cue import RawCue, Voice

MIN_CUES = 4
MIN_SHARE = 0.4
"""Share of cues that begin with the last lines of the cue before, from which a file rolls up."""
MAX_PAUSE_MS = 500
"""After a longer pause the screen was cleared: the same words were spoken again."""


def unroll(cues: Sequence[RawCue]) -> list[RawCue]:
    """The cues; in a file that rolls up, each without the words that the cue before showed."""
    n_repeated = [0, *(_count_repeated(*pair) for pair in pairwise(cues))]
    n_rolling = sum(n_words > 0 for n_words in n_repeated)
    if len(cues) < MIN_CUES or n_rolling < MIN_SHARE * len(cues):
        return list(cues)
    return [
        replace(cue, voices=tuple(_skip(cue.voices, n_words)))
        for cue, n_words in zip(cues, n_repeated, strict=True)
    ]


def _count_repeated(before: RawCue, cue: RawCue) -> int:
    """Number of words at a cue's start that are whole lines at the end of the cue before."""
    if cue.start_ms - before.end_ms > MAX_PAUSE_MS:
        return 0
    words = " ".join(cue.lines).split()
    for first in range(len(before.lines)):
        seen = " ".join(before.lines[first:]).split()
        if words[: len(seen)] == seen:
            return len(seen)
    return 0


def _skip(voices: Sequence[Voice], n_words: int) -> Iterator[Voice]:
    """The voices without their first `n_words` words."""
    for voice in voices:
        lines = []
        for line in voice.lines:
            words = line.split()
            if n_words < len(words):
                lines.append(" ".join(words[n_words:]))
            n_words = max(0, n_words - len(words))
        if lines:
            yield Voice(voice.speaker, tuple(lines))
