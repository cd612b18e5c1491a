"""Text and first pass compared: tokens that the first pass recognised, and whether they belong.

The runs of equal words are found in `anchors.py`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from pipeline.alignment.anchors import Run, choose_anchors, find_anchors, find_equal_runs
from pipeline.alignment.windows import FixedToken
from pipeline.records import RecognizedWord, record
from pipeline.verbalization.spoken_text import SpokenText, spell_out

ENOUGH_WORDS = 100
"""With fewer words in text or first pass, MIN_ANCHORED is not applied."""
MIN_ANCHORED = 0.03
"""Least share of words in anchors: texts of other recordings reach .016, the right text .3."""
TOO_FEW_WORDS = 10
"""With fewer words, a few recognition errors can leave no run of three equal words."""


@record
class Match:
    """The tokens with the first pass's times: all `recognized`, and those `anchored` of them.

    `may_belong`: whether the text may belong to the recording.
    """

    recognized: tuple[FixedToken, ...] = ()
    anchored: tuple[FixedToken, ...] = ()
    may_belong: bool = True


def match_first_pass(text: SpokenText, recognized: Sequence[RecognizedWord]) -> Match:
    """Compare a text with the words of the first pass, which are in order of time."""
    words = spell_out(recognized, text)
    runs = find_equal_runs(text.words, words)
    anchors = choose_anchors(runs, text.words, words)
    is_enough = min(len(text.words), len(words)) >= ENOUGH_WORDS
    return Match(
        tuple(_fix_tokens(text, runs, words)),
        tuple(_fix_tokens(text, anchors, words)),
        not is_enough or _share_anchored(anchors, text, words) >= MIN_ANCHORED,
    )


def measure_agreement(text: SpokenText, recognized: Sequence[RecognizedWord]) -> float | None:
    """Share of the shorter of text and recognised words that lies in anchors, 0..1.

    The words must come from a recogniser that has not read the text. None where nothing is
    anchored and there are too few words to tell.
    """
    words = spell_out(recognized, text)
    anchors = find_anchors(text.words, words)
    if not anchors and min(len(text.words), len(words)) < TOO_FEW_WORDS:
        return None
    return _share_anchored(anchors, text, words)


def _share_anchored(
    anchors: Sequence[Run], text: SpokenText, words: Sequence[RecognizedWord]
) -> float:
    n_possible = min(len(text.words), len(words))
    return sum(run.n_words for run in anchors) / n_possible if n_possible else 0.0


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
