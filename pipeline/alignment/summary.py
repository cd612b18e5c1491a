"""How well text and recording match: counts, doubtful words, and whether a person should review.

Status and confidence of each word are set in `status.py` and `confidence.py`.
"""

import math
from collections import Counter
from collections.abc import Sequence

from pipeline.alignment.calibration import LEVEL, UNCALIBRATED, WITHIN_MS, Calibration
from pipeline.alignment.parsed_text import Script
from pipeline.records import AlignmentSummary, Doubt, Guarantee, Stretch, TimedText

MISMATCH = "the text does not belong to this recording"
SURE_SHARE = 0.9
"""A text belongs to the recording if this share of its speakable tokens was found. Of other texts
up to .71 is found by chance; of right ones in noise, or far too long, as little as .03."""
MIN_AGREEMENT = 0.1
"""It also does if it agrees this much with words recognised without it. Others agree by 0, with
20,000 words by up to .06, with 21 recognised words by .14; right ones at 0 dB noise by .12."""
LIKELY_SHARE = 0.5
"""The share found that decides where too few words were recognised without the text. The three
figures: benchmarks/mismatch.py."""
MAX_UNSPOKEN = 0.1
MIN_COVERED = 0.9
"""More unspoken words than the first share, or less covered speech than the second, need review."""
DOUBTFUL_BELOW, MAX_DOUBTFUL = 0.5, 100
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 1.0)


def is_surely_found(timed: TimedText) -> bool:
    """Whether enough of the text was found to be sure that it belongs to the recording."""
    return _share_found(timed) >= SURE_SHARE


def summarise(
    timed: TimedText,
    script: Script,
    speech: Sequence[Stretch],
    agreement: float | None = None,
    calibration: Calibration = UNCALIBRATED,
) -> AlignmentSummary:
    """Counts, doubtful words (worst first), and whether a person should review the item.

    Args:
        agreement: of the text with words recognised without it, 0..1; None where it is unknown.
    """
    n_by_status = Counter(word.status for word in timed.words)
    n_sayable = _count_sayable(timed)
    matches = is_surely_found(timed) or (
        _share_found(timed) >= LIKELY_SHARE if agreement is None else agreement >= MIN_AGREEMENT
    )
    covered = _share_covered(timed, speech)
    reasons = []
    if not matches:
        reasons.append(MISMATCH)
    elif n_by_status["unspoken"] > MAX_UNSPOKEN * n_sayable:
        reasons.append(f"{n_by_status['unspoken']} words of the text were not heard")
    if covered < MIN_COVERED:
        reasons.append(f"{1 - covered:.0%} of the speech is not in the text")
    if script.n_label_contradictions:
        reasons.append(f"{script.n_label_contradictions} labels contradict the taking of turns")
    guarantee = _guarantee(timed, calibration)
    ranked = sorted(word.confidence for word in timed.words) or [0.0]
    return AlignmentSummary(
        n_words=len(timed.words),
        n_aligned=n_by_status["aligned"],
        n_estimated=n_by_status["estimated"],
        n_unspoken=n_by_status["unspoken"],
        matches=matches,
        speech_covered=round(covered, 3),
        confidence_quantiles=tuple(ranked[round(q * (len(ranked) - 1))] for q in QUANTILES),
        n_label_contradictions=script.n_label_contradictions,
        doubts=_find_doubtful(timed, guarantee.n_to_check if guarantee else 0),
        review=bool(reasons),
        reasons=tuple(reasons),
        n_time_codes=script.n_time_codes,
        n_headings=script.n_headings,
        guarantee=guarantee,
    )


def _count_sayable(timed: TimedText) -> int:
    return sum(
        word.status != "estimated" or (any(map(str.isalnum, word.text)) and not word.is_unsaid)
        for word in timed.words
    )


def _share_found(timed: TimedText) -> float:
    """Share of the speakable tokens that are `aligned`."""
    n_aligned = sum(word.status == "aligned" for word in timed.words)
    return n_aligned / max(1, _count_sayable(timed))


def _guarantee(timed: TimedText, calibration: Calibration) -> Guarantee | None:
    """How many words start near their times at least."""
    confidences = [word.confidence for word in timed.words if word.status == "aligned"]
    share = calibration.guarantee(confidences)
    if share is None:
        return None
    share = math.floor(1000 * share) / 1000
    n_to_check = math.ceil((1 - share) * len(confidences))
    return Guarantee(share, n_to_check, WITHIN_MS, LEVEL)


def _find_doubtful(timed: TimedText, n_to_check: int) -> tuple[Doubt, ...]:
    """The words to review, least confident first, MAX_DOUBTFUL at most.

    Those below DOUBTFUL_BELOW, and so many of the least confident words with a time.
    """
    doubts = [
        Doubt(index, word.text, word.start_ms, word.status, word.confidence)
        for index, word in enumerate(timed.words)
    ]
    doubts.sort(key=lambda doubt: doubt.confidence)
    n_low = sum(doubt.confidence < DOUBTFUL_BELOW for doubt in doubts)
    n_unaligned = sum(doubt.status != "aligned" for doubt in doubts)
    return tuple(doubts[: min(MAX_DOUBTFUL, max(n_low, n_unaligned + n_to_check))])


def _share_covered(timed: TimedText, speech: Sequence[Stretch]) -> float:
    """The share of the speech that words cover, 0..1."""
    total_ms = sum(stretch.end_ms - stretch.start_ms for stretch in speech)
    missed_ms = sum(stretch.end_ms - stretch.start_ms for stretch in timed.unheard)
    return 1 - missed_ms / total_ms if total_ms else 1.0
