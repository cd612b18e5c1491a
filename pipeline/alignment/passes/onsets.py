"""Onset refinement: a word's start after a pause is moved to where the level rises.

Decoders place such starts about 10 ms early (docs/decisions/0007-onset-refinement.md).
"""

from dataclasses import replace
from itertools import zip_longest

import numpy as np

from pipeline.alignment.observations import Observations
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.levels import Levels
from pipeline.verbalization.spoken_text import SpokenText

MIN_PAUSE_MS = 60
REACH_MS = 60
"""How far the onset may lie from the decoder's start."""
MIN_RISE_DB = 30
"""Where the word is less than this above the pause, noise hides quiet onsets: nothing is moved."""
ONSET_DB = 6
ONSET_SHARE = 0.1
"""The onset's level: this much above the pause, or this share of the rise, whichever is more."""
SUSTAIN_MS, SUSTAINED = 20, 0.9
"""An onset needs this share of the frames in the next SUSTAIN_MS at or above its level."""
LEAD_MS = 5
"""The start is set this much earlier, as sound begins before it reaches that level."""
_FLOOR_MS = 200
_WORD_MS = 150
_STOPS = frozenset("bcdgjkpqt")
"""First letters of words that begin with a stop: its closure is silent but part of the word."""


def refine_onsets(text: SpokenText, found: TokenTimes, observed: Observations) -> TokenTimes:
    """Move starts after pauses to the onset of the sound.

    Starts found with models of the recording stay: these are more precise than levels.

    Invariants: starts still increase; words that begin with a stop are not moved.
    """
    sharp = list(found.times)
    levels = observed.levels
    paused_since_ms = 0
    timed = [time for time in sharp if time]
    for time, after in zip_longest(timed, timed[1:]):
        token, limit_ms = time.token, after.start_ms if after else time.end_ms
        first_word = text.forms[token][0][0]
        is_after_pause = time.start_ms - paused_since_ms >= MIN_PAUSE_MS
        if time.fit is None and is_after_pause and first_word[0] not in _STOPS:
            onset_ms = _find_onset(time, paused_since_ms, levels)
            last_ms = min(limit_ms, time.end_ms)
            if onset_ms is not None and paused_since_ms <= onset_ms < last_ms:
                sharp[token] = replace(time, start_ms=onset_ms)
        paused_since_ms = time.end_ms
    return replace(found, times=tuple(sharp))


def _find_onset(time: TokenTime, paused_since_ms: int, levels: Levels) -> int | None:
    """When the level rises out of the pause and stays up; None where there is no clear rise."""
    begin = levels.frame(max(paused_since_ms, time.start_ms - _FLOOR_MS))
    start = levels.frame(time.start_ms)
    end = levels.frame(min(time.end_ms, time.start_ms + _WORD_MS))
    margin = levels.per_s * LEAD_MS * 4 // 1000
    pause, word = levels.db[begin : start - margin], levels.db[start:end]
    if not len(pause) or not len(word):
        return None
    floor_db, top_db = float(np.median(pause)), float(np.percentile(word, 90))
    if top_db - floor_db < MIN_RISE_DB:
        return None
    threshold_db = floor_db + max(ONSET_DB, ONSET_SHARE * (top_db - floor_db))
    n_sustain = levels.per_s * SUSTAIN_MS // 1000
    first = max(begin, levels.frame(time.start_ms - REACH_MS))
    last = min(end, levels.frame(time.start_ms + REACH_MS))
    is_up = levels.db[first:last] >= threshold_db
    for frame in range(first, last - n_sustain):
        if np.mean(is_up[frame - first :][:n_sustain]) >= SUSTAINED:
            return round(frame * 1000 / levels.per_s) - LEAD_MS
    return None
