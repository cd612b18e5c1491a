"""Forced alignment from end to end: passes over the token times, and conflict resolution.

Status is set in `status.py`, confidence in `confidence.py`, the summary in `summary.py`.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from pipeline.alignment.calibration import UNCALIBRATED, Calibration
from pipeline.alignment.conflicts import resolve_conflicts
from pipeline.alignment.decoding import Decoder
from pipeline.alignment.matching import match_first_pass
from pipeline.alignment.observations import NoDecoder, Observations, Pass
from pipeline.alignment.passes.anchored_windows import decode_between_anchors
from pipeline.alignment.passes.first_pass_times import (
    compare_first_pass,
    leave_undecided,
    take_first_pass,
)
from pipeline.alignment.passes.gaps import (
    decode_gaps,
    decode_joined_gaps,
    decode_recognized,
    fill_gaps,
)
from pipeline.alignment.passes.isolated_words import reattach_isolated_words
from pipeline.alignment.passes.long_words import shorten_long_words
from pipeline.alignment.passes.onsets import refine_onsets
from pipeline.alignment.passes.rescoring import rescore_doubtful_words
from pipeline.alignment.token_times import TokenTimes
from pipeline.records import RecognizedWord
from pipeline.verbalization.spoken_text import SpokenText

PASSES: tuple[Pass, ...] = (
    decode_between_anchors,
    decode_gaps,
    decode_joined_gaps,
    shorten_long_words,
    reattach_isolated_words,
    compare_first_pass,
    rescore_doubtful_words,
    decode_recognized,
    refine_onsets,
)
"""From the first pass to refined onsets."""
FIRST_PASS_ONLY: tuple[Pass, ...] = (take_first_pass, fill_gaps, leave_undecided)
"""For languages without a decoder that tells which words were spoken."""

logger = logging.getLogger(__name__)


def align_tokens(
    text: SpokenText, observed: Observations, passes: Sequence[Pass] = PASSES
) -> TokenTimes:
    """Find the time of each token of a text in the sound.

    Invariants: starts of the times found increase from token to token.
    Source: Moreno et al. 1998 (anchors), Hazen 2006 (graphs with deletions).
    """
    found = TokenTimes((None,) * text.n_tokens, calibration=observed.calibration)
    match = match_first_pass(text, observed.recognized)
    logger.info("anchors fix %d of %d tokens", len(match.anchored), text.n_tokens)
    if not match.may_belong:
        # In another recording's text, single common words are found by chance.
        logger.warning("text and first pass have nothing in common: the text is not aligned")
        return found
    observed = replace(observed, match=match)
    for one in passes:
        found = run_pass(one, text, found, observed)
    return found


def run_pass(one: Pass, text: SpokenText, before: TokenTimes, observed: Observations) -> TokenTimes:
    """The token times after a pass, without conflicts."""
    after = one(text, before, observed)
    candidates = [*filter(None, after.times), *after.candidates]
    times = resolve_conflicts(candidates, text.n_tokens)
    n_moved = sum(
        bool(old and new and old.start_ms != new.start_ms)
        for old, new in zip(before.times, times, strict=True)
    )
    n_found = len(times) - times.count(None)
    logger.info("%s: %d tokens have a time, %d moved", one.__name__, n_found, n_moved)
    return replace(after, times=tuple(times), candidates=())


def trust_first_pass(
    text: SpokenText,
    recognized: Sequence[RecognizedWord],
    decoder: Decoder | None = None,
    calibration: Calibration = UNCALIBRATED,
) -> TokenTimes:
    """Token times taken from the first pass, for languages without a graph decoder.

    Tokens that it did not recognise are decoded between the others, if a decoder is given.
    """
    observed = Observations(
        tuple(recognized), decoder=decoder or NoDecoder(), calibration=calibration
    )
    return align_tokens(text, observed, FIRST_PASS_ONLY)
