"""How likely it is that a token was found where it is said.

What follows for its status is `verdict.py`'s matter.
"""

import math
from itertools import pairwise

from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.records import record
from pipeline.verbalization.spoken_text import SpokenText

SCORE_WEIGHT = 0.87
ANCHOR_WEIGHT = 3.1
CONFIDENCE_BIAS = 4.8
"""Logistic regression on synthetic talks, half of them noisy and with a tenth of the words wrong:
is the start within 100 ms?"""
FITTED_SCORE_WEIGHT, FITTED_LEAST_SCORE = 0.3, -4.0
FIT_WEIGHT = 1.29
FITTED_ANCHOR_WEIGHT = 0.33
FITTED_BIAS = 5.25
"""The same where the recording's own models say how well a token fits: they decide more, and
triphones that a voice fits badly say no more than this."""
LIFT_WEIGHT = 0.55
"""Of how well a token goes with those beside it that were found: a wrong word goes with none."""
LETTERS_WEIGHT = 0.79
"""Of the logarithm of its letters: a long word is hardly found in the sound of another."""
LOST_WEIGHT, MOST_LOST = -0.84, 5
"""Of each token beside it that was not found, up to so many on each side: what stands alone among
words that nobody said was found by chance."""
EXTRA_WEIGHT = -3.5
"""What speech that is not in the text says of the less likely of the two tokens it lies between:
it may have been found inside another word. From talks whose text has words wrong, or left out."""
RESCORED_WEIGHT = 0.365
RESCORED_BIAS = 1.77
RESCORED_LEAST = -10.0
"""What a second recogniser's likelihood ratio says of a word in doubt, from the same talks; no less
than this counts, as it spells names in its own way."""
SKIPPED_SUPPORT = 0.6
"""What it says for a token that the first pass did not listen there: less than that it heard it,
more than that it heard another. From the same talks, without asking whether it agreed."""

UNHEARD_BELOW = 0.2
FITTED_UNHEARD_BELOW = 0.5
"""A token this unlikely was forced onto something else that was said there."""
RIGHT_UNHEARD_BELOW = 0.1
"""The same in a text that is right nearly everywhere: there words are wrong a tenth as often as in
the talks that the weights are from, so odds against them mean a tenth."""
FIRST_PASS_CONFIDENCE = 0.6
ESTIMATED_CONFIDENCE = 0.2


@record
class _Circumstances:
    """What speaks for a token besides its sound.

    `support`: of the first pass: 1 if it heard the token there, 0 if it did not. `lift`: of the
    token beside those found next to it. `n_lost`: tokens between it and those found on both sides.
    """

    support: float
    lift: float
    n_letters: int
    n_lost: int


def rate_tokens(text: SpokenText, found: TokenTimes) -> list[float]:
    """How likely each token starts within 100 ms of its time, 0..1; 0 for those without one."""
    around = _find_circumstances(text, found)
    logits = [
        -math.inf if time is None else _weigh(time, own)
        for time, own in zip(found.times, around, strict=True)
    ]
    rated = list(logits)
    for time in found.times:
        if time and time.fit is not None and _is_doubtful(time, logits):
            rated[time.token] += EXTRA_WEIGHT
    return [1 / (1 + math.exp(-logit)) if math.isfinite(logit) else 0.0 for logit in rated]


def find_least(time: TokenTime, is_right: bool) -> float:
    """The confidence below which a token counts as unspoken.

    Args:
        is_right: nearly all of the text was found.
    """
    if time.fit is None:
        return UNHEARD_BELOW
    return RIGHT_UNHEARD_BELOW if is_right else FITTED_UNHEARD_BELOW


def may_turn(confidence: float, least: float) -> bool:
    """Whether a second recogniser's answer could carry a confidence over the least one, or below.

    Args:
        confidence: of a token that it was not asked about.
    """
    margin = _logit(confidence) - _logit(least)
    return 0 <= margin + RESCORED_BIAS < -RESCORED_WEIGHT * RESCORED_LEAST


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability)) if 0 < probability < 1 else -math.inf


def _weigh(time: TokenTime, around: _Circumstances) -> float:
    """The log-odds that the token starts within 100 ms of its time, by itself."""
    if time.score is None:
        return math.log(FIRST_PASS_CONFIDENCE / (1 - FIRST_PASS_CONFIDENCE))
    if time.fit is None:
        return SCORE_WEIGHT * time.score + ANCHOR_WEIGHT * around.support + CONFIDENCE_BIAS
    logit = FITTED_SCORE_WEIGHT * max(FITTED_LEAST_SCORE, time.score) + FIT_WEIGHT * time.fit
    logit += FITTED_ANCHOR_WEIGHT * around.support + LIFT_WEIGHT * around.lift
    logit += LETTERS_WEIGHT * math.log(around.n_letters) + LOST_WEIGHT * around.n_lost + FITTED_BIAS
    if time.rescored is not None:
        rescored = min(0.0, max(RESCORED_LEAST, time.rescored))
        logit += RESCORED_WEIGHT * rescored + RESCORED_BIAS
    return logit


def _find_circumstances(text: SpokenText, found: TokenTimes) -> list[_Circumstances]:
    collocations, n_lost = _sum_collocations(text, found), _count_deletions(text, found)
    return [
        _Circumstances(
            _find_agreement(found, token),
            collocations[token],
            text.count_letters(token),
            n_lost[token],
        )
        for token in range(text.n_tokens)
    ]


def _count_deletions(text: SpokenText, found: TokenTimes) -> list[int]:
    """Tokens with something to say beside each that were not found, on both sides."""
    counts = [0] * text.n_tokens
    for order in (range(text.n_tokens), range(text.n_tokens - 1, -1, -1)):
        n_lost = 0
        for token in order:
            counts[token] += min(n_lost, MOST_LOST)
            if found.times[token]:
                n_lost = 0
            elif text.forms[token][0]:
                n_lost += 1
    return counts


def _sum_collocations(text: SpokenText, found: TokenTimes) -> list[float]:
    """How well each token goes with those beside it, of which one that was not found has no say."""
    sums = [0.0] * len(found.times)
    for token, (left, right) in enumerate(pairwise(found.times)):
        if left and right:
            sums[token] += text.collocations[token + 1]
            sums[token + 1] += text.collocations[token + 1]
    return sums


def _is_doubtful(time: TokenTime, logits: list[float]) -> bool:
    """Whether extra speech lies between it and a likelier neighbour."""
    own = logits[time.token]
    is_before = time.extra_before and own < logits[time.token - 1]
    return is_before or (time.extra_after and own < logits[time.token + 1])


def _find_agreement(found: TokenTimes, token: int) -> float:
    if token in found.anchored:
        return 1.0
    return SKIPPED_SUPPORT if token in found.skipped else 0.0
