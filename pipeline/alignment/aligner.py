"""The passes of the aligner, joined: anchors, a word graph per window, conflicts, gaps once more.

Status, confidence and summary are `verdict.py`'s matter.
"""

import logging
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Protocol

from pipeline.alignment.anchors import Run, choose_anchors, find_equal_runs
from pipeline.alignment.claims import TokenTime, resolve_claims
from pipeline.alignment.graph import build_graph
from pipeline.alignment.paths import join_arcs
from pipeline.alignment.spoken_text import SpokenText, spell_out
from pipeline.alignment.windows import FixedToken, Window, make_windows
from pipeline.records import ArcTime, DecodeRequest, HeardWord, Progress, Stretch, record

GAP_CONTEXT = 4
"""Words around a gap that are decoded again with it."""
MAX_GAP_MS = 16_000
ENOUGH_WORDS = 100
MIN_ANCHORED = 0.03
"""Share of the words in anchors: of other texts at most .016 was seen, of the right one .3."""
MAX_GAP_TOKENS = 300
"""More text is not said in so little sound, and costs the most to decode."""
MIN_RUN = 4
"""Fewer tokens in a row, between others without a time, may have been found by chance."""
MIN_SPARSE, SPARSE_SHARE = 20, 0.75
"""So many tokens without a time, and so much of a stretch, and it may not have been said."""
AGREE_MS = 100
RIGHT_SHARE = 0.99
"""Of a text found to this share, the rest is likely to be there as well."""

_Gap = tuple[int, int]
"""The first token of a stretch, and the one behind its last."""

logger = logging.getLogger(__name__)


class Decoder(Protocol):
    """What the aligner needs of sound: the best paths of graphs between two times each."""

    def decode(self, requests: Sequence[DecodeRequest]) -> Iterator[Sequence[ArcTime]]:
        """For each request the word arcs of its best path, in the player's time.

        A path is empty where the sound fits none.
        """
        ...


@record
class FirstPass:
    """The words a recogniser heard, in order of time, and the speech that it did not listen to."""

    words: tuple[HeardWord, ...]
    skipped: tuple[Stretch, ...] = ()


@record
class TokenTimes:
    """What was found, by token.

    `anchored`: the first pass heard them at that place too; `skipped`: it did not listen there;
    `undecided`: they have no time, and may have been said all the same: only the first pass
    listened, or a second recogniser heard them.
    """

    times: tuple[TokenTime | None, ...]
    anchored: frozenset[int]
    skipped: frozenset[int] = frozenset()
    undecided: frozenset[int] = frozenset()


def find_tokens(
    text: SpokenText,
    first_pass: FirstPass,
    speech: Sequence[Stretch],
    decoder: Decoder,
    progress: Progress,
) -> TokenTimes:
    """Find the tokens of a text in the sound.

    Invariants: starts of the times found increase from token to token.
    Source: Moreno et al. 1998 (anchors), Hazen 2006 (graphs with deletions).
    """
    said = spell_out(first_pass.words, text)
    runs = find_equal_runs(text.words, said)
    anchors = choose_anchors(runs, text.words, said)
    fixed = list(_fix_tokens(text, anchors, said))
    logger.info("%d anchors fix %d of %d tokens", len(anchors), len(fixed), text.n_tokens)
    if not _may_belong(anchors, len(text.words), len(said)):
        return _find_none(text)
    windows = make_windows(fixed, speech, text.n_tokens)
    claims: list[TokenTime] = []
    for done, times in enumerate(decode_windows(text, windows, decoder)):
        progress(0.9 * done / len(windows))
        claims += times
    found = resolve_claims(claims, text.n_tokens)
    logger.info("%d windows find %d tokens", len(windows), _count(found))
    _decode_gaps(text, found, _list_gaps(text, found), decoder)
    _decode_gaps(text, found, list(_join_sparse(_list_gaps(text, found))), decoder)
    logger.info("%d tokens found after the gaps were decoded again", _count(found))
    anchored = _agreeing(found, _fix_tokens(text, runs, said))
    skipped = _lying_in(found, first_pass.skipped)
    return TokenTimes(tuple(found), frozenset(anchored), frozenset(skipped))


def trust_first_pass(
    text: SpokenText, heard: Sequence[HeardWord], decoder: Decoder | None = None
) -> TokenTimes:
    """The tokens where the first pass put them, for languages that no decoder here knows.

    Those it did not hear are looked for between them by a decoder, if there is one.
    """
    said = spell_out(heard, text)
    runs = find_equal_runs(text.words, said)
    if not _may_belong(choose_anchors(runs, text.words, said), len(text.words), len(said)):
        return _find_none(text)
    claims = [
        TokenTime(token.token, token.start_ms, token.end_ms, None, 1)
        for token in _fix_tokens(text, runs, said)
    ]
    found = resolve_claims(claims, text.n_tokens)
    if decoder:
        _fill_gaps(text, found, decoder)
    undecided = frozenset(token for token, time in enumerate(found) if time is None)
    return TokenTimes(tuple(found), frozenset(), undecided=undecided)


