"""Forced alignment from end to end: anchors, windows, decoding, conflict resolution, `passes`.

Status is set in `status.py`, confidence in `confidence.py`, the summary in `summary.py`.
"""

import logging
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from pipeline.alignment.anchors import Run, choose_anchors, find_anchors, find_equal_runs
from pipeline.alignment.conflicts import resolve_conflicts
from pipeline.alignment.decoding import Decoder, decode_windows
from pipeline.alignment.passes.gaps import decode_gaps, fill_gaps
from pipeline.alignment.passes.isolated_words import reattach_isolated_words
from pipeline.alignment.passes.long_words import shorten_long_words
from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.alignment.windows import FixedToken, make_windows
from pipeline.records import Progress, RecognizedWord, Stretch, record
from pipeline.verbalization.spoken_text import SpokenText, spell_out

ENOUGH_WORDS = 100
"""With fewer words in text or first pass, MIN_ANCHORED is not applied."""
MIN_ANCHORED = 0.03
"""Least share of words in anchors: texts of other recordings reach .016, the right text .3."""
TOO_FEW_WORDS = 10
"""With fewer words, a few recognition errors can leave no run of three equal words."""
AGREE_MS = 100

logger = logging.getLogger(__name__)


@record
class FirstPass:
    """The recognised words, in order of time, and the speech that was not decoded (`skipped`)."""

    words: tuple[RecognizedWord, ...]
    skipped: tuple[Stretch, ...] = ()


def find_tokens(
    text: SpokenText,
    first_pass: FirstPass,
    speech: Sequence[Stretch],
    decoder: Decoder,
    progress: Progress,
) -> TokenTimes:
    """Find the time of each token of a text in the sound.

    Invariants: starts of the times found increase from token to token.
    Source: Moreno et al. 1998 (anchors), Hazen 2006 (graphs with deletions).
    """
    first_words = spell_out(first_pass.words, text)
    runs = find_equal_runs(text.words, first_words)
    anchors = choose_anchors(runs, text.words, first_words)
    fixed = list(_fix_tokens(text, anchors, first_words))
    logger.info("%d anchors fix %d of %d tokens", len(anchors), len(fixed), text.n_tokens)
    if not _may_belong(anchors, len(text.words), len(first_words)):
        return _find_none(text)
    windows = make_windows(fixed, speech, text.n_tokens)
    candidates: list[TokenTime] = []
    for done, times in enumerate(decode_windows(text, windows, decoder)):
        progress(0.9 * done / len(windows))
        candidates += times
    found = resolve_conflicts(candidates, text.n_tokens)
    logger.info("%d windows find %d tokens", len(windows), _count(found))
    decode_gaps(text, found, windows, decoder)
    logger.info("%d tokens found after the gaps were decoded again", _count(found))
    n_moved = shorten_long_words(text, found, decoder)
    logger.info("%d duration outliers moved to a later start", n_moved)
    n_moved = reattach_isolated_words(text, found, decoder)
    logger.info("%d isolated words reattached to their neighbours", n_moved)
    anchored = _agreeing(found, _fix_tokens(text, runs, first_words))
    skipped = _lying_in(found, first_pass.skipped)
    return TokenTimes(tuple(found), frozenset(anchored), frozenset(skipped))


def trust_first_pass(
    text: SpokenText, recognized: Sequence[RecognizedWord], decoder: Decoder | None = None
) -> TokenTimes:
    """Token times taken from the first pass, for languages without a graph decoder.

    Tokens that it did not recognise are decoded between the others, if a decoder is given.
    """
    first_words = spell_out(recognized, text)
    runs = find_equal_runs(text.words, first_words)
    if not _may_belong(
        choose_anchors(runs, text.words, first_words), len(text.words), len(first_words)
    ):
        return _find_none(text)
    candidates = [
        TokenTime(token.token, token.start_ms, token.end_ms, None, 1)
        for token in _fix_tokens(text, runs, first_words)
    ]
    found = resolve_conflicts(candidates, text.n_tokens)
    if decoder:
        fill_gaps(text, found, decoder)
    undecided = frozenset(token for token, time in enumerate(found) if time is None)
    return TokenTimes(tuple(found), frozenset(), undecided=undecided)


def measure_agreement(text: SpokenText, recognized: Sequence[RecognizedWord]) -> float | None:
    """Share of the shorter of text and recognised words that lies in anchors, 0..1.

    The words must come from a recogniser that has not read the text. None where nothing is
    anchored and there are too few words to tell.
    """
    first_words = spell_out(recognized, text)
    anchors = find_anchors(text.words, first_words)
    if not anchors and min(len(text.words), len(first_words)) < TOO_FEW_WORDS:
        return None
    return _share_anchored(anchors, len(text.words), len(first_words))


def _may_belong(anchors: Sequence[Run], n_spoken: int, n_recognized: int) -> bool:
    """Whether the text may belong to the recording; always true of fewer than ENOUGH_WORDS."""
    is_enough = min(n_spoken, n_recognized) >= ENOUGH_WORDS
    return not is_enough or _share_anchored(anchors, n_spoken, n_recognized) >= MIN_ANCHORED


def _share_anchored(anchors: Sequence[Run], n_spoken: int, n_recognized: int) -> float:
    n_possible = min(n_spoken, n_recognized)
    return sum(run.n_words for run in anchors) / n_possible if n_possible else 0.0


def _find_none(text: SpokenText) -> TokenTimes:
    """No times at all: in another recording's text, single common words are found by chance."""
    logger.warning("text and first pass have nothing in common: the text is not aligned")
    return TokenTimes((None,) * text.n_tokens, frozenset())


def _agreeing(found: Sequence[TokenTime | None], loose: Iterable[FixedToken]) -> Iterator[int]:
    """The tokens that the first pass recognised within AGREE_MS of the start found."""
    for token in loose:
        time = found[token.token]
        if time and abs(time.start_ms - token.start_ms) <= AGREE_MS:
            yield token.token


def _lying_in(found: Sequence[TokenTime | None], stretches: Sequence[Stretch]) -> Iterator[int]:
    """The tokens that start in one of the stretches."""
    starts = [stretch.start_ms for stretch in stretches]
    for time in found:
        if time:
            place = bisect_right(starts, time.start_ms)
            if place and time.start_ms < stretches[place - 1].end_ms:
                yield time.token


def _count(found: Sequence[TokenTime | None]) -> int:
    return sum(time is not None for time in found)


def _fix_tokens(
    text: SpokenText, runs: Sequence[Run], recognized: Sequence[RecognizedWord]
) -> Iterator[FixedToken]:
    """The tokens that lie wholly inside a run, with the first pass's times."""
    for number, run in enumerate(runs):
        last = run.first_spoken + run.n_words
        spoken = run.first_spoken
        while spoken < last:
            token = text.token_of[spoken]
            end = bisect_right(text.token_of, token, spoken)
            is_cut = (spoken > 0 and text.token_of[spoken - 1] == token) or end > last
            if not is_cut:
                first = recognized[run.first_recognized + spoken - run.first_spoken]
                after = recognized[run.first_recognized + end - 1 - run.first_spoken]
                yield FixedToken(token, first.start_ms, after.end_ms, number)
            spoken = end if not is_cut else spoken + 1
