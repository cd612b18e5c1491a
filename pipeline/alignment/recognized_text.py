"""A text that is a recogniser's own words, of a recording without one: the recogniser is believed.

It has rejected loops and words where nothing sounds; that the aligner is unsure of the others is no
reason to leave them out.
"""

import logging
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.alignment.confidence import rate_tokens
from pipeline.alignment.conflicts import resolve_conflicts
from pipeline.alignment.matching import match_first_pass
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.records import Segment
from pipeline.verbalization.spoken_text import SpokenText

logger = logging.getLogger(__name__)


def believe_recognizer(
    text: SpokenText, found: TokenTimes, segments: Sequence[Segment]
) -> TokenTimes:
    """The token times, with the recogniser's where the aligner is unsure or outside the segment.

    A token with neither is undecided: its time is estimated from its neighbours'.

    Args:
        segments: the recogniser's, in order of time; their words are the text.
    """
    chosen = list(_choose_times(text, found, segments))
    times = resolve_conflicts(chosen, text.n_tokens)
    n_rough = sum(time is not None and time.score is None for time in times)
    logger.info("%d of %d words keep the recogniser's times", n_rough, text.n_tokens)
    return replace(found, times=tuple(times), undecided=frozenset(range(text.n_tokens)))


def _choose_times(
    text: SpokenText, found: TokenTimes, segments: Sequence[Segment]
) -> Iterator[TokenTime]:
    """For each token the aligner's time, if that is likely, else the recogniser's."""
    least = found.calibration.unspoken_below
    words = [word for segment in segments for word in segment.words]
    rough = {token.token: token for token in match_first_pass(text, words).recognized}
    starts_ms = [segment.start_ms for segment in segments]
    confidences = rate_tokens(text, found)
    for token, (time, confidence) in enumerate(zip(found.times, confidences, strict=True)):
        own = rough.get(token)
        if own is None:
            if time:
                yield time
            continue
        segment = segments[max(0, bisect_right(starts_ms, own.start_ms) - 1)]
        is_likely = time and confidence >= least
        if time and is_likely and _overlaps(time, segment):
            yield time
        else:
            yield TokenTime(token, own.start_ms, own.end_ms, None, 1)


def _overlaps(time: TokenTime, segment: Segment) -> bool:
    return time.start_ms < segment.end_ms and segment.start_ms < time.end_ms