def _may_belong(anchors: Sequence[Run], n_spoken: int, n_heard: int) -> bool:
    """Whether the text may be that of the recording; of few words nobody can tell."""
    n_possible = min(n_spoken, n_heard)
    n_anchored = sum(run.n_words for run in anchors)
    return n_possible < ENOUGH_WORDS or n_anchored >= MIN_ANCHORED * n_possible


def _find_none(text: SpokenText) -> TokenTimes:
    """Of a text of another recording: single words that both have would only mislead."""
    logger.warning("text and first pass have nothing in common: the text is not looked for")
    return TokenTimes((None,) * text.n_tokens, frozenset())


def _agreeing(found: Sequence[TokenTime | None], loose: Iterable[FixedToken]) -> Iterator[int]:
    """The tokens that the first pass, too, heard within AGREE_MS of their place."""
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
    text: SpokenText, runs: Sequence[Run], heard: Sequence[HeardWord]
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
                first = heard[run.first_heard + spoken - run.first_spoken]
                behind = heard[run.first_heard + end - 1 - run.first_spoken]
                yield FixedToken(token, first.start_ms, behind.end_ms, number)
            spoken = end if not is_cut else spoken + 1


def decode_windows(
    text: SpokenText, windows: Sequence[Window], decoder: Decoder, is_right: bool = False
) -> Iterator[list[TokenTime]]:
    """The tokens of each window's best path."""
    made = [
        build_graph(
            [text.forms[token] for token in window.tokens],
            window.first_token,
            window.is_open,
            is_right,
            [text.written[token] for token in window.tokens],
        )
        for window in windows
    ]
    requests = [
        DecodeRequest(window.start_ms, window.end_ms, one.graph)
        for window, one in zip(windows, made, strict=True)
    ]
    for one, path in zip(made, decoder.decode(requests), strict=True):
        yield list(join_arcs(path, one.tokens))


def _decode_gaps(
    text: SpokenText, found: list[TokenTime | None], gaps: Sequence[_Gap], decoder: Decoder
) -> None:
    """Decode what lies around tokens without a time once more, with a few words of context.

    What is found so replaces what stood there if it is more.
    """
    windows = _list_gap_windows(found, gaps)
    paths = decode_windows(text, windows, decoder, share_found(text, found) >= RIGHT_SHARE)
    for window, times in zip(windows, paths, strict=True):
        if len(times) > sum(found[token] is not None for token in window.tokens):
            again = {time.token: time for time in times}
            for token in window.tokens:
                found[token] = again.get(token)
    # Windows around neighbouring gaps overlap.
    found[:] = resolve_claims([time for time in found if time], len(found))


def share_found(text: SpokenText, found: Sequence[TokenTime | None]) -> float:
    """How much of what can be said was found, 0..1."""
    sayable = [token for token in range(text.n_tokens) if text.forms[token][0]]
    return sum(found[token] is not None for token in sayable) / max(1, len(sayable))


def _fill_gaps(text: SpokenText, found: list[TokenTime | None], decoder: Decoder) -> None:
    """Look for tokens without a time between those around them, which stay where they are."""
    windows = _list_gap_windows(found, _list_gaps(text, found))
    claims = [time for time in found if time]
    for times in decode_windows(text, windows, decoder):
        claims += [replace(time, run=1) for time in times if found[time.token] is None]
    found[:] = resolve_claims(claims, len(found))


def _list_gap_windows(found: Sequence[TokenTime | None], gaps: Sequence[_Gap]) -> list[Window]:
    return [window for gap in gaps if (window := _window_around(found, *gap))]


def _window_around(found: Sequence[TokenTime | None], first: int, last: int) -> Window | None:
    """From a found token some words before a gap to one behind it, unless they are far apart."""
    start, end = max(0, first - GAP_CONTEXT), min(len(found), last + GAP_CONTEXT)
    left = next((time for time in found[start:first] if time), None)
    right = next((time for time in reversed(found[last:end]) if time), None)
    if not left or not right or not 0 < right.end_ms - left.start_ms <= MAX_GAP_MS:
        return None
    n_tokens = right.token + 1 - left.token
    if n_tokens > MAX_GAP_TOKENS:
        return None
    return Window(left.start_ms, right.end_ms, left.token, n_tokens, is_open=False)


def _list_gaps(text: SpokenText, found: Sequence[TokenTime | None]) -> list[_Gap]:
    """Stretches of sayable tokens without a time."""
    gaps: list[_Gap] = []
    start = None
    for token in range(len(found) + 1):
        is_missing = token < len(found) and found[token] is None and bool(text.forms[token][0])
        if is_missing and start is None:
            start = token
        elif not is_missing and start is not None:
            gaps.append((start, token))
            start = None
    return gaps


def _join_sparse(gaps: Sequence[_Gap]) -> Iterator[_Gap]:
    """Gaps between which words stand here and there, by chance: of a passage that was not said some
    sound like what was, and take the place of words beside it."""
    breaks = [
        number
        for number, (left, right) in enumerate(pairwise(gaps), start=1)
        if right[0] - left[1] >= MIN_RUN
    ]
    for start, behind in pairwise([0, *breaks, len(gaps)]):
        own = gaps[start:behind]
        n_missing = sum(last - first for first, last in own)
        if len(own) > 1 and n_missing >= max(MIN_SPARSE, SPARSE_SHARE * (own[-1][1] - own[0][0])):
            yield own[0][0], own[-1][1]
