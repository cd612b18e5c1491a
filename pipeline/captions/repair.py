"""Cues of a file made to keep a profile, as far as that goes without losing a word.

Times and lines are mended where they break a rule, and only there; text never changes. Cues from
words with times are `cues.py`'s.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise, zip_longest

from pipeline.captions.conformance import escape_ampersands, keep_settings
from pipeline.captions.cues import make_cues
from pipeline.captions.lint import find_breaks
from pipeline.captions.markup import VTT_TAG
from pipeline.captions.options import CaptionOptions
from pipeline.captions.profile import OwnProfile, Profile, ProfileName, find_profile
from pipeline.captions.raw import RawCue
from pipeline.captions.srt import format_lines
from pipeline.captions.text import clean_line, measure
from pipeline.captions.timing import Speech, set_times
from pipeline.captions.vtt import escape_cue
from pipeline.records import Cue, TimedText, Turn, Word

_NEAR_MS = 500
"""A longer pause parts cues for a reason."""

_WANT_RULES = frozenset({"reading-speed", "min-duration"})
_LINE_RULES = frozenset({"line-length", "line-count"})
_TIME_RULES = frozenset({"reading-speed", "min-duration", "max-duration", "gap", "open-gap"})


def repair(
    cues: Sequence[RawCue], choice: ProfileName | OwnProfile, language: str
) -> tuple[Cue, ...]:
    """Bring a file's cues into order and under a profile's rules.

    Cues are sorted by their starts; those without text go, which lose no word; lines that are too
    long or too many are broken anew, over more cues where they must, unless tags stand in them;
    then ends move, where a rule asks for it. A start moves only behind the cue before it. What is
    still too short or too fast shares its words with the cues beside it, if that leaves fewer
    breaks.
    Invariants: every word once and in order of the cues' starts; nothing overlaps, every cue lasts.
    """
    profile = find_profile(choice)
    shown = sorted((cue for cue in cues if cue.lines), key=_start)
    whole = [_make_whole(cue) for cue in shown]
    to_break = {found.cue - 1 for found in find_breaks(whole, profile) if found.rule in _LINE_RULES}
    broken: list[Cue] = []
    for index, cue in enumerate(whole):
        fits = index not in to_break or _has_tags(cue) or len(cue.line_speakers) > 0
        broken += [cue] if fits else _break_anew([cue], choice, language)
    mended = _mend_times(broken, choice)
    regrouped: list[Cue] = []
    for group in _find_groups(broken, mended, profile):
        regrouped += group if len(group) == 1 else _break_anew(group, choice, language)
    remended = _mend_times(regrouped, choice)
    is_better = len(find_breaks(remended, profile)) < len(find_breaks(mended, profile))
    return remended if is_better else mended


def _start(cue: RawCue) -> int:
    return cue.start_ms


def _make_whole(raw: RawCue) -> Cue:
    """A cue that lasts, with its markup to be written again."""
    cue = replace(raw, end_ms=max(raw.end_ms, raw.start_ms + 1)).to_cue()
    if raw.markup is None or raw.markup.form == "srt":
        return replace(cue, markup=raw.markup)
    marked = replace(cue, markup=raw.markup)
    text = escape_ampersands(raw.markup.text) if _has_tags(marked) else escape_cue(cue)
    settings = keep_settings(raw.markup.settings)
    return replace(cue, markup=replace(raw.markup, text=text, settings=settings))


def _has_tags(cue: Cue) -> bool:
    """Whether a tag other than the speaker's stands in a cue: words can't move without it."""
    if cue.markup is None:
        return False
    text = cue.markup.text
    if cue.markup.form == "srt":
        return "<" in text or "{" in text
    tags = [tag for tag in VTT_TAG.findall(text) if tag != "</v>"]
    return any(not tag.startswith("<v") for tag in tags) or len(tags) > 1


def _find_groups(
    cues: Sequence[Cue], mended: Sequence[Cue], profile: Profile
) -> Iterator[list[Cue]]:
    """The cues, those in want of time together with such neighbours as may share it."""
    wanting = {found.cue - 1 for found in find_breaks(mended, profile) if found.rule in _WANT_RULES}
    group: list[Cue] = []
    for index, cue in enumerate(cues):
        is_wanted = bool({index - 1, index} & wanting)
        if group and not (is_wanted and _may_share(group[-1], cue)):
            yield group
            group = []
        group.append(cue)
    if group:
        yield group


def _may_share(cue: Cue, after: Cue) -> bool:
    """Whether words may go from one cue to the other: one speaker, one place, no pause, no tags."""
    places = {one.markup.settings if one.markup else "" for one in (cue, after)}
    is_plain = not any(_has_tags(one) or one.line_speakers for one in (cue, after))
    is_near = after.start_ms - cue.end_ms <= _NEAR_MS
    return is_plain and is_near and len(places) == 1 and cue.speaker == after.speaker


def _break_anew(
    cues: Sequence[Cue], choice: ProfileName | OwnProfile, language: str
) -> Iterator[Cue]:
    """The words of cues in as many as they need, each cue's time shared out by their lengths."""
    words: list[Word] = []
    for cue, after in zip_longest(cues, cues[1:]):
        start_ms = max(cue.start_ms, words[-1].start_ms or 0) if words else cue.start_ms
        end_ms = min(cue.end_ms, after.start_ms) if after else cue.end_ms
        words += _time_words(cue, start_ms, max(end_ms, start_ms + 1))
    first = cues[0]
    turn = Turn(first.speaker, None, 0, len(words))
    timed = TimedText(language, "file", words[-1].end_ms or 0, (turn,), tuple(words))
    settings = first.markup.settings if first.markup else ""
    for made in make_cues(timed, CaptionOptions(profile=choice)):
        yield replace(_keep_settings(made, first, settings), marks=())


def _time_words(cue: Cue, start_ms: int, end_ms: int) -> Iterator[Word]:
    """The words of a cue between a start and an end."""
    tokens = " ".join(cue.lines).split()
    ends = list(accumulate((measure(token) + 1 for token in tokens), initial=0))
    times = [start_ms + (end_ms - start_ms) * end // ends[-1] for end in ends]
    for token, (first_ms, last_ms) in zip(tokens, pairwise(times), strict=True):
        yield Word(token, first_ms, max(last_ms, first_ms + 1), "estimated", 1.0, 0)


def _keep_settings(made: Cue, cue: Cue, settings: str) -> Cue:
    """The new cue where the old one stood."""
    if cue.markup is None or not settings:
        return made
    text = format_lines(made) if cue.markup.form == "srt" else escape_cue(made)
    return replace(made, markup=replace(cue.markup, text=text, name=""))


def _mend_times(cues: list[Cue], choice: ProfileName | OwnProfile) -> tuple[Cue, ...]:
    """Ends where the profile wants them, for the cues that break a rule; starts as they are."""
    profile = replace(find_profile(choice), lean_ms=0)
    speeches = [
        Speech(cue.start_ms, cue.end_ms, sum(map(measure, map(clean_line, cue.lines))))
        for cue in cues
    ]
    last_ms = max((cue.end_ms for cue in cues), default=0) + profile.max_ms
    wanted = set_times(speeches, last_ms, profile)
    to_mend = {found.cue - 1 for found in find_breaks(cues, profile) if found.rule in _TIME_RULES}
    mended: list[Cue] = []
    for index, (cue, (start_ms, end_ms)) in enumerate(zip(cues, wanted, strict=True)):
        is_kept = index not in to_mend and start_ms == cue.start_ms
        mended.append(replace(cue, start_ms=start_ms, end_ms=cue.end_ms if is_kept else end_ms))
    return tuple(mended)
