"""A caption file checked against its grammar, a profile and the times of its words.

The rules are in `conformance.py`, `lint.py` and `synced.py`.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.captions.document import CaptionDocument
from pipeline.captions.lint import LintReport, explain, lint_document
from pipeline.captions.problems import Problem
from pipeline.captions.profile import OwnProfile, Profile, ProfileName, find_profile
from pipeline.captions.synced import find_first_words, find_lags
from pipeline.records import TimedText


def check_document(
    document: CaptionDocument, choice: ProfileName | OwnProfile, timed: TimedText | None = None
) -> LintReport:
    """List every break in a file, by cue, with its line.

    Args:
        choice: the profile; its figures for the file's language are used.
        timed: the words with their times, if they are known.
    """
    profile = find_profile(choice, timed.language if timed else document.language)
    report = lint_document(document, profile)
    if timed is None:
        return report
    breaks = _compare(report.breaks, document, timed, profile)
    breaks.sort(key=lambda found: (found.cue, found.line or 0))
    return replace(report, breaks=tuple(breaks))


def _compare(
    breaks: Sequence[Problem], document: CaptionDocument, timed: TimedText, profile: Profile
) -> list[Problem]:
    """The breaks with notes from the words' times, and the breaks that only those show."""
    cues, lines = document.cues, document.timing_lines
    order = sorted(range(len(cues)), key=lambda index: cues[index].start_ms)
    in_order = [cues[index] for index in order]
    first_words_ms: list[int | None] = [None] * len(cues)
    for index, first_ms in zip(order, find_first_words(in_order, timed), strict=True):
        first_words_ms[index] = first_ms
    lags = [
        replace(found, cue=order[found.cue - 1] + 1, line=lines[order[found.cue - 1]])
        if order
        else replace(found, cue=0)
        for found in find_lags(in_order, timed, profile)
    ]
    return [*explain(breaks, cues, first_words_ms, profile), *lags]
