"""Which cues break a profile's rules, and by how much.

Looks at cues alone, wherever they come from; repairs nothing. How a file is read is not its matter.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from pipeline.captions.profile import Profile
from pipeline.captions.raw import RawCue
from pipeline.captions.text import measure
from pipeline.records import Cue, record


@record
class Break:
    """One rule broken by one cue (numbered from 1).

    `measured` and `limit` are in the rule's unit: characters, lines, characters a second or ms.
    """

    rule: str
    cue: int
    start_ms: int
    measured: float
    limit: float


@record
class LintReport:
    """lint.json: what was checked and every break found, in the order of the cues."""

    profile: str
    n_cues: int
    breaks: tuple[Break, ...]
    version: int = 1


def lint(cues: Sequence[Cue], profile: Profile) -> LintReport:
    """Check cues and report."""
    return LintReport(profile.name, len(cues), find_breaks(cues, profile))


def lint_file(cues: Sequence[RawCue], profile: Profile) -> LintReport:
    """Check the cues of a file made anywhere: some may not be fit to be shown at all."""
    whole = {number: cue.to_cue() for number, cue in enumerate(cues, start=1) if cue.is_whole}
    numbers = list(whole)
    found = [
        Break(each.rule, numbers[each.cue - 1], each.start_ms, each.measured, each.limit)
        for each in find_breaks(list(whole.values()), profile)
    ]
    for number, cue in enumerate(cues, start=1):
        if not cue.lines:
            found.append(Break(NO_TEXT, number, cue.start_ms, 0, 1))
        if cue.end_ms <= cue.start_ms:
            found.append(Break(NO_DURATION, number, cue.start_ms, cue.end_ms - cue.start_ms, 1))
    found.sort(key=lambda each: each.cue)
    return LintReport(profile.name, len(cues), tuple(found))


def find_breaks(cues: Sequence[Cue], profile: Profile) -> tuple[Break, ...]:
    """List every break of the profile's rules."""
    return tuple(
        Break(rule, number, cue.start_ms, measured, limit)
        for number, (cue, following) in enumerate(zip_longest(cues, cues[1:]), start=1)
        for rule, check in RULES.items()
        for measured, limit in check(cue, following, profile)
    )


Finding = tuple[float, float]
Rule = Callable[[Cue, Cue | None, Profile], Iterator[Finding]]
"""A cue and the one after it to what was measured and the limit it breaks."""


def _line_length(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    longest = max(map(measure, cue.lines))
    if longest > profile.chars_per_line:
        yield longest, profile.chars_per_line


def _line_count(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    if len(cue.lines) > profile.max_lines:
        yield len(cue.lines), profile.max_lines


def _reading_speed(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    speed = sum(map(measure, cue.lines)) * 1000 / (cue.end_ms - cue.start_ms)
    if speed > profile.chars_per_second:
        yield round(speed, 2), profile.chars_per_second


def _shortest(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    if cue.end_ms - cue.start_ms < profile.min_ms:
        yield cue.end_ms - cue.start_ms, profile.min_ms


def _longest(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    if cue.end_ms - cue.start_ms > profile.max_ms:
        yield cue.end_ms - cue.start_ms, profile.max_ms


def _gap(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    """Too little time before the next cue; negative where the two overlap."""
    if following is not None and following.start_ms - cue.end_ms < profile.gap_ms:
        yield following.start_ms - cue.end_ms, profile.gap_ms


_FRAME_MS = 42
"""One frame at 24 frames a second, rounded up: a gap within one of either limit is as good."""


def _open_gap(cue: Cue, following: Cue | None, profile: Profile) -> Iterator[Finding]:
    """A gap neither closed nor long enough to be seen as a pause: it flickers."""
    if following is None:
        return
    gap_ms = following.start_ms - cue.end_ms
    if profile.gap_ms + _FRAME_MS <= gap_ms <= profile.open_gap_ms - _FRAME_MS:
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

NO_TEXT, NO_DURATION = "no-text", "no-duration"
"""Rules of every profile, which only a file made elsewhere can break."""

UNITS = {
    "line-length": "characters",
    "line-count": "lines",
    "reading-speed": "characters/s",
    "min-duration": "ms",
    "max-duration": "ms",
    "gap": "ms",
    "open-gap": "ms",
    "order": "ms",
    NO_TEXT: "characters",
    NO_DURATION: "ms",
}
"""What a rule's figures are in."""
