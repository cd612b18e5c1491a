"""Confidence: the probability that a token starts within 100 ms of the time found for it.

A logistic regression (docs/decisions/0047-confidence.md); `status.py` sets statuses by it.
"""

import math
from itertools import pairwise

from pipeline.alignment.token_times import TokenTime, TokenTimes
from pipeline.verbalization.spoken_text import SpokenText

SCORE_WEIGHT = 0.87
ANCHOR_WEIGHT = 3.1
CONFIDENCE_BIAS = 4.8
"""Without models of the recording. Fitted on synthetic talks, half of them noisy and with a tenth
of the words wrong. SCORE_WEIGHT is per unit of `TokenTime.score`."""
FITTED_SCORE_WEIGHT, FITTED_LEAST_SCORE = 0.3, -4.0
FIT_WEIGHT = 1.29
FITTED_ANCHOR_WEIGHT = 0.33
FITTED_BIAS = 5.25
"""With models of the recording: weights of triphone score, goodness of pronunciation (FIT) and
first pass. A score below FITTED_LEAST_SCORE counts as that: some voices fit triphones badly."""
PMI_WEIGHT = 0.55
"""Per nat of collocation (PMI summed over the found neighbours): wrong words have little."""
LETTERS_WEIGHT = 0.79
"""Per nat of the logarithm of the number of letters: long words are rarely found by chance."""
DELETION_WEIGHT, MAX_DELETIONS = -0.84, 5
"""Per adjacent token that was not found (a deletion), counting at most MAX_DELETIONS on each side:
a single token found among unspoken ones was probably found by chance."""
EXTRA_WEIGHT = -3.5
"""Added to the less likely of two tokens with speech between them that is not in the text: it may
have been found inside another word. From talks whose text has wrong or missing words."""
RESCORED_WEIGHT = 0.365
RESCORED_BIAS = 1.77
RESCORED_LEAST = -10.0
"""For a rescored token: weight per nat of the second recogniser's log-likelihood ratio, and bias,
from the same talks. Ratios below RESCORED_LEAST count as that: it spells names otherwise."""
SKIPPED_AGREEMENT = 0.6
"""First-pass agreement of a token in speech that the first pass skipped: between 1 (recognised) and
0 (something else recognised). From the same talks, leaving out whether it agreed."""

UNSPOKEN_BELOW = 0.2
FITTED_UNSPOKEN_BELOW = 0.5
"""Below this confidence a token is `unspoken`: it was forced onto other speech."""
RIGHT_UNSPOKEN_BELOW = 0.1
"""The same in a text that is right nearly everywhere: wrong words are a tenth as frequent there as
in the talks that the weights were fitted on, and so are the odds of a wrong word."""
FIRST_PASS_CONFIDENCE = 0.6
ESTIMATED_CONFIDENCE = 0.2


def rate_tokens(text: SpokenText, found: TokenTimes) -> list[float]:
    """The confidence of each token, 0..1; 0 for tokens without a time."""
    pmi, n_deletions = _sum_collocations(text, found), _count_deletions(text, found)
    logits = [
        _weigh(time, _find_agreement(found, token), own_pmi, text.count_letters(token), n_deleted)
        if time
        else -math.inf
        for token, (time, own_pmi, n_deleted) in enumerate(
            zip(found.times, pmi, n_deletions, strict=True)
        )
    ]
    rated = list(logits)
    for time in found.times:
        if time and time.fit is not None and _is_doubtful(time, logits):
            rated[time.token] += EXTRA_WEIGHT
    return [1 / (1 + math.exp(-logit)) if math.isfinite(logit) else 0.0 for logit in rated]


def find_least(time: TokenTime, is_right: bool) -> float:
    """The confidence below which a token counts as unspoken.

    Args:
        is_right: whether nearly all of the text was found (RIGHT_SHARE).
    """
    if time.fit is None:
        return UNSPOKEN_BELOW
    return RIGHT_UNSPOKEN_BELOW if is_right else FITTED_UNSPOKEN_BELOW


def may_turn(confidence: float, least: float) -> bool:
    """Whether rescoring could move a confidence across the limit `least`, up or down.

    Args:
        confidence: of a token before rescoring.
    """
    margin = _logit(confidence) - _logit(least)
    return 0 <= margin + RESCORED_BIAS < -RESCORED_WEIGHT * RESCORED_LEAST


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability)) if 0 < probability < 1 else -math.inf


def _weigh(
    time: TokenTime, agreement: float, pmi: float, n_letters: int, n_deletions: int
) -> float:
    """The log-odds that the token starts within 100 ms of its time, extra speech left aside.

    Args:
        agreement: of the first pass, 0..1.
        pmi: with the neighbours that were found, in nats.
        n_deletions: on both sides, up to the nearest tokens found.
    """
    if time.score is None:
        return math.log(FIRST_PASS_CONFIDENCE / (1 - FIRST_PASS_CONFIDENCE))
    if time.fit is None:
        return SCORE_WEIGHT * time.score + ANCHOR_WEIGHT * agreement + CONFIDENCE_BIAS
    logit = FITTED_SCORE_WEIGHT * max(FITTED_LEAST_SCORE, time.score) + FIT_WEIGHT * time.fit
    logit += FITTED_ANCHOR_WEIGHT * agreement + PMI_WEIGHT * pmi
    logit += LETTERS_WEIGHT * math.log(n_letters)
    logit += DELETION_WEIGHT * n_deletions + FITTED_BIAS
    if time.rescored is not None:
        rescored = min(0.0, max(RESCORED_LEAST, time.rescored))
        logit += RESCORED_WEIGHT * rescored + RESCORED_BIAS
    return logit


def _count_deletions(text: SpokenText, found: TokenTimes) -> list[int]:
    """For each token the deletions next to it on both sides; silent tokens do not count."""
    counts = [0] * text.n_tokens
    for order in (range(text.n_tokens), range(text.n_tokens - 1, -1, -1)):
        n_deletions = 0
        for token in order:
            counts[token] += min(n_deletions, MAX_DELETIONS)
            if found.times[token]:
                n_deletions = 0
            elif text.forms[token][0]:
                n_deletions += 1
    return counts


def _sum_collocations(text: SpokenText, found: TokenTimes) -> list[float]:
    """For each token the sum of its PMI with those neighbours that were found."""
    sums = [0.0] * len(found.times)
    for token, (left, right) in enumerate(pairwise(found.times)):
        if left and right:
            sums[token] += text.collocations[token + 1]
            sums[token + 1] += text.collocations[token + 1]
    return sums


def _is_doubtful(time: TokenTime, logits: list[float]) -> bool:
    """Whether speech that the text lacks lies between a token and a likelier neighbour."""
    own = logits[time.token]
    is_before = time.extra_before and own < logits[time.token - 1]
    return is_before or (time.extra_after and own < logits[time.token + 1])


def _find_agreement(found: TokenTimes, token: int) -> float:
    if token in found.anchored:
        return 1.0
    return SKIPPED_AGREEMENT if token in found.skipped else 0.0
