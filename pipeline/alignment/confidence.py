"""Confidence: the probability that a token starts within 100 ms of the time found for it.

The evidence for each token is collected here, and weighed by `calibration.py`; `status.py` sets
statuses by it (docs/decisions/0047-confidence.md, 0067-evidence-is-weighed-by-data.md).
"""

import math
from itertools import pairwise

from pipeline.alignment.calibration import Evidence, Feature, measure_trust
from pipeline.alignment.token_times import TokenTimes
from pipeline.verbalization.spoken_text import SpokenText

MAX_DELETIONS = 5
"""Most tokens counted on each side that were not found: what stands alone was found by chance."""
SKIPPED_AGREEMENT = 0.6
"""First-pass agreement of a token in speech that the first pass skipped: between 1 (recognised) and
0 (something else recognised). From synthetic talks, leaving out whether it agreed."""
FIRST_PASS_CONFIDENCE = 0.6
ESTIMATED_CONFIDENCE = 0.2


def rate_tokens(text: SpokenText, found: TokenTimes) -> list[float]:
    """The confidence of each token, 0..1; 0 for tokens without a time."""
    calibration = found.calibration
    ratios = {
        time.token: time.rescored for time in found.times if time and time.rescored is not None
    }
    trust = measure_trust(list(ratios.values()))
    rated = [0.0] * text.n_tokens
    for token, evidence in collect_evidence(text, found).items():
        log_odds = calibration.weigh(evidence)
        if calibration.rescoring and token in ratios:
            log_odds = calibration.rescoring.rescore(log_odds, ratios[token], trust)
        rated[token] = 1 / (1 + math.exp(-log_odds))
    return [
        FIRST_PASS_CONFIDENCE if time and time.score is None else confidence
        for time, confidence in zip(found.times, rated, strict=True)
    ]


def collect_evidence(text: SpokenText, found: TokenTimes) -> dict[int, Evidence]:
    """The features known of each token that a decoder found."""
    pmi, n_deletions = _sum_collocations(text, found), _count_deletions(text, found)
    evidence: dict[int, dict[Feature, float]] = {}
    for time in found.times:
        if time is None or time.score is None:
            continue
        token = time.token
        own: dict[Feature, float] = {
            "likelihood": time.score,
            "collocation": pmi[token],
            "deletions": n_deletions[token],
            "extra_speech": 0.0,
        }
        if time.fit is not None:
            own["goodness"] = time.fit
        if token in found.anchored:
            own["agreement"] = 1.0
        else:
            own["agreement"] = SKIPPED_AGREEMENT if token in found.skipped else 0.0
        evidence[token] = own
    log_odds = {token: found.calibration.weigh(own) for token, own in evidence.items()}
    for token in _find_beside_extra_speech(found, log_odds):
        evidence[token]["extra_speech"] = 1.0
    return dict(evidence)


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


def _find_beside_extra_speech(found: TokenTimes, log_odds: dict[int, float]) -> list[int]:
    """The less likely of two tokens with speech between them that is not in the text.

    It may have been found inside another word.
    """
    beside = []
    for token, own in log_odds.items():
        time = found.times[token]
        before, after = (log_odds.get(token + step, -math.inf) for step in (-1, 1))
        if time and ((time.extra_before and own < before) or (time.extra_after and own < after)):
            beside.append(token)
    return beside
