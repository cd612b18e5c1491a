"""Which cues break a profile's rules, and by how much.

Cues may come from anywhere. Repairs are in `repair.py`, a file's grammar in `conformance.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from pipeline.captions.document import CaptionDocument
from pipeline.captions.parsed_cue import RawCue
from pipeline.captions.problems import Problem
from pipeline.captions.profile import FRAME_MS, Profile
from pipeline.captions.text import measure
from pipeline.records import Cue, record


@record
class LintReport:
    """lint.json: the profile, the number of cues, and every break found, in order of the cues."""

    profile: str
    n_cues: int
    breaks: tuple[Problem, ...]
    version: int = 1


def lint(cues: Sequence[Cue], profile: Profile) -> LintReport:
    """Check cues; where their words have times, breaks that the speech itself causes say so."""
    marked = [cue.marks[0].start_ms if cue.marks else None for cue in cues]
    breaks = explain(find_breaks(cues, profile), cues, marked, profile)
    return LintReport(profile.name, len(cues), breaks)


def explain(
    breaks: Sequence[Problem],
    cues: Sequence[Cue | RawCue],
    first_words_ms: Sequence[int | None],
    profile: Profile,
) -> tuple[Problem, ...]:
    """Add a note to breaks that the speech causes: too little time between two cues' first words.

    Args:
        first_words_ms: start of each cue's first word; None where it is unknown.
    """
    explained = []
    for found in breaks:
        here_ms, next_ms = (*first_words_ms, None)[found.cue - 1 : found.cue + 1]
        if found.rule in ("reading-speed", "min-duration") and here_ms is not None:
            n_columns = sum(map(measure, cues[found.cue - 1].lines))
            if note := _explain_speed(n_columns, here_ms, next_ms, profile):
                found = replace(found, note=note)
        explained.append(found)
    return tuple(explained)


def _explain_speed(n_columns: int, here_ms: int, next_ms: int | None, profile: Profile) -> str:
    if next_ms is None or next_ms - here_ms - profile.gap_ms <= 0:
        return "" if next_ms is None else "the next is said at the same time"
    room_ms = next_ms - here_ms - profile.gap_ms
    if room_ms < profile.min_ms:
        return f"the next is said {next_ms - here_ms} ms later"
    speed = n_columns / profile.char_columns * 1000 / room_ms
    return f"said at {speed:.1f} characters/s" if speed > profile.chars_per_second else ""


def lint_document(document: CaptionDocument, profile: Profile) -> LintReport:
    """Check a file of any origin: its own problems, and the profile's rules on its whole cues."""
    cues, lines = document.cues, document.timing_lines
    whole = {number: cue.to_cue() for number, cue in enumerate(cues, start=1) if cue.is_whole}
    numbers = list(whole)
    found = [
        replace(each, cue=number, line=lines[number - 1])
        for each in find_breaks(list(whole.values()), profile)
        for number in [numbers[each.cue - 1]]
    ]
    found += document.problems
    found.sort(key=lambda each: (each.cue, each.line or 0))
    return LintReport(profile.name, len(cues), tuple(found))


def find_breaks(cues: Sequence[Cue], profile: Profile) -> tuple[Problem, ...]:
    """List every break of the profile's rules."""
    return tuple(
        Problem(rule, number, cue.start_ms, measured, limit)
        for number, (cue, following) in enumerate(zip_longest(cues, cues[1:]), start=1)
        for rule, check in RULES.items()
        for measured, limit in check(cue, following, profile)
    )


Finding = tuple[float, float]
Rule = Callable[[Cue, Cue | None, Profile], Iterator[Finding]]
"""From a cue and the one after it to (measured, limit) of each break."""


def _line_length(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    longest = max(map(measure, cue.lines))
    if longest > profile.columns_per_line:
        yield longest / profile.char_columns, profile.chars_per_line


def _line_count(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    if len(cue.lines) > profile.max_lines:
        yield len(cue.lines), profile.max_lines


def _reading_speed(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    n_chars = sum(map(measure, cue.lines)) / profile.char_columns
    speed = n_chars * 1000 / (cue.end_ms - cue.start_ms)
    if speed > profile.chars_per_second:
        yield round(speed, 2), profile.chars_per_second


def _shortest(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    if cue.end_ms - cue.start_ms < profile.min_ms:
        yield cue.end_ms - cue.start_ms, profile.min_ms


def _longest(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    if cue.end_ms - cue.start_ms > profile.max_ms:
        yield cue.end_ms - cue.start_ms, profile.max_ms


def _gap(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    """The gap before the next cue is too short; negative where the two overlap."""
    if following is not None and following.start_ms - cue.end_ms < profile.gap_ms:
        yield following.start_ms - cue.end_ms, profile.gap_ms


def _open_gap(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    """A gap neither closed nor long enough to be seen as a pause: it flickers.

    A frame is allowed on both limits: files round times to frames.
    """
    if following is None:
        return
    gap_ms = following.start_ms - cue.end_ms
    if profile.gap_ms + FRAME_MS <= gap_ms <= profile.open_gap_ms - FRAME_MS:
        yield gap_ms, profile.open_gap_ms


def _order(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    """The next cue starts before this one: WebVTT demands that starts never decrease."""
    if following is not None and following.start_ms < cue.start_ms:
        yield following.start_ms, cue.start_ms


RULES: dict[str, Rule] = {
    "line-length": _line_length,
    "line-count": _line_count,
    "reading-speed": _reading_speed,
    "min-duration": _shortest,
    "max-duration": _longest,
    "gap": _gap,
    "open-gap": _open_gap,
    "order": _order,
}
