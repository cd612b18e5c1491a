"""A caption file checked against its grammar, a profile and the times of its words; and repaired.

The rules are in `conformance.py`, `lint.py` and `synced.py`, the repairs in `repair.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.captions.caption_document import rewrite_vtt
from pipeline.captions.conformance import AROUND_CUES, find_departures, find_timing_lines
from pipeline.captions.formats import READERS
from pipeline.captions.lint import UNITS as LINT_UNITS
from pipeline.captions.lint import Break, LintReport, explain, lint_file
from pipeline.captions.parsed_cue import RawCue
from pipeline.captions.profile import OwnProfile, Profile, ProfileName, find_profile
from pipeline.captions.repair import repair
from pipeline.captions.srt import format_srt
from pipeline.captions.synced import UNITS as SYNC_UNITS
from pipeline.captions.synced import find_first_words, find_lags
from pipeline.records import TimedText

_LANGUAGE = re.compile(r"WEBVTT.*?\bLanguage: *([A-Za-z-]+)", re.DOTALL)

_SCRIPTS = {
    "ja": re.compile("[\u3041-\u30ff]"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "ko": re.compile("[\u1100-\u11ff\uac00-\ud7a3]"),
    "th": re.compile("[\u0e01-\u0e5b]"),
}
"""Scripts of the languages for which profiles have figures of their own."""

_LARGE = 1e5
"""Figures from here on are shown in full, not with six digits."""
_MOST = 0.3
"""Share of letters that decides: half of Japanese is Han, and names may be Latin."""


def check_file(
    text: str, form: str, choice: ProfileName | OwnProfile, timed: TimedText | None
) -> LintReport:
    """List every break in a file, by cue, with its line.

    Args:
        form: a key of READERS.
        choice: the profile; its figures for the file's language are used.
        timed: the words with their times, if they are known.
    Raises:
        MediaError: the file can't be read as `form`.
    """
    cues = READERS[form](text)
    profile = find_profile(choice, timed.language if timed else find_language(text, cues))
    report = lint_file(cues, profile)
    breaks = [*report.breaks, *find_departures(text, form)]
    if timed is not None:
        breaks = _compare(breaks, cues, timed, profile)
    lines = find_timing_lines(text)
    if len(lines) == len(cues):
        breaks = [
            replace(found, line=lines[found.cue - 1]) if found.cue and not found.line else found
            for found in breaks
        ]
    breaks.sort(key=lambda found: (found.cue, found.line or 0))
    return replace(report, breaks=tuple(breaks))


def _compare(
    breaks: Sequence[Break], cues: Sequence[RawCue], timed: TimedText, profile: Profile
) -> list[Break]:
    """The breaks with notes from the words' times, and the breaks that only those show."""
    order = sorted(range(len(cues)), key=lambda index: cues[index].start_ms)
    in_order = [cues[index] for index in order]
    first_words_ms: list[int | None] = [None] * len(cues)
    for index, first_ms in zip(order, find_first_words(in_order, timed), strict=True):
        first_words_ms[index] = first_ms
    lags = [
        replace(found, cue=order[found.cue - 1] + 1 if order else 0)
        for found in find_lags(in_order, timed, profile)
    ]
    return [*explain(breaks, cues, first_words_ms, profile), *lags]


def mend_file(text: str, form: str, choice: ProfileName | OwnProfile) -> str:
    """Repair what can be repaired in a file; every word and all else in it stays.

    Raises:
        MediaError: the file can't be read as `form`.
    """
    raw = READERS[form](text)
    mended = repair(raw, choice, find_language(text, raw))
    if form == "srt":
        return format_srt([one.cue for one in mended])
    departures = find_departures(text, form)
    faulty = (found.cue - 1 for found in departures if found.rule not in AROUND_CUES)
    return rewrite_vtt(text, mended, frozenset(faulty))


def find_language(text: str, cues: Sequence[RawCue]) -> str:
    """The language that a file names, or else that of its letters, or else English."""
    if match := _LANGUAGE.match(text.partition("-->")[0]):
        return match[1]
    spoken = "".join(line for cue in cues for line in cue.lines)
    n_letters = sum(map(str.isalpha, spoken))
    for language, script in _SCRIPTS.items():
        if len(script.findall(spoken)) > _MOST * n_letters:
            return language
    return "en"


def describe(found: Break) -> str:
    """A break's figures, unit and note as text."""
    unit = {**LINT_UNITS, **SYNC_UNITS}.get(found.rule)
    if unit is None:
        return found.note
    figures = f"{_format_figure(found.measured)} {unit}, limit {_format_figure(found.limit)}"
    return f"{figures} ({found.note})" if found.note else figures


def _format_figure(figure: float) -> str:
    return f"{figure:g}" if abs(figure) < _LARGE else f"{figure:.0f}"
